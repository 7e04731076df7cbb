package dev.slipway.image;

import dev.slipway.tree.Entry;
import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.Symlink;
import dev.slipway.tree.TreePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where the files of an archive lie in some file, by their path in the archive. */
final class ArchiveIndex {
  /**
   * A file's bytes.
   *
   * @param offset in the file that they lie in
   */
  record Piece(long offset, long size) {}

  private static final int MAX_LINKS = 10;

  private final Map<TreePath, Piece> pieces = new HashMap<>();
  private final Map<TreePath, TreePath> links = new HashMap<>();

  void file(TreePath path, Piece piece) {
    pieces.put(path, piece);
  }

  /** Anything that is no file: a link leads on, and the rest is of no use in an archive. */
  void other(Entry entry) {
    if (entry instanceof HardLink link) {
      links.put(link.path(), link.target());
    } else if (entry instanceof Symlink link) {
      // docker save of old stores a layer that several images share once, and links to it as
      // ../ID/layer.tar.
      target(link).ifPresent(target -> links.put(link.path(), target));
    }
  }

  private static Optional<TreePath> target(Symlink link) {
    String target = link.target().toText();
    TreePath base = link.path().parent();
    while (target.startsWith("../")) {
      target = target.substring(3);
      base = base.parent();
    }
    return target.contains("..") || target.startsWith("/")
        ? Optional.empty()
        : Optional.of(base.resolve(target));
  }

  Optional<Piece> find(String path) {
    TreePath place = TreePath.of(path);
    for (int i = 0; i < MAX_LINKS && !pieces.containsKey(place) && links.containsKey(place); i++) {
      place = links.get(place);
    }
    return Optional.ofNullable(pieces.get(place));
  }
}
