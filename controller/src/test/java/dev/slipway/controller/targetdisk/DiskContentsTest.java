package dev.slipway.controller.targetdisk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other programs made is recognised. */
class DiskContentsTest {
  @TempDir Path directory;
  private Path disk;

  @BeforeEach
  void anEmptyDisk() throws IOException {
    disk = directory.resolve("disk");
    try (RandomAccessFile image = new RandomAccessFile(disk.toFile(), "rw")) {
      image.setLength(400 << 20);
    }
  }

  @Test
  void anEmptyDiskHoldsNothing() {
    DiskContents contents = DiskContents.of(disk);
    assertThat(contents.table()).isEmpty();
    assertThat(contents.damage()).isEmpty();
    assertThat(contents.whole()).isEmpty();
    assertThat(contents.partitions()).isEmpty();
  }

  @Test
  void aTableThatIsDamagedIsNotTakenForNone() throws IOException {
    Command.of("sfdisk", "--quiet", disk.toString())
        .input("label: gpt\nsize=100MiB\n".getBytes(US_ASCII))
        .run();
    overwrite(512);
    overwrite((400 << 20) - 512);
    assertThat(DiskContents.of(disk).table()).isEmpty();
    assertThat(DiskContents.of(disk).damage())
        .contains("Both copies of the partition table of " + disk + " are damaged.");

    Command.of("sfdisk", "--quiet", "--wipe", "always", disk.toString())
        .input(
            "label: dos\nstart=2048, type=5\nstart=4096, size=2048, type=83\n".getBytes(US_ASCII))
        .run();
    overwrite(2048 * 512);
    assertThat(DiskContents.of(disk).damage().orElseThrow())
        .contains("sector 2048 should describe a logical partition");
  }

  private void overwrite(long offset) throws IOException {
    try (RandomAccessFile image = new RandomAccessFile(disk.toFile(), "rw")) {
      image.seek(offset);
      image.write(new byte[512]);
    }
  }

  @Test
  void aFileSystemWithoutATableIsRecognised() {
    Command.of("mkfs.ext4", "-q", "-F", "-L", "backup", disk.toString()).run();
    assertThat(DiskContents.of(disk).whole()).contains("ext4 \"backup\"");
    Command.of("mkfs.ext2", "-q", "-F", disk.toString()).run();
    assertThat(DiskContents.of(disk).whole()).contains("ext2, ext3 or ext4");
    Command.of("mkfs.xfs", "-q", "-f", disk.toString()).run();
    assertThat(DiskContents.of(disk).whole()).contains("xfs");
    Command.of("wipefs", "-q", "-a", disk.toString()).run();
    Command.of("mkswap", disk.toString()).run();
    assertThat(DiskContents.of(disk).whole()).contains("swap");
    Command.of("wipefs", "-q", "-a", disk.toString()).run();
    Command.of("mkfs.vfat", "-I", disk.toString()).run();
    assertThat(DiskContents.of(disk).whole()).contains("FAT");
  }

  @Test
  void partitionsAreListedWithWhatTheyHold() {
    Command.of("sfdisk", "--quiet", disk.toString())
        .input(
            "label: dos\nstart=2048, size=100000, type=83\nstart=204800, size=2048, type=8e\n"
                .getBytes(US_ASCII))
        .run();
    Command.of(
            "mkfs.ext4",
            "-q",
            "-F",
            "-L",
            "a\u001bb",
            "-E",
            "offset=1048576",
            disk.toString(),
            "48M")
        .run();

    DiskContents contents = DiskContents.of(disk);

    assertThat(contents.table().map(PartitionTable::kind)).contains(PartitionTable.Kind.MSDOS);
    assertThat(contents.partitions())
        .extracting(DiskContents.Content::what)
        .containsExactly(Optional.of("ext4 \"a?b\""), Optional.empty());
  }
}
