package dev.slipway.tree;

import java.io.InputStream;
import java.util.Optional;

/** The entries of a tree, one after the other. */
public interface EntryStream extends AutoCloseable {
  /**
   * The next entry; empty at the end, when everything has also been checked that can only be
   * checked there.
   */
  Optional<Entry> next();

  /**
   * The content of the regular file that {@link #next} returned last, holes as zeros; empty for
   * every other entry. What is not read of it is skipped by the next call of {@link #next}.
   */
  InputStream content();

  /**
   * How many bytes of the content of the regular file that {@link #next} returned last take room
   * when {@link TreeWriter} writes it: without the holes that the archive or the file system says
   * it has. Zeros that are stored become holes, too, but nobody knows of them before they are read,
   * so it can be less. 0 for every other entry.
   */
  long allocated();

  @Override
  void close();
}
