package dev.slipway.tree;

import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.Entry.WithMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a tree holds, with a digest of every file's content: two trees are the same when their
 * manifests are. A file with several names stands at the first of them, in the order of {@link
 * TreePath}; the others are hard links to that.
 */
public final class Manifest {
  private final SortedMap<TreePath, Entry> entries;
  private final Map<TreePath, Digest> contents;

  Manifest(SortedMap<TreePath, Entry> entries, Map<TreePath, Digest> contents) {
    this.entries = Collections.unmodifiableSortedMap(entries);
    this.contents = Map.copyOf(contents);
  }

  /** The manifest of everything that the stream has; it reads all contents. */
  public static Manifest of(EntryStream stream) {
    return of(stream, new Manifest(new TreeMap<>(), Map.of()));
  }

  /**
   * As {@link #of(EntryStream)}, of a tree that has changed a little since an earlier manifest of
   * it. A file whose size, times and all else are as they were is taken to hold what it held: its
   * content is not read.
   */
  public static Manifest of(EntryStream stream, Manifest earlier) {
    ManifestIndex index = new ManifestIndex();
    for (Optional<Entry> next = stream.next(); next.isPresent(); next = stream.next()) {
      Entry entry = next.get();
      if (entry instanceof HardLink link) {
        index.link(link, 0);
      } else if (entry instanceof RegularFile file) {
        Digest content = earlier.contentIfStill(file).orElseGet(() -> Digest.of(stream.content()));
        index.put(file, Optional.of(content), 0);
      } else if (entry instanceof WithMetadata other) {
        index.put(other, Optional.empty(), 0);
      }
    }
    return index.manifest();
  }

  /**
   * Reads the text form.
   *
   * @throws TreeException when it is not one
   */
  public static Manifest parse(String text) {
    return ManifestText.parse(text);
  }

  /** The text form: a first line with the format, then one line an entry, sorted by path. */
  public String write() {
    return ManifestText.write(this);
  }

  /** The digest of the text form, which names the whole tree. */
  public Digest digest() {
    return Digest.of(write().getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of the contents of all files. */
  public long contentSize() {
    return entries.values().stream()
        .mapToLong(entry -> entry instanceof Entry.RegularFile file ? file.size() : 0)
        .sum();
  }

  /** The same without what is at the path and below it. */
  public Manifest without(TreePath path) {
    SortedMap<TreePath, Entry> others = new TreeMap<>(entries);
    Map<TreePath, Digest> otherContents = new HashMap<>(contents);
    others.keySet().removeIf(other -> other.startsWith(path));
    otherContents.keySet().removeIf(other -> other.startsWith(path));
    return new Manifest(others, otherContents);
  }

  /** Everything in the tree, in the order of paths. */
  public Collection<Entry> entries() {
    return entries.values();
  }

  /** What is at this path. */
  public Optional<Entry> entry(TreePath path) {
    return Optional.ofNullable(entries.get(path));
  }

  /**
   * The digest of the content of the regular file at this path; empty for the other names of a
   * hard-linked file.
   */
  public Optional<Digest> content(TreePath path) {
    return Optional.ofNullable(contents.get(path));
  }

  private Optional<Digest> contentIfStill(RegularFile file) {
    return entry(file.path()).filter(file::equals).flatMap(same -> content(file.path()));
  }

  /** Where another tree differs from this one, in the order of paths. */
  public List<Difference> differences(Manifest other) {
    List<Difference> differences = new ArrayList<>();
    TreeSet<TreePath> all = new TreeSet<>(entries.keySet());
    all.addAll(other.entries.keySet());
    for (TreePath path : all) {
      Optional<Entry> expected = entry(path);
      Optional<Entry> found = other.entry(path);
      if (found.isEmpty()) {
        differences.add(new Difference(path, "is missing"));
      } else if (expected.isEmpty()) {
        differences.add(new Difference(path, "should not be there"));
      } else if (!expected.equals(found) || !content(path).equals(other.content(path))) {
        differences.add(
            new Difference(
                path,
                "should be \""
                    + ManifestText.line(this, expected.get())
                    + "\", is \""
                    + ManifestText.line(other, found.get())
                    + "\""));
      }
    }
    return differences;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Manifest that
        && entries.equals(that.entries)
        && contents.equals(that.contents);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  static Manifest ofLines(List<Map.Entry<Entry, Optional<Digest>>> lines) {
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    Map<TreePath, Digest> contents = new HashMap<>();
    for (Map.Entry<Entry, Optional<Digest>> line : lines) {
      TreePath path = line.getKey().path();
      if (entries.put(path, line.getKey()) != null) {
        throw new TreeException("The manifest has " + path + " twice.");
      }
      line.getValue().ifPresent(digest -> contents.put(path, digest));
    }
    return new Manifest(entries, contents);
  }

  /**
   * One place where two trees differ.
   *
   * @param what for people: what is different
   */
  public record Difference(TreePath path, String what) {
    @Override
    public String toString() {
      return path + " " + what;
    }
  }
}
