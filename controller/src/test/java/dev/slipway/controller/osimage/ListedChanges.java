package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreePath;
import dev.slipway.tree.TreeScanner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Holds a list of changes to what really changed in a tree. */
final class ListedChanges {
  private final Path root;
  private final Manifest before;

  private ListedChanges(Path root, Manifest before) {
    this.root = root;
    this.before = before;
  }

  /** Remembers the tree as it is before anything is changed. */
  static ListedChanges of(Path root) {
    return new ListedChanges(root, manifest(root));
  }

  private static Manifest manifest(Path root) {
    try (EntryStream entries = TreeScanner.of(root)) {
      return Manifest.of(entries);
    }
  }

  /** Everything that differs is listed, and everything that is listed happened, for a reason. */
  void areExactly(List<Change> listed) {
    Manifest after = manifest(root);
    List<TreePath> paths = listed.stream().map(ListedChanges::path).toList();
    assertThat(before.differences(after))
        .as("what differs and is not listed")
        .filteredOn(difference -> paths.stream().noneMatch(difference.path()::startsWith))
        .filteredOn(difference -> !isOnTheWay(difference.path(), paths, after))
        .isEmpty();
    assertThat(listed)
        .allSatisfy(change -> assertThat(change.reason()).isNotBlank())
        .allSatisfy(change -> assertThat(happened(change, after)).as(change.toString()).isTrue());
  }

  private boolean happened(Change change, Manifest after) {
    Optional<Entry> then = before.entry(path(change));
    Optional<Entry> now = after.entry(path(change));
    return switch (change.kind()) {
      case ADDED -> then.isEmpty() && now.isPresent();
      case CHANGED -> then.isPresent() && now.isPresent() && !then.equals(now);
      case REMOVED -> then.isPresent() && now.isEmpty();
    };
  }

  /** A directory above what is listed has another time, or is there only for its sake. */
  private boolean isOnTheWay(TreePath path, List<TreePath> listed, Manifest after) {
    return listed.stream().anyMatch(change -> change.startsWith(path))
        && after.entry(path).filter(now -> isUnchangedOrNew(path, now)).isPresent();
  }

  private boolean isUnchangedOrNew(TreePath path, Entry now) {
    return now instanceof Entry.Directory directory
        && before
            .entry(path)
            .map(
                then ->
                    then instanceof Entry.Directory old
                        && old.metadata()
                            .withModified(directory.metadata().modified())
                            .equals(directory.metadata()))
            .orElse(true);
  }

  private static TreePath path(Change change) {
    return TreePath.of(change.path().substring(1).getBytes(StandardCharsets.ISO_8859_1));
  }
}
