package dev.slipway.tree;

import java.util.Arrays;

/**
 * One header block: the fields of ustar (POSIX.1-2001, pax, "ustar Interchange Format") with GNU's
 * and star's variations.
 *
 * @param name with the prefix, where the format has one
 * @param type the type flag
 * @param block the whole block, for what only some types have
 */
record TarHeader(
    ByteString name,
    int mode,
    long uid,
    long gid,
    long size,
    long mtime,
    char type,
    ByteString linkName,
    int major,
    int minor,
    ByteString block) {
  static final int BLOCK = 512;

  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_LENGTH = 155;
  private static final int STAR_PREFIX_LENGTH = 131;
  private static final int STAR_TRAILER = 508;

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is a whole header with a sum that fits; nothing but tar begins with one. */
  static boolean isHeader(byte[] block) {
    return block.length == BLOCK && sumFits(block);
  }

  static TarHeader parse(byte[] block) {
    if (!sumFits(block)) {
      throw new TreeException(
          "The tar archive is damaged: a header's checksum is wrong. Fetch or make it again.");
    }
    ByteString name = field(block, 0, 100);
    boolean posix = is(block, MAGIC, "ustar\0");
    boolean gnu = is(block, MAGIC, "ustar  ");
    if (posix) {
      int length = is(block, STAR_TRAILER, "tar\0") ? STAR_PREFIX_LENGTH : PREFIX_LENGTH;
      ByteString prefix = field(block, PREFIX, length);
      if (prefix.length() > 0) {
        name = joined(prefix, name);
      }
    }
    char type = (char) (block[156] & 0xff);
    boolean device = type == '3' || type == '4';
    return new TarHeader(
        name,
        (int) (TarNumber.ofField(block, 100, 8) & 07777),
        TarNumber.ofField(block, 108, 8),
        TarNumber.ofField(block, 116, 8),
        TarNumber.ofField(block, 124, 12),
        TarNumber.ofField(block, 136, 12),
        type,
        field(block, 157, 100),
        device && (posix || gnu) ? (int) TarNumber.ofField(block, 329, 8) : 0,
        device && (posix || gnu) ? (int) TarNumber.ofField(block, 337, 8) : 0,
        ByteString.of(block));
  }

  // Some old writers summed signed bytes; both are in use.
  private static boolean sumFits(byte[] block) {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean inSum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
      unsigned += inSum ? ' ' : block[i] & 0xff;
      signed += inSum ? ' ' : block[i];
    }
    long stated = statedSum(block);
    return stated == unsigned || stated == signed;
  }

  private static long statedSum(byte[] block) {
    try {
      return TarNumber.ofField(block, CHECKSUM, CHECKSUM_LENGTH);
    } catch (TreeException e) {
      return -1;
    }
  }

  private static boolean is(byte[] block, int offset, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (block[offset + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static ByteString joined(ByteString prefix, ByteString name) {
    byte[] joined = Arrays.copyOf(prefix.toBytes(), prefix.length() + 1 + name.length());
    joined[prefix.length()] = '/';
    System.arraycopy(name.toBytes(), 0, joined, prefix.length() + 1, name.length());
    return ByteString.of(joined);
  }

  /** A text field: up to its first zero byte. */
  private static ByteString field(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return ByteString.of(Arrays.copyOfRange(block, offset, end));
  }
}
