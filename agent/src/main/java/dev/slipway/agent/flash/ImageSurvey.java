package dev.slipway.agent.flash;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.image.Image;
import dev.slipway.image.Layer;
import dev.slipway.tree.ByteString;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an image would put into a slot, found by reading it once without writing anything. Reading
 * to the end also checks the digests that the image states for its layers.
 */
final class ImageSurvey {
  private static final String WHITEOUT = ".wh.";

  /** The smallest piece of a file that a slot's file system gives room to. */
  private static final int BLOCK = 4096;

  private final NavigableMap<TreePath, Long> files = new TreeMap<>();
  private final Set<TreePath> links = new HashSet<>();
  private final byte[] block = new byte[BLOCK];

  private ImageSurvey() {}

  static ImageSurvey of(Image image) {
    ImageSurvey survey = new ImageSurvey();
    for (Layer layer : image.layers()) {
      try (EntryStream entries = layer.open()) {
        for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
          survey.see(next.get(), entries.content());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return survey;
  }

  /** The first of the files that boot a slot which the image does not have. */
  Optional<String> missingBootFile() {
    return List.of(SlotBootFiles.KERNEL, SlotBootFiles.INITRD).stream()
        .filter(name -> !files.containsKey(TreePath.of(name)))
        .filter(name -> !isBehindLink(TreePath.of(name)))
        .findFirst();
  }

  /**
   * How many bytes its files take at least: without holes, without what the file system needs
   * itself.
   */
  long leastSize() {
    return files.values().stream().mapToLong(Long::longValue).sum();
  }

  private void see(Entry entry, InputStream content) throws IOException {
    TreePath path = entry.path();
    if (path.name().startsWith(WHITEOUT)) {
      // ".wh..wh..opq" and its like stand for all of their directory. What this layer itself put
      // there goes too: the least size stays one.
      boolean whole = path.name().startsWith(WHITEOUT + WHITEOUT);
      forget(whole ? path.parent() : path.parent().resolve(hidden(path)));
      return;
    }
    if (entry instanceof Entry.Directory) {
      links.remove(path);
      files.remove(path);
      return;
    }
    forget(path);
    if (entry instanceof Entry.Symlink) {
      links.add(path);
    } else if (entry instanceof Entry.RegularFile) {
      files.put(path, isBehindLink(path) ? 0 : bytesWithoutHoles(content));
    } else if (entry instanceof Entry.HardLink) {
      files.put(path, 0L);
    }
  }

  private static ByteString hidden(TreePath whiteout) {
    return whiteout.name().slice(WHITEOUT.length(), whiteout.name().length());
  }

  private void forget(TreePath path) {
    links.removeIf(link -> link.startsWith(path));
    Iterator<TreePath> below = files.tailMap(path, true).keySet().iterator();
    while (below.hasNext() && below.next().startsWith(path)) {
      below.remove();
    }
  }

  /** Then it lies elsewhere, and may take the place of something that was counted there. */
  private boolean isBehindLink(TreePath path) {
    for (TreePath parent = path.parent(); !parent.isRoot(); parent = parent.parent()) {
      if (links.contains(parent)) {
        return true;
      }
    }
    return false;
  }

  private long bytesWithoutHoles(InputStream content) throws IOException {
    long bytes = 0;
    for (int length = read(content); length > 0; length = read(content)) {
      if (!isZero(length)) {
        bytes += length;
      }
    }
    return bytes;
  }

  private int read(InputStream content) throws IOException {
    return content.readNBytes(block, 0, BLOCK);
  }

  private boolean isZero(int length) {
    for (int i = 0; i < length; i++) {
      if (block[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
