package dev.slipway.tree;

import dev.slipway.linux.OpenDirectory;
import dev.slipway.tree.Entry.WithMetadata;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** A time after which nothing in a tree may have been changed: what is younger gets it. */
public record LatestTime(Timestamp latest) {

  /**
   * Sets times back.
   *
   * @param root the tree's directory, which nobody else changes meanwhile
   * @param manifest of the tree as it is
   * @return the manifest of the tree as it is then
   */
  public Manifest applyTo(Path root, Manifest manifest) {
    try (TargetDirectories directories =
        new TargetDirectories(OpenDirectory.open(root), created -> {})) {
      return Manifest.ofLines(
          manifest.entries().stream()
              .map(entry -> Map.entry(limited(directories, entry), manifest.content(entry.path())))
              .collect(Collectors.toUnmodifiableList()));
    }
  }

  private Entry limited(TargetDirectories directories, Entry entry) {
    if (!(entry instanceof WithMetadata file) || !file.metadata().modified().isAfter(latest)) {
      return entry;
    }
    TreePath path = file.path();
    if (path.isRoot()) {
      directories.root().directory().self().setModified(latest.seconds(), latest.nanos());
    } else {
      directories
          .find(path.parent())
          .orElseThrow()
          .directory()
          .setModified(path.name().toBytes(), latest.seconds(), latest.nanos());
    }
    return file.at(path, file.metadata().withModified(latest));
  }
}
