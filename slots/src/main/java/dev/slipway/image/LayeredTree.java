package dev.slipway.image;

import dev.slipway.image.LayerChange.Hide;
import dev.slipway.image.LayerChange.HideChildren;
import dev.slipway.image.LayerChange.Put;
import dev.slipway.tree.ByteString;
import dev.slipway.tree.Entry;
import dev.slipway.tree.TreePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tree that {@link LayerStack} would unpack from an image, with something known about each of
 * its files, found without writing any of it: whiteouts and entries go through links, other names
 * of a file stay when one goes, and missing directories are made. An entry that the unpacking would
 * refuse, such as one below a file, is passed over.
 *
 * @param <T> what is known of a file
 */
public final class LayeredTree<T> {
  /** As many links as Linux follows on one way (path_resolution(7)). */
  private static final int MOST_LINKS = 40;

  private static final ByteString UP = ByteString.of("..");
  private static final ByteString HERE = ByteString.of(".");

  /** A file, whatever number of names it has. */
  private static final class Node<T> {
    private final SortedMap<ByteString, Name<T>> children = new TreeMap<>();
    private final boolean directory;
    private final Optional<ByteString> target;
    private T about;

    private Node(boolean directory, Optional<ByteString> target, T about) {
      this.directory = directory;
      this.target = target;
      this.about = about;
    }
  }

  /** A name for a file, and which layer put it there. */
  private record Name<T>(Node<T> node, int layer) {}

  private final EntryCount count;
  private final T plainDirectory;
  private final Node<T> root;
  private int layer;

  /**
   * A tree with nothing in it but its root.
   *
   * @param plainDirectory is known of a directory that no layer says anything of
   */
  public LayeredTree(T plainDirectory) {
    this(plainDirectory, EntryCount.forThisMemory());
  }

  LayeredTree(T plainDirectory, EntryCount count) {
    this.count = count;
    this.plainDirectory = plainDirectory;
    this.root = new Node<>(true, Optional.empty(), plainDirectory);
  }

  /** What is seen from here on belongs to a new layer, above all the others. */
  public void nextLayer() {
    layer++;
  }

  /**
   * Sees the next entry of a layer; nothing is kept about a further name of a file.
   *
   * @throws ImageException when there are more than an image may have
   */
  public void see(Entry entry, T about) {
    count.next();
    LayerChange change = LayerChange.of(entry);
    if (change instanceof Put) {
      put(entry, about);
    } else if (change instanceof Hide hide) {
      directory(hide.path().parent(), false)
          .ifPresent(parent -> hideLower(parent, hide.path().name()));
    } else if (change instanceof HideChildren hide) {
      directory(hide.directory(), false).ifPresent(this::hideLowerChildren);
    }
  }

  private void put(Entry entry, T about) {
    TreePath path = entry.path();
    if (path.isRoot()) {
      root.about = about;
      return;
    }
    Optional<Node<T>> parent = directory(path.parent(), true);
    if (parent.isEmpty()) {
      return;
    }
    SortedMap<ByteString, Name<T>> names = parent.get().children;
    Optional<Node<T>> there = Optional.ofNullable(names.get(path.name())).map(Name::node);
    if (entry instanceof Entry.HardLink link) {
      directory(link.target().parent(), false)
          .map(directory -> directory.children.get(link.target().name()))
          .map(Name::node)
          .filter(node -> !node.directory)
          .filter(node -> there.stream().noneMatch(same -> same == node))
          .ifPresent(node -> names.put(path.name(), new Name<>(node, layer)));
    } else if (entry instanceof Entry.Directory) {
      Node<T> node =
          there
              .filter(found -> found.directory)
              .orElseGet(() -> new Node<>(true, Optional.empty(), about));
      node.about = about;
      names.put(path.name(), new Name<>(node, layer));
    } else {
      Optional<ByteString> target =
          entry instanceof Entry.Symlink link ? Optional.of(link.target()) : Optional.empty();
      names.put(path.name(), new Name<>(new Node<>(false, target, about), layer));
    }
  }

  private void hideLower(Node<T> parent, ByteString name) {
    Name<T> there = parent.children.get(name);
    if (there != null) {
      hideLowerChildren(there.node());
      if (there.layer() < layer && there.node().children.isEmpty()) {
        parent.children.remove(name);
      }
    }
  }

  private void hideLowerChildren(Node<T> directory) {
    List.copyOf(directory.children.keySet()).forEach(name -> hideLower(directory, name));
  }

  private Optional<Node<T>> directory(TreePath path, boolean made) {
    return follow(path.bytes(), made).filter(node -> node.directory);
  }

  /**
   * What a path leads to when links are followed as if this tree's root were the system's.
   *
   * @param made whether directories that are missing on the way are made
   */
  private Optional<Node<T>> follow(ByteString path, boolean made) {
    Deque<ByteString> left = new ArrayDeque<>(names(path));
    Deque<Node<T>> way = new ArrayDeque<>(List.of(root));
    int links = 0;
    while (!left.isEmpty()) {
      ByteString name = left.pop();
      if (!way.peek().directory) {
        return Optional.empty();
      }
      if (name.equals(UP)) {
        leave(way, Math.max(1, way.size() - 1));
        continue;
      }
      SortedMap<ByteString, Name<T>> children = way.peek().children;
      if (made) {
        children.computeIfAbsent(name, missing -> plainDirectory());
      }
      Name<T> next = children.get(name);
      if (next == null) {
        return Optional.empty();
      }
      if (next.node().target.isEmpty()) {
        way.push(next.node());
        continue;
      }
      if (++links > MOST_LINKS) {
        return Optional.empty();
      }
      ByteString target = next.node().target.get();
      List<ByteString> further = names(target);
      Collections.reverse(further);
      further.forEach(left::push);
      if (target.startsWith("/")) {
        leave(way, 1);
      }
    }
    return Optional.of(way.peek());
  }

  private static <T> void leave(Deque<Node<T>> way, int length) {
    while (way.size() > length) {
      way.pop();
    }
  }

  private Name<T> plainDirectory() {
    return new Name<>(new Node<>(true, Optional.empty(), plainDirectory), layer);
  }

  private static List<ByteString> names(ByteString path) {
    List<ByteString> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= path.length(); i++) {
      if (i == path.length() || path.at(i) == '/') {
        ByteString name = path.slice(start, i);
        if (name.length() > 0 && !name.equals(HERE)) {
          names.add(name);
        }
        start = i + 1;
      }
    }
    return names;
  }

  /** What is known of the file that a path leads to, also through links; empty without one. */
  public Optional<T> at(String path) {
    return follow(ByteString.of(path), false).map(node -> node.about);
  }

  /** The names in the directory that a path leads to; none without one. */
  public List<String> names(String directory) {
    return follow(ByteString.of(directory), false).stream()
        .flatMap(node -> node.children.keySet().stream())
        .map(ByteString::toText)
        .toList();
  }

  /** What is known of each file, once of one with several names. */
  public List<T> all() {
    Set<Node<T>> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
    List<T> all = new ArrayList<>();
    Deque<Node<T>> left = new ArrayDeque<>(List.of(root));
    while (!left.isEmpty()) {
      Node<T> node = left.pop();
      if (nodes.add(node)) {
        all.add(node.about);
        for (Map.Entry<ByteString, Name<T>> child : node.children.entrySet()) {
          left.push(child.getValue().node());
        }
      }
    }
    return all;
  }
}
