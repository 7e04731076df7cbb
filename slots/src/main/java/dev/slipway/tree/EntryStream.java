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

  @Override
  void close();
}
