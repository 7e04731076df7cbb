package dev.slipway.tree;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable sequence of bytes, ordered as unsigned bytes: a file name, a link's target, an
 * xattr's name or value.
 */
public final class ByteString implements Comparable<ByteString> {
  private final byte[] bytes;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The text in UTF-8. */
  public static ByteString of(String text) {
    return new ByteString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of these bytes. */
  public static ByteString of(byte[] bytes) {
    return new ByteString(bytes.clone());
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** The byte at this index. */
  public byte at(int index) {
    return bytes[index];
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The bytes from one index up to but not including another. */
  public ByteString slice(int from, int to) {
    return new ByteString(Arrays.copyOfRange(bytes, from, to));
  }

  /** Whether it begins with this text's UTF-8. */
  public boolean startsWith(String prefix) {
    byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  /** Whether a byte occurs in it. */
  public boolean contains(byte wanted) {
    for (byte b : bytes) {
      if (b == wanted) {
        return true;
      }
    }
    return false;
  }

  /** The bytes as lower-case hexadecimal digits. */
  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  /** Reads what {@link #toHex} writes. */
  public static ByteString ofHex(String digits) {
    return new ByteString(HexFormat.of().parseHex(digits));
  }

  /** The bytes read as UTF-8. For names that must be text; others lose what is no UTF-8. */
  public String toText() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * One word of printable ASCII that stands for exactly these bytes: what is no printable ASCII,
   * and spaces and backslashes, come as {@code \xHH}.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b > ' ' && b < 0x7f && b != '\\') {
        text.append((char) b);
      } else {
        text.append(String.format("\\x%02x", b));
      }
    }
    return text.toString();
  }

  /** Reads what {@link #toString} writes. */
  public static ByteString parse(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c > 0x7e || c <= ' ') {
        throw new IllegalArgumentException("not an escaped name: " + escaped);
      }
      if (c != '\\') {
        bytes.write(c);
      } else if (escaped.startsWith("\\x", i) && i + 4 <= escaped.length()) {
        bytes.write(Integer.parseInt(escaped.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        throw new IllegalArgumentException("not an escaped name: " + escaped);
      }
    }
    return new ByteString(bytes.toByteArray());
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
