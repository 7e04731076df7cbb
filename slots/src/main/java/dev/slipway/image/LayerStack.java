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
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final String AUFS = ".wh..wh.";
  private static final byte[] LOST_AND_FOUND = "lost+found".getBytes(StandardCharsets.US_ASCII);

  private LayerStack() {}

  /**
   * Unpacks all layers into an empty directory and says what it holds then. A {@code lost+found}
   * that mkfs left there is removed first. The root is 0755, owned by root, unless a layer says
   * otherwise.
   */
  public static Manifest unpack(Image image, Path directory) {
    requireEmpty(directory);
    try (TreeWriter writer = TreeWriter.into(directory)) {
      Metadata root = Metadata.of(0755, 0, 0, Timestamp.EPOCH);
      writer.add(new Directory(TreePath.ROOT, root), InputStream.nullInputStream());
      for (Layer layer : image.layers()) {
        writer.nextLayer();
        try (EntryStream entries = layer.open()) {
          apply(entries, writer);
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

  private static void apply(EntryStream entries, TreeWriter writer) {
    for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
      Entry entry = next.get();
      TreePath path = entry.path();
      if (!path.isRoot() && isBelowWhiteout(path.parent())) {
        continue;
      }
      ByteString name = path.name();
      if (name.equals(ByteString.of(OPAQUE))) {
        writer.removeLowerChildren(path.parent());
      } else if (name.startsWith(WHITEOUT)) {
        if (!name.startsWith(AUFS)) {
          writer.removeLower(hidden(path, name.slice(WHITEOUT.length(), name.length())));
        }
      } else {
        writer.add(entry, entries.content());
      }
    }
  }

  private static boolean isBelowWhiteout(TreePath parent) {
    for (TreePath path = parent; !path.isRoot(); path = path.parent()) {
      if (path.name().startsWith(WHITEOUT)) {
        return true;
      }
    }
    return false;
  }

  private static TreePath hidden(TreePath whiteout, ByteString name) {
    TreePath hidden = whiteout.parent().resolve(name);
    if (hidden.equals(whiteout.parent())) {
      throw new ImageException(
          "A layer has a whiteout that hides nothing one can name: " + whiteout + ".");
    }
    return hidden;
  }
}
