package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.progress.PlainLines;
import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class OpenImagesTest {
  private static final String TWO =
      """
      slots:
        - {name: one, image: "oci:one", size: 1GiB}
        - {name: two, image: "oci:two", size: 1GiB}
      """;

  @TempDir private Path directory;
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  /** Nothing is in it; whether it is open is noted. */
  private record Noted(String reference, Set<String> open) implements Image {
    @Override
    public Digest digest() {
      return Digest.of(new byte[0]);
    }

    @Override
    public ImageConfig config() {
      return ImageConfig.NONE;
    }

    @Override
    public List<Layer> layers() {
      return List.of();
    }

    @Override
    public void close() {
      open.remove(reference);
    }
  }

  private Image opened(ImageReference reference) {
    String name = reference.toString();
    open.add(name.substring(name.lastIndexOf('/') + 1));
    return new Noted(name.substring(name.lastIndexOf('/') + 1), open);
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void imagesAreOpenedSideBySideAndClosedTogether() throws IOException {
    CyclicBarrier both = new CyclicBarrier(2);
    opening(
        TWO,
        reference -> {
          try {
            both.await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return opened(reference);
        },
        () -> assertThat(open).containsExactlyInAnyOrder("one", "two"));

    assertThat(open).isEmpty();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void whenOneCannotBeOpenedNoneStaysOpen() {
    CountDownLatch firstIsOpen = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                opening(
                    TWO,
                    reference -> {
                      if (reference.toString().endsWith("two")) {
                        await(firstIsOpen);
                        throw new OperatorError("There is no two.");
                      }
                      Image image = opened(reference);
                      firstIsOpen.countDown();
                      return image;
                    },
                    () -> {}))
        .isInstanceOf(OperatorError.class)
        .hasMessage("There is no two.");
    assertThat(open).isEmpty();
  }

  @Test
  void whatIsBuiltIsBuiltOneAfterTheOther() throws IOException {
    AtomicInteger building = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    opening(
        """
        slots:
          - {name: one, image: "dockerfile:one", size: 1GiB}
          - {name: two, image: "dockerfile:two", size: 1GiB}
          - {name: three, image: "dockerfile:three", size: 1GiB}
        """,
        reference -> {
          most.accumulateAndGet(building.incrementAndGet(), Math::max);
          LockSupport.parkNanos(5_000_000);
          building.decrementAndGet();
          return opened(reference);
        },
        () -> {});

    assertThat(most).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void opening(String yaml, Function<ImageReference, Image> images, Runnable whileOpen)
      throws IOException {
    DiskDescription description =
        DiskDescription.read(Files.writeString(directory.resolve("disk.yml"), yaml));
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    try (Cancellation cancellation = Cancellation.onSignals(nowhere);
        Progress steps = new Progress(new PlainLines(nowhere), cancellation::check);
        OpenImages all = OpenImages.of(description, images, steps, cancellation)) {
      assertThat(all.bySlot()).hasSameSizeAs(description.slots());
      whileOpen.run();
    }
  }
}
