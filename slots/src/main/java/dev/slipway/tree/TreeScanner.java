package dev.slipway.tree;

import java.nio.file.Path;

/** Reads a tree from a directory. */
@SuppressWarnings("DoNotCallSuggester")
public final class TreeScanner {
  private TreeScanner() {}

  /**
   * Everything below a directory, itself first as {@link TreePath#ROOT}, in the order of {@link
   * TreePath}. It stays on one file system; a file with several names is a file at the first and a
   * hard link at the others.
   */
  public static EntryStream of(Path directory) {
    throw unfinished();
  }

  private static UnsupportedOperationException unfinished() {
    return new UnsupportedOperationException();
  }
}
