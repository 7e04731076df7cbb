package dev.slipway.tree;

import java.io.InputStream;
import java.nio.file.Path;

/** Writes a tree below a directory that no entry can leave. */
@SuppressWarnings("DoNotCallSuggester")
public final class TreeWriter implements AutoCloseable {
  private TreeWriter() {}

  /** Writes below this directory. */
  public static TreeWriter into(Path directory) {
    throw unfinished();
  }

  /**
   * Adds an entry; the content is read only for a regular file. Later entries win over earlier
   * ones.
   */
  public void add(Entry entry, InputStream content) {
    throw unfinished();
  }

  /** Adds everything that the stream has. */
  public void addAll(EntryStream entries) {
    throw unfinished();
  }

  /** Removes what is there, with everything below it; nothing happens when nothing is there. */
  public void remove(TreePath path) {
    throw unfinished();
  }

  /** Sets the directories' times, syncs the file system, and says what was written. */
  public Manifest finish() {
    throw unfinished();
  }

  @Override
  public void close() {}

  private static UnsupportedOperationException unfinished() {
    return new UnsupportedOperationException();
  }
}
