package dev.slipway.tree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the stored pieces of a sparse file belong. GNU tar has four ways of writing this (its
 * manual, "Sparse Formats"): type S, and PAX 0.0, 0.1 and 1.0.
 */
final class SparseMap {
  /** A piece that is stored. */
  record Segment(long offset, long length) {}

  private static final int OLD_SEGMENTS = 386;
  private static final int OLD_COUNT = 4;
  private static final int OLD_EXTENDED = 482;
  private static final int OLD_REAL_SIZE = 483;
  private static final int EXTENSION_COUNT = 21;
  private static final int EXTENSION_EXTENDED = 504;
  private static final int SEGMENT = 24;

  private final List<Segment> segments;
  private final long realSize;

  private SparseMap(List<Segment> segments, long realSize, TarLimits limits) {
    if (realSize > limits.fileSize()) {
      throw new TreeException(
          "The tar archive has a sparse file of "
              + realSize
              + " bytes; Slipway takes at most "
              + limits.fileSize()
              + ".");
    }
    long end = 0;
    for (Segment segment : segments) {
      if (segment.offset() < end
          || segment.length() < 0
          || segment.length() > realSize - segment.offset()) {
        throw damaged();
      }
      end = segment.offset() + segment.length();
    }
    this.segments = List.copyOf(segments);
    this.realSize = realSize;
  }

  List<Segment> segments() {
    return segments;
  }

  /** The file's size with its holes. */
  long realSize() {
    return realSize;
  }

  /** How many bytes are stored. */
  long storedSize() {
    return segments.stream().mapToLong(Segment::length).sum();
  }

  /** How many bytes of the file take room once it is written. */
  long allocated() {
    Grains grains = new Grains();
    segments.forEach(piece -> grains.add(piece.offset(), piece.offset() + piece.length()));
    return grains.inFileOf(realSize);
  }

  /** The map of a header of type S; reads the extension blocks behind it. */
  static SparseMap ofOldFormat(TarHeader header, TarSource source, TarLimits limits) {
    List<Segment> segments = new ArrayList<>();
    byte[] block = header.block().toBytes();
    addFields(segments, block, OLD_SEGMENTS, OLD_COUNT);
    boolean extended = block[OLD_EXTENDED] != 0;
    while (extended) {
      byte[] extension = source.bytes(TarHeader.BLOCK);
      addFields(segments, extension, 0, EXTENSION_COUNT);
      checkCount(segments.size(), limits);
      extended = extension[EXTENSION_EXTENDED] != 0;
    }
    return new SparseMap(segments, TarNumber.ofField(block, OLD_REAL_SIZE, 12), limits);
  }

  private static void addFields(List<Segment> segments, byte[] block, int offset, int count) {
    for (int i = 0; i < count; i++) {
      int at = offset + i * SEGMENT;
      if (block[at] == 0) {
        return;
      }
      segments.add(
          new Segment(TarNumber.ofField(block, at, 12), TarNumber.ofField(block, at + 12, 12)));
    }
  }

  /**
   * The map in the PAX records (0.0, 0.1) or at the start of the content (1.0); empty when the file
   * is not sparse.
   */
  static Optional<SparseMap> ofPax(
      PaxRecords pax, TarSource source, long[] stored, TarLimits limits) {
    Optional<ByteString> major = pax.value("GNU.sparse.major");
    if (major.isPresent()) {
      if (!major.get().equals(ByteString.of("1"))) {
        throw new TreeException(
            "The tar archive has a sparse file of GNU's format "
                + major.get()
                + "; Slipway reads 0 and 1.");
      }
      return Optional.of(ofContent(realSize(pax, "GNU.sparse.realsize"), source, stored, limits));
    }
    if (!pax.hasPrefix("GNU.sparse.")) {
      return Optional.empty();
    }
    List<Long> numbers = new ArrayList<>();
    Optional<ByteString> map = pax.value("GNU.sparse.map");
    if (map.isPresent()) {
      for (String number : map.get().toText().split(",", -1)) {
        numbers.add(TarNumber.decimal(ByteString.of(number)));
      }
    } else {
      for (PaxRecords.Pair record : pax.all()) {
        String key = record.key().toText();
        if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
          numbers.add(TarNumber.decimal(record.value()));
        }
      }
    }
    return Optional.of(ofNumbers(numbers, realSize(pax, "GNU.sparse.size"), limits));
  }

  private static long realSize(PaxRecords pax, String key) {
    return pax.value(key).map(TarNumber::decimal).orElseThrow(SparseMap::damaged);
  }

  // Decimal numbers, each ended by a newline: how many segments, then offset and length of each;
  // padded to a block.
  private static SparseMap ofContent(
      long realSize, TarSource source, long[] stored, TarLimits limits) {
    List<Long> numbers = new ArrayList<>();
    StringBuilder digits = new StringBuilder();
    long expected = 1;
    while (numbers.size() < expected) {
      stored[0] -= TarHeader.BLOCK;
      if (stored[0] < 0) {
        throw damaged();
      }
      for (char c :
          new String(source.bytes(TarHeader.BLOCK), StandardCharsets.ISO_8859_1).toCharArray()) {
        if (numbers.size() == expected) {
          break;
        }
        if (c != '\n') {
          digits.append(c);
          continue;
        }
        numbers.add(TarNumber.decimal(ByteString.of(digits.toString())));
        digits.setLength(0);
        if (numbers.size() == 1) {
          checkCount(numbers.get(0), limits);
          expected = 1 + 2 * numbers.get(0);
        }
      }
    }
    return ofNumbers(numbers.subList(1, numbers.size()), realSize, limits);
  }

  private static SparseMap ofNumbers(List<Long> numbers, long realSize, TarLimits limits) {
    if (numbers.size() % 2 != 0) {
      throw damaged();
    }
    checkCount(numbers.size() / 2, limits);
    List<Segment> segments = new ArrayList<>(numbers.size() / 2);
    for (int i = 0; i < numbers.size(); i += 2) {
      segments.add(new Segment(numbers.get(i), numbers.get(i + 1)));
    }
    return new SparseMap(segments, realSize, limits);
  }

  private static void checkCount(long count, TarLimits limits) {
    if (count > limits.sparseSegments()) {
      throw new TreeException(
          "The tar archive has a sparse file of more than " + limits.sparseSegments() + " pieces.");
    }
  }

  private static TreeException damaged() {
    return new TreeException(
        "The tar archive is damaged: the map of a sparse file makes no sense.");
  }
}
