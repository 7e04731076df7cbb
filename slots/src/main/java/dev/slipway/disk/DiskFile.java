package dev.slipway.disk;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A disk, partition or image that is read and written at byte offsets, little endian. */
final class DiskFile implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private DiskFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
  }

  static DiskFile openToRead(Path path) {
    return open(path, Set.of(StandardOpenOption.READ));
  }

  static DiskFile openToWrite(Path path) {
    return open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  private static DiskFile open(Path path, Set<StandardOpenOption> how) {
    try {
      return new DiskFile(path, FileChannel.open(path, how));
    } catch (NoSuchFileException e) {
      throw new OperatorError("There is no disk or disk image at " + path + ".", e);
    } catch (AccessDeniedException e) {
      throw new OperatorError("No permission to open " + path + "; run this as root.", e);
    } catch (IOException e) {
      throw new OperatorError("Cannot open " + path + ": " + e.getMessage() + ".", e);
    }
  }

  /** Makes a file so long; what is added is a hole and reads as zeros. */
  static void lengthen(Path path, long length) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), length - 1);
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /** Refuses a partition table for so many bytes when there are fewer. */
  void requireSize(long table) {
    if (size < table) {
      throw new OperatorError(
          path + " has " + size + " bytes, but the partition table is for " + table + ".");
    }
  }

  /** Reads exactly so many bytes; beyond the end is an {@link OperatorError}. */
  ByteBuffer read(long offset, int length) {
    if (offset < 0 || length > size - offset) {
      throw new OperatorError(
          path + " ends at byte " + size + ", before what should be there at byte " + offset + ".");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new OperatorError(path + " became shorter while it was read.");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + " at byte " + offset, e);
    }
    return bytes.flip();
  }

  void write(long offset, byte[] data) {
    ByteBuffer bytes = ByteBuffer.wrap(data);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes, offset + bytes.position());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path + " at byte " + offset, e);
    }
  }

  /** Brings everything written to the medium. */
  void flush() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot flush " + path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close " + path, e);
    }
  }
}
