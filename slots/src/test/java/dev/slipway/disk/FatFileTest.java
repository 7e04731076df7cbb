package dev.slipway.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parser is held against mtools, on file systems that dosfstools made. */
class FatFileTest {

  private static final long SEED = Long.getLong("slipway.seed", System.nanoTime());
  private static final int OFFSET = 1 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"16,1,20", "16,8,40", "16,4,16", "32,1,40", "32,2,80", "32,8,300"})
  void filesAreFoundAsMtoolsWroteThem(int bits, int sectorsPerCluster, int mib) throws IOException {
    System.out.println("FatFileTest seed " + SEED);
    Random random = new Random(SEED);
    Path disk = fileSystem(bits, sectorsPerCluster, mib);
    mtools("mmd", "::/SUB", "::/SUB/deeper");
    for (String path : List.of("/a", "/sub/env1", "/SUB/DEEPER/grub.cfg", "/sub/deeper/empty")) {
      byte[] content = new byte[path.endsWith("empty") ? 0 : 1 + random.nextInt(200_000)];
      random.nextBytes(content);
      copyIn(content, path);
      FatFile file = FatFile.find(disk, OFFSET, path);
      assertThat(file.size()).isEqualTo(content.length);
      assertThat(file.content(disk)).isEqualTo(content);
    }
  }

  @Test
  void aFragmentedFileHasSeveralRangesAndAWholeOneHasOne() throws IOException {
    Path disk = fileSystem(32, 1, 40);
    byte[] block = new byte[1024];
    for (int i = 0; i < 40_000; i += 1_000) {
      copyIn(block, "/f" + i);
    }
    for (int i = 0; i < 40_000; i += 2_000) {
      mtools("mdel", "::/f" + i);
    }
    byte[] content = new byte[10_000];
    new Random(SEED).nextBytes(content);
    copyIn(content, "/pieces");
    FatFile pieces = FatFile.find(disk, OFFSET, "/pieces");
    assertThat(pieces.content(disk)).isEqualTo(content);
    assertThat(FatFile.find(disk, OFFSET, "/f1000").ranges()).hasSize(1);
    // mtools goes on behind the last file it wrote; wherever it put it, the sum is the size.
    assertThat(pieces.ranges().stream().mapToLong(FatFile.Range::length).sum()).isEqualTo(10_000);
  }

  @Test
  void whatIsNotThereIsSaidSo() throws IOException {
    Path disk = fileSystem(32, 1, 40);
    mtools("mmd", "::/slipway");
    copyIn(new byte[10], "/file");
    for (String path : List.of("/slipway/env1", "/slipway", "/file/env1", "/nowhere/env1")) {
      assertThatThrownBy(() -> FatFile.find(disk, OFFSET, path))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("There is no file " + path);
    }
    assertThatThrownBy(() -> FatFile.find(disk, 0, "/slipway/env1"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("There is no FAT file system");
  }

  @Test
  void twelveBitTablesAreRefused() throws IOException {
    Path disk = fileSystem(12, 4, 4);
    assertThatThrownBy(() -> FatFile.find(disk, OFFSET, "/a"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("FAT12");
  }

  @Test
  void aChainThatRunsInACircleIsRefused() throws IOException {
    Path disk = fileSystem(32, 1, 40);
    copyIn(new byte[2_000], "/loop");
    long cluster = 3; // the root directory has cluster 2
    long fat = OFFSET + 32 * 512;
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(fat + cluster * 4);
      file.writeInt(Integer.reverseBytes((int) cluster));
    }
    // A circle shows as more bytes than there are, or as the same cluster over and over again.
    FatFile file = FatFile.find(disk, OFFSET, "/loop");
    assertThat(file.ranges()).hasSizeGreaterThan(1);

    try (RandomAccessFile image = new RandomAccessFile(disk.toFile(), "rw")) {
      image.seek(fat + 2 * 4);
      image.writeInt(Integer.reverseBytes(2));
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> FatFile.find(disk, OFFSET, "/missing"))
                .isInstanceOf(OperatorError.class));
  }

  @Test
  void hostileBytesNeverLeadOutsideOfTheFileSystem() throws IOException {
    System.out.println("FatFileTest seed " + SEED);
    Random random = new Random(SEED);
    Path disk = fileSystem(16, 1, 8);
    mtools("mmd", "::/slipway");
    copyIn(new byte[3_000], "/slipway/env1");
    // Boot sector, both tables, the root directory and the first clusters: what is looked at.
    byte[] good = new byte[120 * 512];
    try (RandomAccessFile image = new RandomAccessFile(disk.toFile(), "rw")) {
      image.seek(OFFSET);
      image.readFully(good);
      for (int i = 0; i < 2_000; i++) {
        byte[] bad = good.clone();
        int flips = 1 + random.nextInt(8);
        for (int j = 0; j < flips; j++) {
          int at = random.nextInt(4) == 0 ? random.nextInt(64) : random.nextInt(bad.length);
          bad[at] = (byte) random.nextInt();
        }
        image.seek(OFFSET);
        image.write(bad);
        assertThatItIsRefusedOrStaysInside(disk, image.length());
      }
    }
  }

  private static void assertThatItIsRefusedOrStaysInside(Path disk, long diskSize) {
    try {
      FatFile file = FatFile.find(disk, OFFSET, "/slipway/env1");
      assertThat(file.ranges())
          .allMatch(range -> range.offset() > OFFSET)
          .allMatch(range -> range.offset() + range.length() <= diskSize);
    } catch (OperatorError refused) {
      assertThat(refused).hasMessageContaining(disk.toString());
    }
  }

  private Path fileSystem(int bits, int sectorsPerCluster, int mib) throws IOException {
    Path disk = directory.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(0);
      file.setLength(OFFSET + ((long) mib << 20));
    }
    Command.of(
            "mkfs.vfat",
            "-F",
            String.valueOf(bits),
            "-s",
            String.valueOf(sectorsPerCluster),
            "-a",
            "--offset",
            String.valueOf(OFFSET / 512),
            disk.toString(),
            String.valueOf(mib * 1024))
        .run();
    return disk;
  }

  private void copyIn(byte[] content, String path) throws IOException {
    Path file = Files.write(directory.resolve("content"), content);
    mtools("mcopy", file.toString(), "::" + path);
  }

  private void mtools(String program, String... arguments) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(program, "-i", directory.resolve("disk.img") + "@@" + OFFSET));
    command.addAll(List.of(arguments));
    Command.of(command).run();
  }
}
