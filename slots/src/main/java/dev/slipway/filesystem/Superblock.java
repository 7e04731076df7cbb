package dev.slipway.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * What a file system says about itself.
 *
 * @param label empty text when it has none
 */
public record Superblock(FileSystemKind kind, UUID uuid, String label, Features features) {

  /** Names of the features that it has, of those that Slipway can choose, sorted. */
  public List<String> featureNames() {
    return kind.features().stream()
        .filter(feature -> features.have(feature.word().with(feature.bit())))
        .map(Feature::name)
        .sorted()
        .toList();
  }

  /**
   * The three words that say who can read a file system: unknown bits in {@code incompat} forbid
   * mounting, in {@code roCompat} writing; e2fsck refuses those in {@code compat} too.
   */
  public record Features(int compat, int roCompat, int incompat) {
    /** The bits of both. */
    Features and(Features other) {
      return new Features(
          compat | other.compat, roCompat | other.roCompat, incompat | other.incompat);
    }

    /** Whether all bits of the other are among these. */
    private boolean have(Features other) {
      return and(other).equals(this);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "compat=%#x ro_compat=%#x incompat=%#x", compat, roCompat, incompat);
    }
  }

  /** Both superblocks lie in the first 2 KiB: that of XFS at byte 0, that of ext4 at 1024. */
  private static final int HEAD = 2048;

  private static final int EXT4 = 1024;
  private static final int XFS_MAGIC = 0x58465342; // "XFSB"
  private static final int EXT_MAGIC = 0xef53;
  private static final int EXT4_EXTENTS = 0x40;

  /**
   * Reads it without mounting.
   *
   * @param disk a disk, partition, file or image
   * @param offset where the file system starts on it, in bytes
   * @return empty when there is neither XFS nor ext4
   */
  public static Optional<Superblock> read(Path disk, long offset) {
    ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.BIG_ENDIAN);
    try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head, offset + head.position()) >= 0) {}
    } catch (NoSuchFileException e) {
      throw new OperatorError("There is no disk or file at " + disk + ".", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + disk, e);
    }
    if (head.position() < HEAD) {
      return Optional.empty();
    }
    if (head.getInt(0) == XFS_MAGIC) {
      return Optional.of(xfs(head));
    }
    head.order(ByteOrder.LITTLE_ENDIAN);
    Superblock ext4 = ext4(head);
    boolean isExt4 =
        head.getChar(EXT4 + 0x38) == EXT_MAGIC && (ext4.features().incompat() & EXT4_EXTENTS) != 0;
    return isExt4 ? Optional.of(ext4) : Optional.empty();
  }

  /** Offsets: fs/xfs/libxfs/xfs_format.h, struct xfs_dsb. */
  private static Superblock xfs(ByteBuffer head) {
    return new Superblock(
        FileSystemKind.XFS,
        uuid(head, 0x20),
        text(head, 0x6c, 12),
        new Features(head.getInt(0xd0), head.getInt(0xd4), head.getInt(0xd8)));
  }

  /** Offsets: fs/ext4/ext4.h, struct ext4_super_block. */
  private static Superblock ext4(ByteBuffer head) {
    return new Superblock(
        FileSystemKind.EXT4,
        uuid(head, EXT4 + 0x68),
        text(head, EXT4 + 0x78, 16),
        new Features(head.getInt(EXT4 + 0x5c), head.getInt(EXT4 + 0x64), head.getInt(EXT4 + 0x60)));
  }

  private static UUID uuid(ByteBuffer head, int at) {
    ByteBuffer bytes = head.duplicate().order(ByteOrder.BIG_ENDIAN);
    return new UUID(bytes.getLong(at), bytes.getLong(at + 8));
  }

  private static String text(ByteBuffer head, int at, int most) {
    int length = 0;
    while (length < most && head.get(at + length) != 0) {
      length++;
    }
    byte[] bytes = new byte[length];
    head.get(at, bytes);
    return new String(bytes, UTF_8);
  }
}
