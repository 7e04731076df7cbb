package dev.slipway.controller.registry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a document, as one range of RFC 9110 section 14 asks for it.
 *
 * @param first offset of the first byte
 * @param length how many, at least 1
 */
record ByteRange(long first, long length) {
  private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  /**
   * What the header asks for.
   *
   * @return empty when all of the document is to be sent: without a header, or with one that a
   *     server may ignore, such as several ranges
   * @throws RegistryError 416 when it asks for nothing that the document has
   */
  static Optional<ByteRange> of(String header, long size) {
    Matcher range = ONE.matcher(header == null ? "" : header.strip());
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return Optional.empty();
    }
    long first;
    long last;
    if (range.group(1).isEmpty()) {
      first = Math.max(0, size - Long.parseLong(range.group(2)));
      last = size - 1;
    } else {
      first = Long.parseLong(range.group(1));
      last =
          range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
    }
    if (first > last) {
      throw RegistryError.rangeInvalid(size);
    }
    return Optional.of(new ByteRange(first, last - first + 1));
  }

  String contentRange(long size) {
    return "bytes " + first + "-" + (first + length - 1) + "/" + size;
  }
}
