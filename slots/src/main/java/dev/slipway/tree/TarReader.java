package dev.slipway.tree;

import java.io.InputStream;
import java.util.Optional;

/** Reads a tar archive. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class TarReader implements EntryStream {
  private final InputStream in;

  /** Reads this uncompressed archive. */
  public TarReader(InputStream in) {
    this.in = in;
  }

  @Override
  public Optional<Entry> next() {
    throw unfinished();
  }

  @Override
  public InputStream content() {
    throw unfinished();
  }

  @Override
  public void close() {
    throw unfinished();
  }

  private static UnsupportedOperationException unfinished() {
    return new UnsupportedOperationException();
  }
}
