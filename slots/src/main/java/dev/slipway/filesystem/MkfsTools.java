package dev.slipway.filesystem;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Program;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs that make file systems: the system's own, or those of the agent's bundle. */
public record MkfsTools(Path mkfsXfs, Path mkfsExt4) {
  private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d+(\\.\\d+)*");

  public static MkfsTools ofThisSystem() {
    return in(Path.of("/usr/sbin"));
  }

  /** {@code mkfs.xfs} and {@code mkfs.ext4} in one directory. */
  public static MkfsTools in(Path directory) {
    return new MkfsTools(directory.resolve("mkfs.xfs"), directory.resolve("mkfs.ext4"));
  }

  /** The program for a kind. */
  public Path mkfs(FileSystemKind kind) {
    return switch (kind) {
      case XFS -> mkfsXfs;
      case EXT4 -> mkfsExt4;
    };
  }

  /** The program for a kind, and what brings it. */
  public Program program(FileSystemKind kind) {
    return switch (kind) {
      case XFS -> new Program(mkfsXfs.toString(), "xfsprogs");
      case EXT4 -> new Program(mkfsExt4.toString(), "e2fsprogs");
    };
  }

  /** The version of the program for a kind, as it says itself. */
  public Version version(FileSystemKind kind) {
    // mkfs.xfs prints it on its standard output, mkfs.ext4 on the other.
    Command.Result result = Command.of(mkfs(kind).toString(), "-V").run();
    Matcher number = NUMBER.matcher(result.out() + result.err());
    if (!number.find()) {
      throw new OperatorError(mkfs(kind) + " -V does not print a version.");
    }
    return new Version(number.group());
  }
}
