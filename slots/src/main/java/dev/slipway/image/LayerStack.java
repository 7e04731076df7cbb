package dev.slipway.image;

import dev.slipway.linux.FileType;
import dev.slipway.linux.OpenDirectory;
import dev.slipway.tree.ByteString;
import dev.slipway.tree.Entry;
import dev.slipway.tree.Entry.Directory;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.Metadata;
import dev.slipway.tree.Timestamp;
import dev.slipway.tree.TreePath;
import dev.slipway.tree.TreeWriter;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Applies the layers of an image to a directory, one over the other, by the rules of the OCI
 * image-spec (layer.md, "Applying Changesets").
 */
public final class LayerStack {
  private static final byte[] LOST_AND_FOUND = "lost+found".getBytes(StandardCharsets.US_ASCII);

  private LayerStack() {}

  /**
   * Unpacks all layers into an empty directory and says what it holds then. A {@code lost+found}
   * that mkfs left there is removed first. The root is 0755, owned by root, unless a layer says
   * otherwise.
   *
   * @throws ImageException also for an image of more entries than there is memory for
   */
  public static Manifest unpack(Image image, Path directory) {
    return unpack(image, directory, EntryCount.forThisMemory());
  }

  static Manifest unpack(Image image, Path directory, EntryCount count) {
    requireEmpty(directory);
    try (TreeWriter writer = TreeWriter.into(directory)) {
      Metadata root = Metadata.of(0755, 0, 0, Timestamp.EPOCH);
      writer.add(new Directory(TreePath.ROOT, root), InputStream.nullInputStream());
      for (Layer layer : image.layers()) {
        writer.nextLayer();
        try (EntryStream entries = layer.open()) {
          apply(entries, count, writer);
        }
      }
      return writer.finish();
    }
  }

  private static void requireEmpty(Path directory) {
    try (OpenDirectory open = OpenDirectory.open(directory)) {
      for (byte[] name : open.names()) {
        boolean lostAndFound =
            Arrays.equals(name, LOST_AND_FOUND)
                && open.status(name)
                    .filter(status -> status.type() == FileType.DIRECTORY)
                    .isPresent();
        if (!lostAndFound) {
          throw new ImageException(
              directory
                  + " should be empty for an image to be unpacked there, but it holds "
                  + ByteString.of(name)
                  + ".");
        }
        open.removeDirectory(name);
      }
    }
  }

  private static void apply(EntryStream entries, EntryCount count, TreeWriter writer) {
    for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
      count.next();
      LayerChange change = LayerChange.of(next.get());
      if (change instanceof LayerChange.Put put) {
        writer.add(put.entry(), entries.content());
      } else if (change instanceof LayerChange.Hide hide) {
        writer.removeLower(hide.path());
      } else if (change instanceof LayerChange.HideChildren hide) {
        writer.removeLowerChildren(hide.directory());
      }
    }
  }
}
