package dev.slipway.linux;

import com.sun.jna.Memory;
import java.nio.file.Path;

/** Facts about a block device. Requests: include/uapi/linux/fs.h. */
public final class BlockDevice {
  private static final long BLKGETSIZE64 = 0x80081272L;
  private static final long BLKSSZGET = 0x1268L;
  private static final long BLKFLSBUF = 0x1261L;
  private static final long BLKRRPART = 0x125FL;

  /** For a block device: nobody else in the kernel may have claimed it (open(2)). */
  private static final int O_EXCL = 0200;

  private static final int PIECE = 64 * 1024;

  private final Path node;

  /** The device at this node, for example {@code /dev/vda}. */
  public BlockDevice(Path node) {
    this.node = node;
  }

  /** Its size in bytes. */
  public long size() {
    return ask(BLKGETSIZE64).getLong(0);
  }

  /** Its logical sector size in bytes: 512 or 4096. */
  public int sectorSize() {
    return ask(BLKSSZGET).getInt(0);
  }

  /**
   * Writes out and drops what the kernel holds of the device's blocks, so that the next read comes
   * from the device.
   */
  public void flushBuffers() {
    try (OpenFile device = OpenFile.open(node, OpenFile.O_RDONLY)) {
      device.ioctl(BLKFLSBUF, 0);
    }
  }

  /** Its device number as the kernel's tables write it, such as {@code 254:3}; see proc(5). */
  public String number() {
    try (OpenFile device = OpenFile.open(node, OpenFile.O_RDONLY)) {
      FileStatus status = device.status();
      return status.major() + ":" + status.minor();
    }
  }

  /**
   * Whether the kernel has given it to somebody: it is mounted, in whatever mount namespace, or is
   * part of a swap, RAID or device-mapper device.
   */
  public boolean isClaimed() {
    try {
      OpenFile.open(node, OpenFile.O_RDONLY | O_EXCL).close();
      return false;
    } catch (SystemCallException e) {
      if (e.is(Errno.EBUSY)) {
        return true;
      }
      throw e;
    }
  }

  /**
   * Overwrites its start with zeros and waits until the medium has them.
   *
   * @param length in bytes
   * @throws SystemCallException EBUSY when somebody has claimed it; then nothing was written
   */
  public void wipeStart(long length) {
    try (OpenFile device = OpenFile.open(node, OpenFile.O_RDWR | O_EXCL);
        TransferBuffer zeros = new TransferBuffer(PIECE)) {
      zeros.put(new byte[PIECE], 0, PIECE);
      for (long left = length; left > 0; left -= PIECE) {
        device.write(zeros, 0, (int) Math.min(left, PIECE));
      }
      device.flush();
    }
  }

  /**
   * Claims it: until that is closed nobody can mount it or a partition of it, or make it part of
   * another device.
   *
   * @throws SystemCallException EBUSY when somebody has claimed it, or a partition of it
   */
  public Claim claim() {
    return new Claim(OpenFile.open(node, OpenFile.O_RDWR | O_EXCL));
  }

  /** A device that belongs to this process until it is closed. */
  public static final class Claim implements AutoCloseable {
    private final OpenFile device;

    private Claim(OpenFile device) {
      this.device = device;
    }

    /** The number of the very device that was claimed, such as {@code 8:16}. */
    public String number() {
      FileStatus status = device.status();
      return status.major() + ":" + status.minor();
    }

    /** Brings everything to the medium and drops it from memory, so that it is read from there. */
    public void flush() {
      device.flush();
      device.ioctl(BLKFLSBUF, 0);
    }

    /**
     * Has the kernel read the partition table again.
     *
     * @return false when it does not: the device has no partitions for it, or they are in use
     */
    public boolean rereadPartitions() {
      try {
        device.ioctl(BLKRRPART, 0);
        return true;
      } catch (SystemCallException e) {
        if (e.is(Errno.EINVAL) || e.is(Errno.EBUSY) || e.is(Errno.ENOTTY)) {
          return false;
        }
        throw e;
      }
    }

    @Override
    public void close() {
      device.close();
    }
  }

  private Memory ask(long request) {
    Memory answer = new Memory(8);
    answer.clear();
    try (OpenFile device = OpenFile.open(node, OpenFile.O_RDONLY)) {
      device.ioctl(request, Kernel.address(answer));
    }
    return answer;
  }
}
