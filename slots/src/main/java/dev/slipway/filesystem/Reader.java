package dev.slipway.filesystem;

/**
 * Somebody who has to read a file system.
 *
 * @param name for people: {@code slot "bullseye"}, {@code the shared boot loader}
 * @param assumed whether its version is not known and was taken to be an old one
 */
public record Reader(
    ReaderKind kind, String name, Version version, Vendor vendor, boolean assumed) {

  /** Whose version is known. */
  public static Reader of(ReaderKind kind, String name, Version version, Vendor vendor) {
    return new Reader(kind, name, version, vendor, false);
  }

  /** Whose version is not known. */
  public static Reader assumed(ReaderKind kind, String name, Version version, Vendor vendor) {
    return new Reader(kind, name, version, vendor, true);
  }

  /** Why this reader forbids a feature that it does not know, as the end of a sentence. */
  String refusalOf(Feature feature) {
    var upstream = feature.needs().get(kind).upstream();
    return switch (kind) {
      case KERNEL ->
          name
              + (assumed ? " runs an unknown kernel, taken for " : " runs ")
              + version
              + upstream.map(needed -> " (needs " + needed + ")").orElse(" (no kernel knows it)");
      case FSCK ->
          feature.fileSystem().fsck()
              + (assumed ? " of unknown version, taken for " : " ")
              + version
              + (assumed ? "," : "")
              + " in "
              + name
              + " refuses it; "
              + upstream.map(needed -> "needs " + needed).orElse("none knows it");
      case GRUB ->
          "GRUB "
              + (assumed ? "of unknown version, taken for " : "")
              + version
              + " ("
              + name
              + ") cannot read it; "
              + upstream.map(needed -> "needs " + needed).orElse("no GRUB can");
    };
  }
}
