package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script that an initrd of mkinitfs finds its root with, run by a busybox shell on tables that
 * sfdisk made; sysfs is made by hand.
 */
class PartitionByUuidTest {
  private static final String ROOT = "0fc63daf-8483-4772-8e79-3d69d8477de4";
  private static final int SECTOR = 512;
  private static final int LARGE_SECTOR = 4096;

  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void anInitrd() throws IOException {
    tree = new TestTree(root).directory("/bin").directory("/dev");
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : List.of("sh", "dd", "od", "readlink", "tr")) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    Files.copy(
        Path.of("../dracut/mkinitfs/partition-by-uuid.sh"),
        root.resolve("bin/partition-by-uuid.sh"),
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  /** A disk as sysfs has it, and on it the table of an sfdisk(8) script. */
  private Path disk(String name, String node, String script, int... partitions) throws IOException {
    Path disk = root.resolve("dev/" + node);
    Files.createDirectories(disk.getParent());
    Files.write(disk, new byte[4 << 20]);
    Command.of("sfdisk", "--quiet", "--no-reread", disk.toString())
        .input(script.getBytes(StandardCharsets.US_ASCII))
        .run();
    tree.file("/sys/devices/pci/" + name + "/queue/logical_block_size", SECTOR + "\n")
        .link("/sys/class/block/" + name, "../../devices/pci/" + name);
    for (int partition : partitions) {
      String part = name + (name.endsWith("0") ? "p" : "") + partition;
      tree.file("/sys/devices/pci/" + name + "/" + part + "/partition", partition + "\n")
          .link("/sys/class/block/" + part, "../../devices/pci/" + name + "/" + part);
    }
    return disk;
  }

  private Path gpt(String name, String node, String uuid) throws IOException {
    return disk(
        name,
        node,
        """
        label: gpt
        1: start=2048, size=1024, uuid=D9B4B1C2-0001-4A6B-9C0D-0123456789AB
        3: start=4096, size=1024, uuid=%s
        """
            .formatted(uuid),
        1,
        3);
  }

  private String nodeOf(String uuid) {
    return Command.of("chroot", root.toString(), "/bin/partition-by-uuid.sh", uuid)
        .runUnchecked()
        .out()
        .strip();
  }

  @Test
  void thePartitionOfAGptIsFoundAmongSeveralDisks() throws IOException {
    gpt("sda", "sda", "d9b4b1c2-0003-4a6b-9c0d-0123456789ab");
    gpt("nvme0n1p0", "nvme0n1p0", ROOT);
    assertThat(nodeOf(ROOT)).isEqualTo("/dev/nvme0n1p0p3");
    assertThat(nodeOf("d9b4b1c2-0001-4a6b-9c0d-0123456789ab")).isEqualTo("/dev/nvme0n1p0p1");
    assertThat(nodeOf(ROOT.toUpperCase(java.util.Locale.ROOT))).isEqualTo("/dev/nvme0n1p0p3");
  }

  @Test
  void aPartitionThatNoDiskHasIsNotFound() throws IOException {
    gpt("sda", "sda", ROOT);
    // Another disk's table, and one that cannot be read at all.
    disk("sdb", "sdb", "label: dos\nlabel-id: 0x0a19d2a1\n1: start=2048, size=1024\n", 1);
    Files.delete(disk("sdc", "sdc", "label: dos\n1: start=2048, size=1024\n", 1));
    assertThat(nodeOf("0fc63daf-8483-4772-8e79-000000000000")).isEmpty();
    assertThat(nodeOf("0a19d2a1-02")).isEmpty();
    assertThat(nodeOf(ROOT)).as("with the others beside it").isEqualTo("/dev/sda3");
  }

  @Test
  void aLogicalPartitionOfAnMsdosTableIsFoundByItsNumber() throws IOException {
    disk(
        "sda",
        "sda",
        """
        label: dos
        label-id: 0x0a19d2a1
        1: start=2048, size=1024
        4: start=4096, size=4000, type=5
        5: start=4160, size=512
        """,
        1,
        4,
        5);
    assertThat(nodeOf("0a19d2a1-05")).isEqualTo("/dev/sda5");
    assertThat(nodeOf("0a19d2a1-01")).isEqualTo("/dev/sda1");
  }

  @Test
  void aDiskWithSectorsOfFourKibibytesHasItsTableInThose() throws IOException {
    Path disk = gpt("sda", "sda", ROOT);
    byte[] small = Files.readAllBytes(disk);
    byte[] large = new byte[small.length];
    int entries = 32 * SECTOR;
    System.arraycopy(small, SECTOR, large, LARGE_SECTOR, SECTOR);
    System.arraycopy(small, 2 * SECTOR, large, 2 * LARGE_SECTOR, entries);
    Files.write(disk, large);
    tree.file("/sys/devices/pci/sda/queue/logical_block_size", LARGE_SECTOR + "\n");
    assertThat(nodeOf(ROOT)).isEqualTo("/dev/sda3");
    // As little as a table that is cut off: no error, and no match.
    Files.write(disk, Arrays.copyOf(large, LARGE_SECTOR + 100));
    assertThat(nodeOf(ROOT)).isEmpty();
  }

  @Test
  void aNodeInADirectoryIsNamedAsItIs() throws IOException {
    gpt("cciss!c0d0", "cciss/c0d0", ROOT);
    assertThat(nodeOf(ROOT)).isEqualTo("/dev/cciss/c0d0p3");
  }
}
