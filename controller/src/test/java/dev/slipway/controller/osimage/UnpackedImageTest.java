package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedImageTest {
  @TempDir private Path directory;

  private Image image() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("image"));
    Path program = Files.writeString(tree.resolve("become-root"), "#!/bin/sh\n");
    Command.of("chmod", "4755", program.toString()).run();
    return LocalImages.open("rootfs:" + tree);
  }

  @Test
  void nobodyElseOnThisHostGetsToTheSetUidProgramsOfAnImage() throws IOException {
    Path work = directory.resolve("work");
    try (Image image = image();
        UnpackedImage unpacked = UnpackedImage.of(image, work)) {
      assertThat(unpacked.root().resolve("become-root")).exists();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked.root())))
          .isEqualTo("rwxr-xr-x");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(unpacked.root().getParent())))
          .isEqualTo("rwx------");
    }
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void nothingIsLeftOfAnImageThatCannotBeUnpacked() throws IOException {
    Path work = directory.resolve("work");
    Path archive = Files.writeString(directory.resolve("cut.tar"), "x".repeat(700));
    assertThatThrownBy(
            () -> {
              try (Image image = LocalImages.open("rootfs:" + archive)) {
                UnpackedImage.of(image, work).close();
              }
            })
        .isInstanceOf(OperatorError.class);
    if (Files.exists(work)) {
      assertThat(work).isEmptyDirectory();
    }
  }

  @Test
  void aPlaceWhereNoDirectoryCanBeIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    try (Image image = image()) {
      assertThatThrownBy(() -> UnpackedImage.of(image, file))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("There is no working in " + file);
    }
  }
}
