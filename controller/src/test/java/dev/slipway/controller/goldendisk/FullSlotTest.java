package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullSlotTest {
  private final RuntimeException noSpace = new IllegalStateException("No space left on device");

  @TempDir private Path directory;

  private Path tree() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.write(tree.resolve("data"), new byte[3 << 20]);
    return tree;
  }

  private OperatorError told(Image image) {
    return new FullSlot("slot1", new ByteSize(2 << 20), image).told(noSpace);
  }

  @Test
  void bothSizesAreSaid() throws IOException {
    try (Image image = LocalImages.open("rootfs:" + tree())) {
      assertThat(told(image))
          .hasMessageContaining("Slot slot1 is full: it has 2 MiB")
          .hasMessageContaining("alone need 3")
          .hasCause(noSpace);
    }
  }

  @Test
  void anImageThatCannotBeReadAgainDoesNotHideThatTheSlotIsFull() throws IOException {
    Path tree = tree();
    try (Image image = LocalImages.open("rootfs:" + tree)) {
      Files.delete(tree.resolve("data"));
      Files.delete(tree);
      assertThat(told(image))
          .hasMessageContaining("Slot slot1 is full: it has 2 MiB")
          .hasMessageContaining("too little for the files of " + image.reference())
          .hasMessageContaining("Give the slot a larger size")
          .hasCause(noSpace);
    }
  }
}
