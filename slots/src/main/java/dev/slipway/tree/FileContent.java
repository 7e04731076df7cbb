package dev.slipway.tree;

import dev.slipway.linux.FileStatus;
import dev.slipway.linux.OpenFile;
import dev.slipway.linux.TransferBuffer;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The content of one open file after the other, through one native buffer; holes are not read but
 * known to be zeros. Without an open file it is empty.
 */
final class FileContent extends InputStream {
  private static final int BUFFER = 128 * 1024;
  private static final byte[] ZEROS = new byte[BUFFER];

  private final TransferBuffer buffer = new TransferBuffer(BUFFER);
  private Optional<OpenFile> file = Optional.empty();
  private TreePath path = TreePath.ROOT;
  private boolean sparse;
  private long position;
  private long size;
  private long dataFrom;
  private int filled;
  private int used;

  /**
   * Begins with a file, which is closed with its content; exactly as many bytes of it are expected
   * as its status says.
   */
  void open(OpenFile opened, TreePath where, FileStatus status) {
    closeFile();
    file = Optional.of(opened);
    path = where;
    size = status.size();
    sparse = status.allocated() < status.size();
  }

  /** How many bytes of the file take room once it is written elsewhere. */
  long allocated() {
    // Asked of the kernel piece by piece: the number of blocks is not to be relied on where a file
    // system compresses, or has yet to write them.
    if (!sparse || file.isEmpty()) {
      return size;
    }
    Grains grains = new Grains();
    OptionalLong data = file.get().seekData(0);
    while (data.isPresent() && data.getAsLong() < size) {
      grains.add(data.getAsLong(), data.getAsLong() + 1);
      data = file.get().seekData(Grains.endOf(data.getAsLong()));
    }
    return grains.inFileOf(size);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    if (position == size || file.isEmpty()) {
      return -1;
    }
    if (used == filled && position >= dataFrom) {
      fill(file.get());
    }
    int count;
    if (position < dataFrom) {
      count = (int) Math.min(Math.min(length, ZEROS.length), dataFrom - position);
      System.arraycopy(ZEROS, 0, bytes, offset, count);
    } else {
      count = (int) Math.min(size - position, Math.min(length, filled - used));
      buffer.get(used, bytes, offset, count);
      used += count;
    }
    position += count;
    return count;
  }

  /** Finds out how far a hole goes, or, where there is none, reads on. */
  private void fill(OpenFile from) {
    if (sparse) {
      OptionalLong data = from.seekData(position);
      dataFrom = Math.min(size, data.orElse(size));
      if (data.isEmpty() && from.status().size() < size) {
        throw shortened();
      }
      if (position < dataFrom) {
        return;
      }
    }
    filled = from.read(buffer);
    used = 0;
    if (filled == 0) {
      throw shortened();
    }
  }

  private TreeException shortened() {
    return new TreeException(
        path + " was shortened while it was read. Try again when nothing writes to the tree.");
  }

  void closeFile() {
    file.ifPresent(OpenFile::close);
    file = Optional.empty();
    sparse = false;
    position = 0;
    size = 0;
    dataFrom = 0;
    filled = 0;
    used = 0;
  }

  @Override
  public void close() {
    closeFile();
    buffer.close();
  }
}
