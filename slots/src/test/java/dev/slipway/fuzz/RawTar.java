package dev.slipway.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Tar archives as no honest program writes them: any bytes in any field, but right checksums. */
final class RawTar {
  private static final int BLOCK = 512;
  private static final int SIZE = 124;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int LINK = 157;
  private static final int MAGIC = 257;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds a ustar entry; names longer than their field are cut. */
  RawTar add(char type, String name, String link, int mode, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, 100, name);
    put(header, 100, 8, "%07o".formatted(mode));
    put(header, 108, 8, "0000000");
    put(header, 116, 8, "0000000");
    put(header, SIZE, 12, "%011o".formatted(content.length));
    put(header, 136, 12, "00000000000");
    header[TYPE] = (byte) type;
    put(header, LINK, 100, link);
    put(header, MAGIC, 8, "ustar\00000");
    put(header, 329, 8, "0000001");
    put(header, 337, 8, "0000003");
    seal(header, 0);
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[padding(content.length)]);
    return this;
  }

  /** The archive with its end mark. */
  byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(out.toByteArray());
    whole.writeBytes(new byte[2 * BLOCK]);
    return whole.toByteArray();
  }

  /** These bytes with a right checksum wherever a reader would look for a header. */
  static byte[] sealed(byte[] archive) {
    byte[] sealed = archive.clone();
    int at = 0;
    while (at + BLOCK <= sealed.length) {
      if (sealed[at] != 0) {
        seal(sealed, at);
      }
      long size = size(sealed, at);
      at += (int) Math.min(Integer.MAX_VALUE / 2, BLOCK + size + padding(size));
    }
    return sealed;
  }

  private static long size(byte[] archive, int at) {
    long size = 0;
    for (int i = at + SIZE; i < at + SIZE + 11 && archive[i] >= '0' && archive[i] <= '7'; i++) {
      size = size * 8 + archive[i] - '0';
    }
    return Math.min(size, Integer.MAX_VALUE / 4);
  }

  private static int padding(long size) {
    return (int) (-size & (BLOCK - 1));
  }

  private static void seal(byte[] archive, int at) {
    put(archive, at + CHECKSUM, 8, "        ");
    int sum = 0;
    for (int i = at; i < at + BLOCK; i++) {
      sum += archive[i] & 0xff;
    }
    put(archive, at + CHECKSUM, 8, "%06o\0 ".formatted(sum));
  }

  private static void put(byte[] archive, int at, int most, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, archive, at, Math.min(most, bytes.length));
  }
}
