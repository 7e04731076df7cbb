package dev.slipway.filesystem;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** What a file system says about itself. */
@SuppressWarnings("DoNotCallSuggester")
public record Superblock(FileSystemKind kind, UUID uuid, String label) {

  /**
   * Reads it without mounting.
   *
   * @param disk a disk, partition, file or image
   * @param offset where the file system starts on it, in bytes
   * @return empty when there is neither XFS nor ext4
   */
  public static Optional<Superblock> read(Path disk, long offset) {
    throw new UnsupportedOperationException();
  }
}
