package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The list of drivers against Debian's full kernel. A driver that a kernel does not have is left
 * out of its initrds without a word, so nothing else would notice a name that is misspelt.
 */
@Tag("distribution")
class DriversTest {
  @TempDir Path directory;

  @Test
  void everyNameIsADriverOfAFullKernel() throws IOException {
    DracutFolder folder = new DracutFolder(Path.of("../dracut"));
    try (OsTree tree = new OsTree(fullKernel())) {
      KernelModules kernel =
          new KernelModules(tree, InstalledKernel.chosen(tree, KernelChoice.NEWEST));

      assertThat(folder.drivers())
          .hasSizeGreaterThan(20)
          .extracting(DracutFolder.Driver::name)
          .allMatch(driver -> kernel.isLoadable(driver) || kernel.isBuiltIn(driver));
      assertThat(kernel.isLoadable("virtio_blkk") || kernel.isBuiltIn("virtio_blkk")).isFalse();
    }
  }

  /** As it is in this machine's own package sources, in a tree with nothing else. */
  private Path fullKernel() throws IOException {
    String kernel =
        Command.of("apt-cache", "depends", "--important", "linux-image-amd64")
            .run()
            .out()
            .replaceFirst("(?s).*Depends: (linux-image-\\S+).*", "$1");
    Command.of("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", kernel)
        .directory(directory)
        .run();
    Path root = directory.resolve("root");
    Command.of("dpkg-deb", "-x", onlyOneIn(directory).toString(), root.toString()).run();
    Path modules = onlyOneIn(root.resolve("lib/modules"));
    Command.of("depmod", "-b", root.toString(), modules.getFileName().toString()).run();
    return root;
  }

  private static Path onlyOneIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList().get(0);
    }
  }
}
