package dev.slipway.tree;

import dev.slipway.linux.OpenFile;
import dev.slipway.linux.TransferBuffer;
import java.io.InputStream;
import java.util.Optional;

/**
 * The content of one open file after the other, through one native buffer. Without an open file it
 * is empty.
 */
final class FileContent extends InputStream {
  private static final int BUFFER = 128 * 1024;

  private final TransferBuffer buffer = new TransferBuffer(BUFFER);
  private Optional<OpenFile> file = Optional.empty();
  private TreePath path = TreePath.ROOT;
  private long left;
  private int filled;
  private int used;

  /**
   * Begins with a file, which is closed with its content; exactly {@code size} bytes of it are
   * expected.
   */
  void open(OpenFile opened, TreePath where, long size) {
    closeFile();
    file = Optional.of(opened);
    path = where;
    left = size;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    if (left == 0 || file.isEmpty()) {
      return -1;
    }
    if (used == filled) {
      filled = file.get().read(buffer);
      used = 0;
      if (filled == 0) {
        throw new TreeException(
            path + " was shortened while it was read. Try again when nothing writes to the tree.");
      }
    }
    int count = (int) Math.min(left, Math.min(length, filled - used));
    buffer.get(used, bytes, offset, count);
    used += count;
    left -= count;
    return count;
  }

  void closeFile() {
    file.ifPresent(OpenFile::close);
    file = Optional.empty();
    left = 0;
    filled = 0;
    used = 0;
  }

  @Override
  public void close() {
    closeFile();
    buffer.close();
  }
}
