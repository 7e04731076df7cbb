package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * The names in an initrd: archives one after another, each a cpio in the "newc" format, plain or
 * gzipped, with zeros between them (Linux
 * Documentation/driver-api/early-userspace/buffer-format.rst). Other compressions are refused,
 * because Slipway has initrds made with gzip.
 */
final class InitrdContents {
  private static final int HEADER = 110;
  private static final int SIZE_FIELD = 54;
  private static final int NAME_SIZE_FIELD = 94;
  private static final int FIELD = 8;
  private static final int GZIP_BUFFER = 64 * 1024;
  private static final String LAST = "TRAILER!!!";

  private final Set<String> names = new LinkedHashSet<>();

  private InitrdContents() {}

  /**
   * Reads an initrd.
   *
   * @throws OperatorError when it is cut off or not in a known format
   */
  static InitrdContents of(byte[] initrd) {
    InitrdContents contents = new InitrdContents();
    contents.readArchives(initrd);
    return contents;
  }

  /** Paths without a leading slash. */
  Set<String> names() {
    return names;
  }

  /** The names of the kernel modules in it. */
  Set<String> modules() {
    return names.stream()
        .filter(name -> name.matches(".*\\.ko(\\.gz|\\.xz|\\.zst)?"))
        .map(KernelModules::nameOf)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void readArchives(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (bytes[at] == 0) {
        at++;
      } else if (startsWith(bytes, at, "070701") || startsWith(bytes, at, "070702")) {
        at = readArchive(bytes, at);
      } else if ((bytes[at] & 0xff) == 0x1f
          && at + 1 < bytes.length
          && (bytes[at + 1] & 0xff) == 0x8b) {
        readArchives(unzip(bytes, at));
        return;
      } else {
        throw new OperatorError(
            "The initrd is in a format that Slipway does not read, at byte "
                + at
                + "; it expects cpio and gzip.");
      }
    }
  }

  private static byte[] unzip(byte[] bytes, int at) {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(bytes, at, bytes.length - at), GZIP_BUFFER)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new OperatorError("The initrd is damaged: " + e.getMessage() + ".", e);
    }
  }

  /** Reads entries up to the archive's end; returns where that is. */
  private int readArchive(byte[] bytes, int start) {
    int at = start;
    while (at + HEADER <= bytes.length) {
      if (!startsWith(bytes, at, "07070")) {
        throw new OperatorError("The initrd is damaged: no entry stands at byte " + at + ".");
      }
      long size = hex(bytes, at + SIZE_FIELD);
      int nameSize = (int) hex(bytes, at + NAME_SIZE_FIELD);
      long content = align(at + HEADER + (long) nameSize, start);
      long next = align(content + size, start);
      if (nameSize < 1 || content > bytes.length || content + size > bytes.length) {
        throw cutOff();
      }
      String name = new String(bytes, at + HEADER, nameSize - 1, StandardCharsets.ISO_8859_1);
      if (name.equals(LAST)) {
        return (int) Math.min(next, bytes.length);
      }
      names.add(name.startsWith("./") ? name.substring(2) : name);
      at = (int) Math.min(next, bytes.length);
    }
    throw cutOff();
  }

  private static OperatorError cutOff() {
    return new OperatorError("The initrd is cut off: its last archive has no end.");
  }

  /** Names and contents are padded to four bytes, counted from the archive's start. */
  private static long align(long position, int start) {
    return start + ((position - start + 3) & ~3L);
  }

  private static long hex(byte[] bytes, int at) {
    try {
      return Long.parseLong(new String(bytes, at, FIELD, StandardCharsets.US_ASCII), 16);
    } catch (NumberFormatException e) {
      throw new OperatorError("The initrd is damaged: no number stands at byte " + at + ".", e);
    }
  }

  private static boolean startsWith(byte[] bytes, int at, String magic) {
    return at + magic.length() <= bytes.length
        && new String(bytes, at, magic.length(), StandardCharsets.US_ASCII).equals(magic);
  }
}
