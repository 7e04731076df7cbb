package dev.slipway.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The records of a PAX extended header, as bytes: {@code "LENGTH KEY=VALUE\n"}, LENGTH counting
 * itself. Values may hold any bytes, newlines too, so they are never read as text here. Kept in
 * order: GNU's sparse format 0.0 repeats keys.
 */
final class PaxRecords {
  /** One record. */
  record Pair(ByteString key, ByteString value) {}

  static final PaxRecords NONE = new PaxRecords(List.of());

  private final List<Pair> records;

  private PaxRecords(List<Pair> records) {
    this.records = records;
  }

  static PaxRecords parse(byte[] data) {
    List<Pair> records = new ArrayList<>();
    int at = 0;
    while (at < data.length) {
      if (data[at] == 0) {
        // Some writers pad with zero bytes and count them.
        break;
      }
      int space = indexOf(data, (byte) ' ', at, Math.min(data.length, at + 20));
      int length = (int) Math.min(Integer.MAX_VALUE, TarNumber.decimal(bytes(data, at, space)));
      int end = at + length;
      if (length <= space - at + 1 || end > data.length || end < 0 || data[end - 1] != '\n') {
        throw damaged();
      }
      int equals = indexOf(data, (byte) '=', space + 1, end);
      records.add(new Pair(bytes(data, space + 1, equals), bytes(data, equals + 1, end - 1)));
      at = end;
    }
    return new PaxRecords(List.copyOf(records));
  }

  private static int indexOf(byte[] data, byte wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (data[i] == wanted) {
        return i;
      }
    }
    throw damaged();
  }

  private static ByteString bytes(byte[] data, int from, int to) {
    return ByteString.of(Arrays.copyOfRange(data, from, to));
  }

  private static TreeException damaged() {
    return new TreeException(
        "The tar archive is damaged: a PAX header has a record of a wrong length.");
  }

  /** These records with others behind them, which win over them. */
  PaxRecords with(PaxRecords later) {
    List<Pair> all = new ArrayList<>(records);
    all.addAll(later.records);
    return new PaxRecords(List.copyOf(all));
  }

  /** How many bytes keys and values have together, and one more for each record. */
  long size() {
    return records.stream()
        .mapToLong(record -> 1L + record.key().length() + record.value().length())
        .sum();
  }

  List<Pair> all() {
    return records;
  }

  /** The last value of a key; an empty value takes an earlier one back, as POSIX has it. */
  Optional<ByteString> value(String key) {
    ByteString wanted = ByteString.of(key);
    for (int i = records.size() - 1; i >= 0; i--) {
      if (records.get(i).key().equals(wanted)) {
        return Optional.of(records.get(i).value()).filter(value -> value.length() > 0);
      }
    }
    return Optional.empty();
  }

  /** Whether a key begins so. */
  boolean hasPrefix(String prefix) {
    return records.stream().anyMatch(record -> record.key().startsWith(prefix));
  }
}
