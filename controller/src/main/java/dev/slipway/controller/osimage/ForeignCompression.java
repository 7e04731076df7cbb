package dev.slipway.controller.osimage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What an initrd may be compressed with for Linux and not for Slipway, by what such data begins
 * with, as ISO 8859-1 (Linux lib/decompress.c).
 */
enum ForeignCompression {
  LZMA("]\0\0"),
  LZO("\u0089LZO"),
  /** In the older form of its frames, which is the kernel's. */
  LZ4("\u0002!L\u0018");

  private final String magic;

  ForeignCompression(String magic) {
    this.magic = magic;
  }

  /** The one of data that starts so. */
  static Optional<ForeignCompression> of(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(compression -> text.startsWith(compression.magic))
        .findFirst();
  }

  /** As its program is called. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
