package dev.slipway.controller.osimage;

import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A tree made by hand in a directory. */
final class TestTree {
  final Path root;

  TestTree(Path root) {
    this.root = root;
  }

  TestTree file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** A kernel that says it is of this version. */
  TestTree kernel(String path, String version) {
    return file(path, TestKernel.of(version, new Random(1)));
  }

  private TestTree file(String path, byte[] content) {
    try {
      Path file = root.resolve(path.substring(1));
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that may be executed. */
  TestTree program(String path, String content) {
    file(path, content);
    return executable(path);
  }

  /** A file that may be executed. */
  TestTree program(String path, byte[] content) {
    file(path, content);
    return executable(path);
  }

  private TestTree executable(String path) {
    try {
      Files.setPosixFilePermissions(
          root.resolve(path.substring(1)), PosixFilePermissions.fromString("rwxr-xr-x"));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestTree link(String path, String target) {
    try {
      Path link = root.resolve(path.substring(1));
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, Path.of(target));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestTree directory(String path) {
    try {
      Files.createDirectories(root.resolve(path.substring(1)));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A systemd with these units beside its basic.target. */
  TestTree systemd(String... units) {
    file("/usr/lib/systemd/system/basic.target", "[Unit]\n");
    for (String unit : units) {
      file("/usr/lib/systemd/system/" + unit, "[Unit]\n");
    }
    return this;
  }

  /** Applies a step; returns what it changed. */
  ChangeLog apply(Step step) {
    ChangeLog changes = new ChangeLog();
    try (OsTree tree = new OsTree(root)) {
      step.apply(tree, changes);
    }
    return changes;
  }

  /** A kernel with its modules, among them those without which a slot does not find its root. */
  TestTree kernel(String modules, String version, String image) {
    return file(
            modules + "/" + version + "/modules.dep",
            """
            kernel/drivers/block/virtio_blk.ko.xz:
            kernel/drivers/virtio/virtio_pci.ko.xz:
            kernel/fs/ext4/ext4.ko.xz:
            kernel/fs/xfs/xfs.ko.xz:
            """)
        .kernel(image, version);
  }

  /** All that is found in it as an image for a slot of either file system; it is mended then. */
  List<Finding> findings(String... kernelArguments) {
    PreparationOptions options =
        new PreparationOptions(
                InitrdSource.MAKE,
                KernelChoice.NEWEST,
                Set.of("ext4", "xfs"),
                Optional.empty(),
                Path.of("../dracut"),
                CheckChoice.MEND_ALL)
            .onDiskWith(List.of(kernelArguments));
    try (Image image = LocalImages.open("rootfs:" + root)) {
      return Checkup.of(root, image, options);
    }
  }

  String read(String path) {
    try {
      return Files.readString(root.resolve(path.substring(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean has(String path) {
    return Files.exists(root.resolve(path.substring(1)), java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  String target(String path) {
    try {
      return Files.readSymbolicLink(root.resolve(path.substring(1))).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands beside /usr is a link into it. */
  TestTree mergedUsr() {
    for (String name : List.of("bin", "sbin", "lib", "lib64")) {
      directory("/usr/" + name).link("/" + name, "usr/" + name);
    }
    return this;
  }

  /** Of findings, each kind of each check once. */
  static List<String> kinds(List<Finding> findings) {
    return findings.stream()
        .map(found -> found.kind().word() + " " + found.check())
        .distinct()
        .toList();
  }
}
