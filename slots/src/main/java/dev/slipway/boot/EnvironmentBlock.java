package dev.slipway.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A GRUB environment block, read and changed exactly as GRUB does it (grub-core/lib/envblk.c): what
 * GRUB makes of a damaged block decides which copy of the boot environment counts.
 */
final class EnvironmentBlock {

  static final int SIZE = 1024;
  static final String SIGNATURE = "# GRUB Environment Block\n";

  private EnvironmentBlock() {}

  /** A whole block with these records in this order. */
  static byte[] of(Map<String, String> records) {
    StringBuilder text = new StringBuilder(SIGNATURE);
    records.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    byte[] block = new byte[SIZE];
    Arrays.fill(block, (byte) '#');
    byte[] head = text.toString().getBytes(ISO_8859_1);
    System.arraycopy(head, 0, block, 0, head.length);
    return block;
  }

  /** All records, the last of each name; empty when {@code load_env} fails on this file. */
  static Optional<Map<String, String>> load(byte[] file) {
    byte[] signature = SIGNATURE.getBytes(ISO_8859_1);
    if (file.length < signature.length
        || !Arrays.equals(file, 0, signature.length, signature, 0, signature.length)) {
      return Optional.empty();
    }
    Map<String, String> records = new LinkedHashMap<>();
    int at = signature.length;
    while (at < file.length) {
      if (file[at] != '#') {
        int name = at;
        while (at < file.length && file[at] != '=') {
          at++;
        }
        if (at == file.length) {
          break;
        }
        int value = at + 1;
        int end = endOfValue(file, value);
        if (end >= file.length) {
          break;
        }
        records.put(cString(file, name, at), unescaped(file, value, end));
        at = end;
      }
      at = nextLine(file, at);
    }
    return Optional.of(records);
  }

  /** The file after {@code save_env} of one variable; empty when that fails and nothing changes. */
  static Optional<byte[]> save(byte[] file, String variable, String newValue) {
    if (load(file).isEmpty()) {
      return Optional.empty();
    }
    int space = file.length - 1;
    while (file[space] == '#') {
      space--;
    }
    if (file[space] != '\n') {
      return Optional.empty();
    }
    space++;
    byte[] name = (variable + "=").getBytes(ISO_8859_1);
    byte[] value = newValue.getBytes(ISO_8859_1);
    int at = SIGNATURE.length();
    while (at + name.length < space) {
      if (Arrays.equals(file, at, at + name.length, name, 0, name.length)) {
        int start = at + name.length;
        int end = endOfValue(file, start);
        if (end >= file.length || file.length - space < value.length - (end - start)) {
          return Optional.empty();
        }
        return Optional.of(replaced(file, start, end, value));
      }
      at = nextLine(file, at);
    }
    if (file.length - space < name.length + value.length + 1) {
      return Optional.empty();
    }
    byte[] appended = file.clone();
    System.arraycopy(name, 0, appended, space, name.length);
    System.arraycopy(value, 0, appended, space + name.length, value.length);
    appended[space + name.length + value.length] = '\n';
    return Optional.of(appended);
  }

  private static byte[] replaced(byte[] file, int start, int end, byte[] value) {
    byte[] changed = new byte[file.length];
    Arrays.fill(changed, (byte) '#');
    System.arraycopy(file, 0, changed, 0, start);
    System.arraycopy(value, 0, changed, start, value.length);
    int tail = start + value.length;
    System.arraycopy(file, end, changed, tail, file.length - Math.max(end, tail));
    return changed;
  }

  private static int endOfValue(byte[] file, int from) {
    int at = from;
    while (at < file.length && file[at] != '\n') {
      at += file[at] == '\\' ? 2 : 1;
    }
    return at;
  }

  private static int nextLine(byte[] file, int from) {
    int at = from;
    while (at < file.length && file[at] != '\n') {
      at += file[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static String unescaped(byte[] file, int from, int end) {
    byte[] text = new byte[end - from];
    int length = 0;
    for (int at = from; at < end; at++) {
      if (file[at] == '\\') {
        at++;
      }
      text[length++] = file[at];
    }
    return cString(text, 0, length);
  }

  /** GRUB's strings end at the first zero byte. */
  private static String cString(byte[] bytes, int from, int end) {
    int stop = from;
    while (stop < end && bytes[stop] != 0) {
      stop++;
    }
    return new String(bytes, from, stop - from, ISO_8859_1);
  }
}
