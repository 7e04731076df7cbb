package dev.slipway.controller.survey;

import dev.slipway.tree.Entry;
import dev.slipway.tree.TreePath;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Something about each path of an image, once its layers lie over each other (OCI image-spec,
 * layer.md, "Whiteouts").
 */
final class LayeredPaths<T> {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final NavigableMap<TreePath, T> paths = new TreeMap<>();
  private final NavigableMap<TreePath, T> added = new TreeMap<>();

  /** Sees the next entry of a layer. */
  void see(Entry entry, T about) {
    TreePath path = entry.path();
    if (path.name().toString().equals(OPAQUE)) {
      removeBelow(path.parent());
    } else if (path.name().startsWith(WHITEOUT)) {
      TreePath hidden =
          path.parent().resolve(path.name().slice(WHITEOUT.length(), path.name().length()));
      removeBelow(hidden);
      paths.remove(hidden);
    } else {
      added.put(path, about);
    }
  }

  /** A whiteout hides what lower layers have, wherever it stands in its own. */
  void endLayer() {
    paths.putAll(added);
    added.clear();
  }

  Optional<T> at(String path) {
    return Optional.ofNullable(paths.get(TreePath.of(path)));
  }

  /** The names right below a directory. */
  List<String> names(String directory) {
    TreePath parent = TreePath.of(directory);
    return paths.tailMap(parent, false).keySet().stream()
        .takeWhile(path -> path.startsWith(parent))
        .filter(path -> path.parent().equals(parent))
        .map(path -> path.name().toText())
        .toList();
  }

  Collection<T> all() {
    return paths.values();
  }

  private void removeBelow(TreePath directory) {
    paths.tailMap(directory, false).keySet().stream()
        .takeWhile(path -> path.startsWith(directory))
        .toList()
        .forEach(paths::remove);
  }
}
