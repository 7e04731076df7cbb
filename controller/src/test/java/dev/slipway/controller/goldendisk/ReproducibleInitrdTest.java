package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import dev.slipway.release.SlotRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots of a bootstrapped Debian 12, whose own tools make their initrds. */
@Tag("distribution")
class ReproducibleInitrdTest {
  private static final long EPOCH = 1_700_000_000;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dracut", "initramfs-tools"})
  void aRealDebiansSlotIsTheSameAgain(String tool) throws IOException {
    String yaml =
        """
        slots: [{name: slot1, image: "rootfs:%s", filesystem: ext4, agent: false}]
        data: {size: 64MiB}
        """
            .formatted(debianWith(tool));

    SlotRecord.Ready first = build(yaml, "first.img");
    SlotRecord.Ready second = build(yaml, "second.img");

    assertThat(second.initrd()).isEqualTo(first.initrd());
    assertThat(second).as("and every file, by the manifest's digest").isEqualTo(first);
  }

  private SlotRecord.Ready build(String yaml, String name) throws IOException {
    TestBuild build = new TestBuild(directory).at(EPOCH).to(name);
    build.build(yaml);
    SlotRecord.Ready slot = DiskInspection.of(build.output()).slots().get(0).ready().orElseThrow();
    Files.delete(build.output());
    return slot;
  }

  /** Bootstrapped once and kept below target/. */
  private static Path debianWith(String tool) {
    Path kept = Path.of("target", "debian12-" + tool + ".tar").toAbsolutePath();
    if (!Files.exists(kept)) {
      Path unfinished = kept.resolveSibling(kept.getFileName() + ".unfinished.tar");
      List<String> options =
          tool.equals("dracut") ? List.of("--cloud") : List.of("--cloud", "--initramfs-tools");
      String mkroot = TestBuild.CHECKOUT.resolve("examples/mkroot").toString();
      Command.of(
              Stream.of(List.of(mkroot), options, List.of("debian12", unfinished.toString()))
                  .flatMap(List::stream)
                  .toList())
          .run();
      try {
        Files.move(unfinished, kept, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return kept;
  }
}
