package dev.slipway.tree;

import java.util.List;

/**
 * What a tree holds, with a digest of every file's content: two trees are the same when their
 * manifests are.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Manifest {
  private Manifest() {}

  /** The manifest of everything that the stream has. */
  public static Manifest of(EntryStream entries) {
    throw unfinished();
  }

  /** Reads the text form. */
  public static Manifest parse(String text) {
    throw unfinished();
  }

  /** The text form: one line an entry, sorted. */
  public String write() {
    throw unfinished();
  }

  /** The digest of the text form. */
  public Digest digest() {
    throw unfinished();
  }

  /** Where another tree differs from this one, in the order of paths. */
  public List<Difference> differences(Manifest other) {
    throw unfinished();
  }

  /**
   * One place where two trees differ.
   *
   * @param what for people: what is different, for example {@code mode 0644, found 0600}
   */
  public record Difference(TreePath path, String what) {}

  private static UnsupportedOperationException unfinished() {
    return new UnsupportedOperationException();
  }
}
