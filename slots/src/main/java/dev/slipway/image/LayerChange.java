package dev.slipway.image;

import dev.slipway.tree.ByteString;
import dev.slipway.tree.Entry;
import dev.slipway.tree.TreePath;

/** What an entry of a layer does to the layers below it (OCI image-spec, layer.md, "Whiteouts"). */
sealed interface LayerChange {
  /** Something is put over them. */
  record Put(Entry entry) implements LayerChange {}

  /** What they have at the path is hidden. */
  record Hide(TreePath path) implements LayerChange {}

  /** What they have in the directory is hidden. */
  record HideChildren(TreePath directory) implements LayerChange {}

  /** Nothing: it is a storage driver's own. */
  record None() implements LayerChange {}

  String WHITEOUT = ".wh.";
  ByteString OPAQUE = ByteString.of(".wh..wh..opq");
  String AUFS = ".wh..wh.";

  /**
   * What this entry does.
   *
   * @throws ImageException for a whiteout that hides nothing one can name
   */
  static LayerChange of(Entry entry) {
    TreePath path = entry.path();
    ByteString name = path.name();
    if (!path.isRoot() && isBelowWhiteout(path.parent())) {
      return new None();
    }
    if (name.equals(OPAQUE)) {
      return new HideChildren(path.parent());
    }
    if (name.startsWith(AUFS)) {
      return new None();
    }
    return name.startsWith(WHITEOUT)
        ? new Hide(hidden(path, name.slice(WHITEOUT.length(), name.length())))
        : new Put(entry);
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
