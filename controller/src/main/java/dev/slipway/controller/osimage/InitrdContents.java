package dev.slipway.controller.osimage;

import dev.slipway.image.Decompression;
import dev.slipway.linux.OperatorError;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names in an initrd: archives one after another, each a cpio in the "newc" format, with zeros
 * between them; the last may be compressed with gzip, zstd, xz or bzip2 (Linux
 * Documentation/driver-api/early-userspace/buffer-format.rst).
 */
final class InitrdContents {
  private static final int HEADER = 110;
  private static final int SIZE_FIELD = 54;
  private static final int NAME_SIZE_FIELD = 94;
  private static final int FIELD = 8;
  private static final int MAGIC = 6;
  private static final String LAST = "TRAILER!!!";

  /** PATH_MAX of Linux, the end included. */
  private static final int LONGEST_NAME = 4096;

  private static final int MOST_NAMES = 500_000;

  private final Set<String> names = new LinkedHashSet<>();
  private Optional<ForeignCompression> unopened = Optional.empty();
  private Optional<String> rest = Optional.empty();

  private InitrdContents() {}

  /**
   * Reads an initrd to its end.
   *
   * @throws OperatorError when it is cut off, damaged or not in a known format
   */
  static InitrdContents of(InputStream initrd) {
    InitrdContents contents = asFarAsItOpens(initrd);
    contents.unopened.ifPresent(
        compression -> {
          throw new OperatorError(
              "The initrd is in a format that Slipway does not read: a part of it is compressed with "
                  + compression.word()
                  + ", not with gzip, zstd, xz or bzip2.");
        });
    contents.rest.ifPresent(
        why -> {
          throw new OperatorError("The initrd is damaged: " + why + ".");
        });
    return contents;
  }

  /**
   * Reads an initrd to its end, or to a part that Linux knows to decompress and Slipway does not.
   *
   * @throws OperatorError when it is cut off, damaged or not in a format that Linux knows
   */
  static InitrdContents asFarAsItOpens(InputStream initrd) {
    InitrdContents contents = new InitrdContents();
    try {
      BufferedInputStream in = new BufferedInputStream(initrd);
      contents.readArchives(in);
      contents.readCompressed(in);
    } catch (EOFException e) {
      throw new OperatorError("The initrd is cut off: its last archive has no end.", e);
    } catch (IOException e) {
      throw new OperatorError("The initrd is damaged: " + e.getMessage() + ".", e);
    }
    return contents;
  }

  /** Paths without a leading slash. */
  Set<String> names() {
    return names;
  }

  /** What a last part is compressed with that was not opened. */
  Optional<ForeignCompression> unopened() {
    return unopened;
  }

  /** Why what follows its compressed part was not read; empty when all was. */
  Optional<String> rest() {
    return rest;
  }

  /** The names of the kernel modules in it. */
  Set<String> modules() {
    return names.stream()
        .filter(name -> name.matches(".*\\.ko(\\.gz|\\.xz|\\.zst)?"))
        .map(KernelModules::nameOf)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Reads plain archives up to the end or to something else. */
  private void readArchives(BufferedInputStream in) throws IOException {
    skipZeros(in);
    while (isArchive(peek(in))) {
      readArchive(in);
      skipZeros(in);
    }
  }

  private void readCompressed(BufferedInputStream in) throws IOException {
    byte[] start = peek(in);
    unopened = ForeignCompression.of(start);
    if (start.length == 0 || unopened.isPresent()) {
      return;
    }
    BufferedInputStream plain = new BufferedInputStream(Decompression.of(in));
    if (!isArchive(peek(plain))) {
      throw new OperatorError(
          "The initrd is in a format that Slipway does not read: a part of it is no cpio, plain or"
              + " compressed with gzip, zstd, xz or bzip2.");
    }
    readArchive(plain);
    try {
      readArchives(plain);
    } catch (EOFException e) {
      throw e;
    } catch (IOException e) {
      // Linux unpacks what follows a compressed part, too, whatever that is compressed with.
      rest = Optional.of(e.getMessage());
      return;
    }
    if (peek(plain).length > 0) {
      throw new OperatorError("The initrd is damaged: its last archive ends in something else.");
    }
  }

  private static byte[] peek(BufferedInputStream in) throws IOException {
    in.mark(MAGIC);
    byte[] start = in.readNBytes(MAGIC);
    in.reset();
    return start;
  }

  private static boolean isArchive(byte[] start) {
    String magic = new String(start, StandardCharsets.US_ASCII);
    return magic.equals("070701") || magic.equals("070702");
  }

  private static void skipZeros(BufferedInputStream in) throws IOException {
    int next;
    do {
      in.mark(1);
      next = in.read();
    } while (next == 0);
    in.reset();
  }

  /** Names and contents are padded to four bytes, counted from the archive's start. */
  private void readArchive(BufferedInputStream in) throws IOException {
    while (true) {
      byte[] header = in.readNBytes(HEADER);
      if (header.length < HEADER) {
        throw new EOFException();
      }
      if (!isArchive(Arrays.copyOf(header, MAGIC))) {
        throw new OperatorError("The initrd is damaged: an archive goes on without an entry.");
      }
      long size = hex(header, SIZE_FIELD);
      long nameSize = hex(header, NAME_SIZE_FIELD);
      if (nameSize < 1 || nameSize > LONGEST_NAME) {
        throw new OperatorError("The initrd is damaged: a name of " + nameSize + " bytes in it.");
      }
      byte[] bytes = in.readNBytes((int) nameSize);
      String name =
          new String(bytes, 0, Math.max(0, bytes.length - 1), StandardCharsets.ISO_8859_1);
      if (bytes.length < nameSize) {
        throw new EOFException();
      }
      if (name.equals(LAST)) {
        return;
      }
      in.skipNBytes(padding(HEADER + nameSize));
      in.skipNBytes(size);
      in.skipNBytes(padding(size));
      add(name);
    }
  }

  private void add(String name) {
    if (names.size() == MOST_NAMES) {
      throw new OperatorError("The initrd is damaged: more than " + MOST_NAMES + " names in it.");
    }
    names.add(name.startsWith("./") ? name.substring(2) : name);
  }

  private static long padding(long length) {
    return -length & 3;
  }

  private static long hex(byte[] bytes, int at) {
    String text = new String(bytes, at, FIELD, StandardCharsets.US_ASCII);
    try {
      return Long.parseUnsignedLong(text, 16);
    } catch (NumberFormatException e) {
      throw new OperatorError("The initrd is damaged: '" + text + "' stands for a number.", e);
    }
  }
}
