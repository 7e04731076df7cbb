package dev.slipway.controller.goldendisk;

import dev.slipway.image.Image;
import dev.slipway.image.Layer;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TreePath;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** How much room an image's files take once its layers lie over each other. */
final class ImageNeeds {
  /** Both file systems give out space in blocks of 4096 bytes. */
  private static final long BLOCK = 4096;

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final NavigableMap<TreePath, Long> blocks = new TreeMap<>();

  private ImageNeeds() {}

  /** Reads the whole image. What a file system needs for itself comes on top. */
  static ByteSize measure(Image image) {
    ImageNeeds needs = new ImageNeeds();
    for (Layer layer : image.layers()) {
      NavigableMap<TreePath, Long> added = new TreeMap<>();
      try (EntryStream entries = layer.open()) {
        for (Optional<Entry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
          needs.see(entry.get(), added);
        }
      }
      // A whiteout hides what lower layers have, wherever it stands in its own.
      needs.blocks.putAll(added);
    }
    return new ByteSize(needs.blocks.values().stream().mapToLong(Long::longValue).sum() * BLOCK);
  }

  private void see(Entry entry, NavigableMap<TreePath, Long> added) {
    TreePath path = entry.path();
    if (path.name().toString().equals(OPAQUE)) {
      removeBelow(path.parent());
    } else if (path.name().startsWith(WHITEOUT)) {
      TreePath hidden =
          path.parent().resolve(path.name().slice(WHITEOUT.length(), path.name().length()));
      removeBelow(hidden);
      blocks.remove(hidden);
    } else {
      added.put(path, blocksOf(entry));
    }
  }

  private void removeBelow(TreePath directory) {
    blocks.tailMap(directory, false).keySet().stream()
        .takeWhile(path -> path.startsWith(directory))
        .toList()
        .forEach(blocks::remove);
  }

  private static long blocksOf(Entry entry) {
    if (entry instanceof Entry.RegularFile file) {
      return (file.size() + BLOCK - 1) / BLOCK;
    }
    return entry instanceof Entry.Directory ? 1 : 0;
  }
}
