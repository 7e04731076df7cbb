package dev.slipway.linux;

import com.sun.jna.Memory;
import java.nio.file.Path;

/** Facts about a block device. Requests: include/uapi/linux/fs.h. */
public final class BlockDevice {
  private static final long BLKGETSIZE64 = 0x80081272L;
  private static final long BLKSSZGET = 0x1268L;
  private static final long BLKFLSBUF = 0x1261L;

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

  private Memory ask(long request) {
    Memory answer = new Memory(8);
    answer.clear();
    try (OpenFile device = OpenFile.open(node, OpenFile.O_RDONLY)) {
      device.ioctl(request, Kernel.address(answer));
    }
    return answer;
  }
}
