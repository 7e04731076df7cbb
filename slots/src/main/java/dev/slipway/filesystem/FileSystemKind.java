package dev.slipway.filesystem;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The file systems that slots can have. */
public enum FileSystemKind {
  XFS(12),
  EXT4(16);

  private final int labelLength;

  FileSystemKind(int labelLength) {
    this.labelLength = labelLength;
  }

  /** Finds the kind by the name that mount(8) and disk.yml use. */
  public static Optional<FileSystemKind> of(String name) {
    return Arrays.stream(values()).filter(kind -> kind.token().equals(name)).findFirst();
  }

  /** As mount(8) names it. */
  public String token() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A label from a slot's name, cut to what the kind can hold. Labels are for people to read:
   * nothing finds a file system by one.
   */
  public String labelFor(String name) {
    return name.substring(0, Math.min(name.length(), labelLength));
  }
}
