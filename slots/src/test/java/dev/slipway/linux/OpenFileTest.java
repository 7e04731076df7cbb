package dev.slipway.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFileTest {
  @TempDir Path directory;

  @Test
  void aLockHoldsUntilItsOwnFileIsClosedWhateverElseIsClosed() throws IOException {
    Path path = directory.resolve("locked");
    try (OpenFile first = OpenFile.openOrCreate(path);
        OpenFile second = OpenFile.openOrCreate(path)) {
      assertThat(first.tryLock()).isTrue();
      assertThat(second.tryLock()).isFalse();
      assertThat(second.isLockedByAnother()).isTrue();
      assertThat(first.isLockedByAnother()).as("but by itself").isFalse();
      Files.newInputStream(path).close();
      assertThat(second.tryLock()).as("after somebody else closed the file").isFalse();
      first.close();
      assertThat(second.isLockedByAnother()).isFalse();
      assertThat(second.tryLock()).isTrue();
    }
  }

  @Test
  void aLockCanBeGivenUpBeforeItsFileIsClosed() {
    Path path = directory.resolve("locked");
    try (OpenFile first = OpenFile.openOrCreate(path);
        OpenFile second = OpenFile.openOrCreate(path)) {
      assertThat(first.tryLock()).isTrue();
      first.unlock();
      assertThat(second.tryLock()).isTrue();
    }
  }

  @Test
  void aHoleIsJumpedOverToTheDataBehindIt() throws IOException {
    Path path = directory.resolve("sparse");
    long data = 64L << 20;
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.seek(data);
      sparse.writeBytes("here");
      sparse.setLength(2 * data);
    }
    try (OpenFile file = OpenFile.openToRead(path);
        TransferBuffer buffer = new TransferBuffer(4)) {
      assertThat(file.seekData(0)).hasValue(data);
      assertThat(file.read(buffer)).isEqualTo(4);
      byte[] read = new byte[4];
      buffer.get(0, read, 0, 4);
      assertThat(read).asString().isEqualTo("here");
      assertThat(file.seekData(data + 2)).as("in the middle of data").hasValue(data + 2);
      assertThat(file.seekData(data + (1 << 20))).as("only a hole is left").isEmpty();
      assertThat(file.status().allocated()).isLessThan(1 << 20);
    }
  }

  @Test
  void aFileThatWasRenamedOrDeletedIsNoLongerAtItsPath() throws IOException {
    Path path = directory.resolve("file");
    try (OpenFile file = OpenFile.openOrCreate(path)) {
      assertThat(file.isAt(path)).isTrue();
      Path moved = Files.move(path, directory.resolve("moved"));
      assertThat(file.isAt(moved)).isTrue();
      assertThat(file.isAt(path)).as("nothing is there").isFalse();
      Files.createFile(path);
      assertThat(file.isAt(path)).as("another file is there").isFalse();
    }
  }

  @Test
  void onlyThePieceThatIsForgottenLeavesTheMemory() throws IOException {
    Path file = Path.of("target/forgotten");
    int mebibyte = 1 << 20;
    Files.write(file, new byte[8 * mebibyte]);
    try (OpenFile open = OpenFile.openToRead(file)) {
      assertThat(inMemory(file)).isEqualTo(8L * mebibyte);

      open.flushAndForget(2L * mebibyte, 4L * mebibyte);

      assertThat(inMemory(file)).isEqualTo(4L * mebibyte);
    } finally {
      Files.delete(file);
    }
  }

  /** Bytes of the file that the kernel has in its page cache. */
  private static long inMemory(Path file) {
    String bytes =
        Command.of("fincore", "--bytes", "--noheadings", "--output", "RES", file.toString())
            .run()
            .out();
    return Long.parseLong(bytes.strip());
  }
}
