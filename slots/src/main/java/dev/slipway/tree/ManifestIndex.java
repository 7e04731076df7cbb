package dev.slipway.tree;

import dev.slipway.tree.Entry.Directory;
import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.WithMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a tree holds while it is being put together: which file is at which path, which names share
 * one file, and which layer put them there.
 */
final class ManifestIndex {
  /** A file, whatever number of names it has. */
  private static final class Node {
    private final Optional<Digest> content;
    private WithMetadata entry;

    private Node(WithMetadata entry, Optional<Digest> content) {
      this.entry = entry;
      this.content = content;
    }
  }

  /** A name for a file. */
  private record Name(Node node, int layer) {}

  private final TreeMap<TreePath, Name> names = new TreeMap<>();

  /** Puts something new at its path; what is below a directory that was there stays. */
  void put(WithMetadata entry, Optional<Digest> content, int layer) {
    names.put(entry.path(), new Name(new Node(entry, content), layer));
  }

  /** Puts a second name for what is at the target. */
  void link(HardLink link, int layer) {
    Name target = names.get(link.target());
    if (target == null || target.node().entry instanceof Directory) {
      throw new TreeException(
          link.path()
              + " should be another name of the file "
              + link.target()
              + ", but there is no such file.");
    }
    names.put(link.path(), new Name(target.node(), layer));
  }

  /** Gives what is at the path, under all its names, other metadata. */
  void change(TreePath path, Metadata metadata) {
    Node node = names.get(path).node();
    node.entry = node.entry.at(node.entry.path(), metadata);
  }

  /** Forgets a path and everything below it. */
  void remove(TreePath path) {
    List.copyOf(subtree(path).keySet()).forEach(names::remove);
  }

  boolean has(TreePath path) {
    return names.containsKey(path);
  }

  boolean isDirectory(TreePath path) {
    Name name = names.get(path);
    return name != null && name.node().entry instanceof Directory;
  }

  /** What layers below this one put at the path or below it, children before their directories. */
  List<TreePath> ofLowerLayers(TreePath path, int layer) {
    List<TreePath> lower = new ArrayList<>();
    subtree(path)
        .descendingMap()
        .forEach(
            (below, name) -> {
              if (name.layer() < layer) {
                lower.add(below);
              }
            });
    return lower;
  }

  /** Whether anything is known below this path. */
  boolean hasChildren(TreePath path) {
    TreePath next = names.higherKey(path);
    return next != null && next.startsWith(path);
  }

  private NavigableMap<TreePath, Name> subtree(TreePath path) {
    // A directory sorts right before everything below it, so a subtree is one run of keys.
    TreeMap<TreePath, Name> subtree = new TreeMap<>();
    for (Map.Entry<TreePath, Name> entry : names.tailMap(path, true).entrySet()) {
      if (!entry.getKey().startsWith(path)) {
        break;
      }
      subtree.put(entry.getKey(), entry.getValue());
    }
    return subtree;
  }

  /**
   * The manifest: a file with several names is a file at the first and a hard link at the others.
   */
  Manifest manifest() {
    IdentityHashMap<Node, TreePath> firstNames = new IdentityHashMap<>();
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    Map<TreePath, Digest> contents = new HashMap<>();
    names.forEach(
        (path, name) -> {
          Node node = name.node();
          TreePath first = firstNames.putIfAbsent(node, path);
          if (first != null) {
            entries.put(path, new HardLink(path, first));
          } else {
            entries.put(path, node.entry.at(path, node.entry.metadata()));
            node.content.ifPresent(digest -> contents.put(path, digest));
          }
        });
    return new Manifest(entries, contents);
  }
}
