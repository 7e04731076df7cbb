package dev.slipway.filesystem;

import java.nio.file.Path;
import java.util.UUID;

/**
 * Makes a file system that every reader of it can read: the kernels, fscks and GRUBs of Debian 11
 * to 13.
 *
 * @param kind which
 * @param label for people; see {@link FileSystemKind#labelFor}
 * @param uuid a fresh one for every file system made
 * @param tools the programs to use
 */
@SuppressWarnings("DoNotCallSuggester")
public record MakeFileSystem(FileSystemKind kind, String label, UUID uuid, MkfsTools tools) {

  public MakeFileSystem(FileSystemKind kind, String label, UUID uuid) {
    this(kind, label, uuid, MkfsTools.ofThisSystem());
  }

  /**
   * Makes it on a device or in a file of its size, over whatever was there, and checks by the
   * superblock that it has the features that were asked for.
   *
   * @throws dev.slipway.linux.OperatorError when the place is too small, or mkfs fails
   */
  public void on(Path deviceOrFile) {
    throw new UnsupportedOperationException();
  }
}
