package dev.slipway.agent.flash;

import dev.slipway.boot.KernelImage;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.FileSystemSync;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import dev.slipway.tree.TreeWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Filling an empty file system so that GRUB finds nothing to boot in it before all of it is there:
 * the tree is unpacked in a directory of its own, flushed, and moved up, {@code /boot} last.
 */
final class Unpacking {
  private static final String UNFINISHED = ".slipway-unfinished";

  private final Path root;

  Unpacking(Path root) {
    this.root = root;
  }

  /** Unpacks and flushes; says what the file system holds then. */
  Manifest unpack(Image image) {
    Path unfinished = root.resolve(UNFINISHED);
    try {
      // mkfs.ext4 makes it for fsck, which makes it again when it needs it; it is not in the image.
      Files.deleteIfExists(root.resolve("lost+found"));
      Files.createDirectory(unfinished);
      Manifest manifest = LayerStack.unpack(image, unfinished);
      requirePrepared(image, unfinished);
      FileSystemSync.syncfs(root);
      moveUp(unfinished);
      FileSystemSync.syncfs(root);
      return manifest;
    } catch (IOException e) {
      throw new OperatorError(
          "Writing %s failed: %s".formatted(image.reference(), e.getMessage()), e);
    }
  }

  private static void requirePrepared(Image image, Path tree) {
    SlotBootFiles files = SlotBootFiles.in(tree);
    for (Path file : List.of(files.kernel(), files.initrd())) {
      if (!Files.isRegularFile(file)) {
        throw notPrepared(image, "/" + tree.relativize(file));
      }
    }
    KernelImage.read(files.kernel());
  }

  static OperatorError notPrepared(Image image, String missing) {
    return OperatorError.refused(
        "%s is not prepared to boot: it has no %s. Make it so with \"controller image prepare\"."
            .formatted(image.reference(), missing));
  }

  private void moveUp(Path unfinished) throws IOException {
    // Owner, mode, attributes and times of the tree's root; the moves below touch its times.
    Entry top = top(unfinished);
    for (Path child : children(unfinished)) {
      if (!child.endsWith("boot")) {
        Files.move(child, root.resolve(child.getFileName()));
      }
    }
    FileSystemSync.syncfs(root);
    Files.move(unfinished.resolve("boot"), root.resolve("boot"));
    Files.delete(unfinished);
    try (TreeWriter writer = TreeWriter.into(root)) {
      writer.add(top, InputStream.nullInputStream());
      writer.finish();
    }
  }

  private static Entry top(Path directory) {
    try (EntryStream entries = TreeScanner.of(directory)) {
      return entries.next().orElseThrow(IllegalStateException::new);
    }
  }

  private static List<Path> children(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
