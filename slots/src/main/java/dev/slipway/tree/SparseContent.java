package dev.slipway.tree;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;

/** A sparse file's content with zeros in its holes. */
final class SparseContent extends InputStream {
  private final InputStream stored;
  private final Iterator<SparseMap.Segment> segments;
  private final long size;
  private long position;
  private SparseMap.Segment segment;

  SparseContent(InputStream stored, SparseMap map) {
    this.stored = stored;
    this.size = map.realSize();
    this.segments = map.segments().iterator();
    this.segment = following();
  }

  // Behind the last stored piece comes an empty one at the end.
  private SparseMap.Segment following() {
    return segments.hasNext() ? segments.next() : new SparseMap.Segment(size, 0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (position == size) {
      return -1;
    }
    while (position < size && position == segment.offset() + segment.length()) {
      segment = following();
    }
    int count;
    if (position < segment.offset()) {
      count = (int) Math.min(length, segment.offset() - position);
      Arrays.fill(buffer, offset, offset + count, (byte) 0);
    } else {
      long left = segment.offset() + segment.length() - position;
      count = stored.read(buffer, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw TarSource.cutOff();
      }
    }
    position += count;
    return count;
  }
}
