package dev.slipway.filesystem;

import java.nio.file.Path;

/** The programs that make file systems: the system's own, or those of the agent's bundle. */
public record MkfsTools(Path mkfsXfs, Path mkfsExt4) {

  public static MkfsTools ofThisSystem() {
    return in(Path.of("/usr/sbin"));
  }

  /** {@code mkfs.xfs} and {@code mkfs.ext4} in one directory. */
  public static MkfsTools in(Path directory) {
    return new MkfsTools(directory.resolve("mkfs.xfs"), directory.resolve("mkfs.ext4"));
  }
}
