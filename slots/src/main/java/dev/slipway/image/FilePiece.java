package dev.slipway.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A piece of a file that others may read at the same time. */
class FilePiece extends InputStream {
  private final FileChannel file;
  private long position;
  private final long end;

  FilePiece(FileChannel file, ArchiveIndex.Piece piece) {
    this.file = file;
    this.position = piece.offset();
    this.end = piece.offset() + piece.size();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (position == end) {
      return length == 0 ? 0 : -1;
    }
    int most = (int) Math.min(length, end - position);
    int count = file.read(ByteBuffer.wrap(buffer, offset, most), position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, end - position));
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, end - position);
  }
}
