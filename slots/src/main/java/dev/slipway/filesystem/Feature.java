package dev.slipway.filesystem;

import java.util.List;
import java.util.Map;

/**
 * Something that a file system can have or not, and that its readers must know then.
 *
 * @param name as its mkfs calls it
 * @param word where its bit stands in the superblock
 * @param wanted whether a slot gains from it, so that it is on where every reader knows it
 * @param flag how its mkfs is told
 * @param requires names of features that it cannot be without; each stands before it in its table
 * @param needs since when each kind of reader knows it; kinds that are not named need not
 */
public record Feature(
    String name,
    FileSystemKind fileSystem,
    Word word,
    int bit,
    boolean wanted,
    Flag flag,
    List<String> requires,
    Map<ReaderKind, Need> needs) {

  public Feature {
    requires = List.copyOf(requires);
    needs = Map.copyOf(needs);
  }

  /**
   * How mkfs is told.
   *
   * @param option the option that the name stands in, such as {@code -m}
   * @param since the first mkfs that knows the name; an older one refuses it, on or off
   */
  record Flag(String option, Version since) {
    Flag(String option, String since) {
      this(option, new Version(since));
    }
  }

  /** Whether a file system that has it is one that this reader can read. */
  boolean isKnownTo(Reader reader) {
    Need need = needs.get(reader.kind());
    return need == null || need.isMetBy(reader);
  }

  boolean isKnownToMkfs(Version mkfs) {
    return mkfs.isAtLeast(flag.since());
  }
}
