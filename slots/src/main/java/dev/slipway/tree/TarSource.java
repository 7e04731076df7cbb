package dev.slipway.tree;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of an archive, with read errors turned into sentences. */
final class TarSource implements AutoCloseable {
  private static final int BUFFER = 128 * 1024;

  private final InputStream in;
  private long position;

  TarSource(InputStream in) {
    this.in = new BufferedInputStream(in, BUFFER);
  }

  /** How many bytes were taken so far. */
  long position() {
    return position;
  }

  /** The next block; fewer bytes, even none, when the archive ends. */
  byte[] block() {
    try {
      byte[] block = in.readNBytes(TarHeader.BLOCK);
      position += block.length;
      return block;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Exactly this many bytes. */
  byte[] bytes(int length) {
    try {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw cutOff();
      }
      position += length;
      return bytes;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** At least one and at most {@code length} bytes. */
  int read(byte[] buffer, int offset, int length) {
    try {
      int count = in.read(buffer, offset, length);
      if (count < 0) {
        throw cutOff();
      }
      position += count;
      return count;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  void skip(long length) {
    try {
      in.skipNBytes(length);
      position += length;
    } catch (EOFException e) {
      throw cutOff();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Reads to the end, so that whatever checks a digest underneath sees every byte.
   *
   * @param most how many bytes there may be
   */
  void drain(long most) {
    try {
      byte[] buffer = new byte[BUFFER];
      long behind = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        behind += count;
        if (behind > most) {
          throw new TreeException(
              "The tar archive has more than "
                  + most
                  + " bytes behind its end, which nobody needs. Make it again.");
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static TreeException cutOff() {
    return new TreeException(
        "The tar archive is cut off: it ends in the middle. Fetch or make it again.");
  }

  private static TreeException unreadable(IOException e) {
    if (e instanceof EOFException) {
      return cutOff();
    }
    return new TreeException(
        "The tar archive cannot be read to its end ("
            + e.getMessage()
            + "). Fetch or make it again.",
        e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
