package dev.slipway.disk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.slipway.linux.OperatorError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A FAT16 or FAT32 file system, read only (Microsoft Extensible Firmware Initiative FAT32 File
 * System Specification 1.03). Every number on the disk is taken for hostile: a place outside of the
 * file system, or a chain of clusters that does not end, is an error.
 */
final class FatVolume {

  private static final int ENTRY = 32;
  private static final int LONG_NAME = 0x0f;
  private static final int VOLUME_LABEL = 0x08;
  private static final int DIRECTORY = 0x10;

  /** The most bytes that a directory can have: 65 536 entries. */
  private static final int LARGEST_DIRECTORY = 65_536 * ENTRY;

  private final DiskFile disk;
  private final long start;
  private final long fatOffset;
  private final boolean fat32;
  private final long rootDirectory;
  private final int rootEntries;
  private final long rootCluster;
  private final long dataOffset;
  private final int clusterSize;
  private final long clusters;

  private FatVolume(DiskFile disk, long start) {
    this.disk = disk;
    this.start = start;
    if (start < 0 || start > disk.size() - Partition.SECTOR) {
      throw new OperatorError(
          "No FAT file system can start at byte " + start + " of " + disk.path() + ".");
    }
    ByteBuffer boot = disk.read(start, Partition.SECTOR);
    int sectorSize = boot.getChar(11);
    int sectorsPerCluster = boot.get(13) & 0xff;
    int reserved = boot.getChar(14);
    int fats = boot.get(16) & 0xff;
    this.rootEntries = boot.getChar(17);
    long total = boot.getChar(19) != 0 ? boot.getChar(19) : unsigned(boot.getInt(32));
    long fatSectors = boot.getChar(22) != 0 ? boot.getChar(22) : unsigned(boot.getInt(36));
    if (boot.getChar(510) != 0xaa55
        || sectorSize != Partition.SECTOR
        || Integer.bitCount(sectorsPerCluster) != 1
        || reserved == 0
        || fats < 1
        || fats > 2
        || fatSectors == 0) {
      throw new OperatorError(
          "There is no FAT file system with sectors of 512 bytes at byte "
              + start
              + " of "
              + disk.path()
              + ".");
    }
    long rootSectors = (rootEntries * (long) ENTRY + sectorSize - 1) / sectorSize;
    long dataSector = reserved + fats * fatSectors + rootSectors;
    this.clusters = (total - dataSector) / sectorsPerCluster;
    this.fat32 = clusters >= 65_525;
    this.clusterSize = sectorsPerCluster * sectorSize;
    this.rootDirectory = start + (dataSector - rootSectors) * sectorSize;
    this.dataOffset = start + dataSector * sectorSize;
    if (total <= dataSector || total > (disk.size() - start) / sectorSize) {
      throw damaged("it claims more room than there is");
    }
    if (clusters < 4_085) {
      throw new OperatorError(
          "The FAT file system at byte "
              + start
              + " of "
              + disk.path()
              + " is FAT12; only FAT16 and FAT32 are supported.");
    }
    if ((clusters + 2) * (fat32 ? 4 : 2) > fatSectors * sectorSize) {
      throw damaged("its allocation table is too small for its clusters");
    }
    int active = 0;
    if (fat32) {
      // Bit 7: the copies are not kept the same, and the low bits say which one counts.
      int flags = boot.getChar(40);
      active = (flags & 0x80) != 0 ? flags & 0x0f : 0;
      if (active >= fats) {
        throw damaged("its active allocation table does not exist");
      }
    }
    this.fatOffset = start + (reserved + active * fatSectors) * sectorSize;
    this.rootCluster = fat32 ? unsigned(boot.getInt(44)) & 0x0fff_ffff : 0;
  }

  static FatVolume open(DiskFile disk, long start) {
    return new FatVolume(disk, start);
  }

  FatFile find(String path) {
    String[] names = path.split("/", -1);
    if (names.length < 2 || !names[0].isEmpty()) {
      throw new IllegalArgumentException("not an absolute path: " + path);
    }
    Directory directory = new Directory(fat32 ? directoryChain(rootCluster) : List.of());
    Optional<Entry> found = Optional.empty();
    for (int i = 1; i < names.length; i++) {
      String name = shortName(names[i]);
      found = directory.entry(name);
      boolean last = i == names.length - 1;
      if (found.isEmpty() || found.get().directory() == last) {
        throw new OperatorError(
            "There is no file " + path + " on the EFI system partition of " + disk.path() + ".");
      }
      if (!last) {
        directory = new Directory(directoryChain(found.get().firstCluster()));
      }
    }
    Entry file = found.orElseThrow();
    return new FatFile(path, file.size(), ranges(file));
  }

  private List<FatFile.Range> ranges(Entry file) {
    long needed = (file.size() + clusterSize - 1) / clusterSize;
    if (needed > clusters) {
      throw damaged("a file is larger than the file system");
    }
    List<Long> chain =
        file.size() == 0 ? List.of() : chain(file.firstCluster(), Math.toIntExact(needed));
    if (chain.size() < needed) {
      throw damaged("the clusters of a file end before its size");
    }
    List<FatFile.Range> ranges = new ArrayList<>();
    long left = file.size();
    for (long cluster : chain) {
      long offset = offsetOf(cluster);
      long length = Math.min(left, clusterSize);
      left -= length;
      FatFile.Range before = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (before != null && before.offset() + before.length() == offset) {
        ranges.set(ranges.size() - 1, new FatFile.Range(before.offset(), before.length() + length));
      } else {
        ranges.add(new FatFile.Range(offset, length));
      }
    }
    return ranges;
  }

  private List<Long> directoryChain(long first) {
    return chain(first, LARGEST_DIRECTORY / clusterSize);
  }

  /** The clusters from this one on, at most so many. */
  private List<Long> chain(long first, int most) {
    List<Long> chain = new ArrayList<>();
    long cluster = first;
    long endMark = fat32 ? 0x0fff_fff8L : 0xfff8L;
    while (cluster < endMark && chain.size() < most) {
      if (cluster < 2 || cluster >= clusters + 2 || chain.size() >= clusters) {
        throw damaged("a chain of clusters leads to cluster " + cluster + " or runs in a circle");
      }
      chain.add(cluster);
      cluster =
          fat32
              ? unsigned(disk.read(fatOffset + cluster * 4, 4).getInt()) & 0x0fff_ffff
              : disk.read(fatOffset + cluster * 2, 2).getChar();
    }
    return chain;
  }

  private long offsetOf(long cluster) {
    return dataOffset + (cluster - 2) * clusterSize;
  }

  private OperatorError damaged(String how) {
    return new OperatorError(
        "The FAT file system at byte "
            + start
            + " of "
            + disk.path()
            + " is damaged: "
            + how
            + ".");
  }

  /** A name as directories hold it: eleven characters, padded with spaces, without the dot. */
  private static String shortName(String name) {
    int dot = name.lastIndexOf('.');
    String base = dot < 0 ? name : name.substring(0, dot);
    String extension = dot < 0 ? "" : name.substring(dot + 1);
    if (base.isEmpty() || base.length() > 8 || extension.length() > 3 || base.contains(".")) {
      throw new IllegalArgumentException("not a name of the form 8.3: " + name);
    }
    return String.format(Locale.ROOT, "%-8s%-3s", base, extension).toUpperCase(Locale.ROOT);
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }

  private record Entry(boolean directory, long firstCluster, long size) {}

  /** A directory: these clusters, or FAT16's root with a place of its own when there are none. */
  private final class Directory {
    private final List<Long> chain;

    Directory(List<Long> chain) {
      this.chain = chain;
    }

    Optional<Entry> entry(String shortName) {
      if (chain.isEmpty()) {
        return entryIn(disk.read(rootDirectory, rootEntries * ENTRY), shortName).entry();
      }
      for (long cluster : chain) {
        Found found = entryIn(disk.read(offsetOf(cluster), clusterSize), shortName);
        if (found.end() || found.entry().isPresent()) {
          return found.entry();
        }
      }
      return Optional.empty();
    }

    private record Found(Optional<Entry> entry, boolean end) {}

    private Found entryIn(ByteBuffer entries, String shortName) {
      for (int at = 0; at + ENTRY <= entries.limit(); at += ENTRY) {
        if (entries.get(at) == 0) {
          return new Found(Optional.empty(), true);
        }
        int attributes = entries.get(at + 11) & 0x3f;
        boolean deleted = (entries.get(at) & 0xff) == 0xe5;
        if (deleted || attributes == LONG_NAME || (attributes & VOLUME_LABEL) != 0) {
          continue;
        }
        byte[] name = new byte[11];
        entries.get(at, name);
        if (new String(name, ISO_8859_1).equals(shortName)) {
          long high = fat32 ? entries.getChar(at + 20) : 0;
          return new Found(
              Optional.of(
                  new Entry(
                      (attributes & DIRECTORY) != 0,
                      high << 16 | entries.getChar(at + 26),
                      unsigned(entries.getInt(at + 28)))),
              false);
        }
      }
      return new Found(Optional.empty(), false);
    }
  }
}
