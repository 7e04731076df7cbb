package dev.slipway.controller.targetdisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which disks are refused, on real loop devices. What this machine's kernel cannot show, such as
 * RAID, is shown by a directory that looks like its sysfs.
 */
class TargetDiskTest {
  private static final long SIZE = 64 << 20;

  @TempDir Path directory;
  private Path file;
  private LoopDevice disk;
  private HostView host;

  @BeforeEach
  void attach() throws IOException {
    file = directory.resolve("disk");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(SIZE);
    }
    disk = LoopDevice.attach(file, 0, SIZE);
  }

  @AfterEach
  void detach() throws IOException {
    Files.deleteIfExists(node());
    disk.close();
  }

  private static String refusal(Path device) {
    return refusal(device, HostView.ofThisMachine());
  }

  private static String refusal(Path device, HostView host) {
    OperatorError refused =
        catchThrowableOfType(OperatorError.class, () -> TargetDisk.claim(device, host).close());
    assertThat(refused).as("a refusal of " + device).isNotNull();
    assertThat(refused.exitCode()).as(refused.getMessage()).isEqualTo(3);
    assertThat(refused).hasMessageStartingWith(device + " cannot be written: ");
    return refused.getMessage();
  }

  @Test
  void aFreeDiskIsClaimedAndKnownByWhatIsBehindIt() {
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      assertThat(target.size()).isEqualTo(SIZE);
      assertThat(target.identity()).isEqualTo(new DiskIdentity("backing file", file.toString()));

      assertThat(refusal(disk.path())).contains("given it to another program");
    }
    TargetDisk.claim(disk.path()).close();
  }

  @Test
  void whatIsClaimedIsTheDiskAndNotTheLinkThatItWasNamedBy() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("by-label"), disk.path());
    try (TargetDisk target = TargetDisk.claim(link)) {
      Files.delete(link);
      assertThat(target.path()).isEqualTo(disk.path());
      assertThat(target.alias()).contains(link);
    }
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      assertThat(target.alias()).isEmpty();
    }
  }

  @Test
  void aNodeThatIsAnotherDeviceThanTheOneThatWasCheckedIsRefused() throws IOException {
    shown("size", "131072");
    try (LoopDevice another = LoopDevice.attach(file, 0, 1 << 20)) {
      Files.delete(node());
      Files.createSymbolicLink(node(), another.path());
      assertThat(refusal(disk.path(), host)).contains(node() + " is another device now");
    }
    Files.delete(node());
    assertThat(refusal(disk.path(), host)).contains("the kernel calls it " + node());
  }

  private Path node() {
    return directory.resolve("dev/sdz");
  }

  @Test
  void whatIsNoBlockDeviceIsRefused() throws IOException {
    assertThat(refusal(file)).contains("it is not a block device", "'controller disk build'");
    assertThat(refusal(Path.of("/dev/null"))).contains("it is not a block device");
    assertThat(refusal(directory)).contains("it is not a block device");
    Path absent = directory.resolve("absent");
    assertThat(catchThrowableOfType(OperatorError.class, () -> TargetDisk.claim(absent)))
        .hasMessage("There is no device " + absent + "; lsblk lists the disks.");
  }

  @Test
  void aMountedDiskIsRefusedWithThePlace() throws IOException {
    Command.of("mkfs.ext4", "-q", disk.path().toString()).run();
    Path place = Files.createDirectory(directory.resolve("place"));
    try (Mount mount = Mount.of(disk.path(), place, "ext4", Set.of(), "")) {
      assertThat(refusal(disk.path())).contains("is mounted at " + mount.target());
    }
  }

  @Test
  void aDiskThatIsMountedWhereThisProcessDoesNotSeeItIsRefused() throws Exception {
    Command.of("mkfs.ext4", "-q", disk.path().toString()).run();
    Path place = Files.createDirectory(directory.resolve("place"));
    Process elsewhere =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount " + disk.path() + " " + place + " && echo mounted && read -r _")
            .start();
    try {
      assertThat(elsewhere.inputReader().readLine()).isEqualTo("mounted");
      assertThat(refusal(disk.path())).contains("a mount in another namespace");
    } finally {
      elsewhere.getOutputStream().close();
      elsewhere.waitFor();
    }
  }

  @Test
  void swapIsRefused() {
    Command.of("mkswap", disk.path().toString()).run();
    Command.of("swapon", disk.path().toString()).run();
    try {
      assertThat(refusal(disk.path())).contains("is swap; end that with swapoff");
    } finally {
      Command.of("swapoff", disk.path().toString()).run();
    }
  }

  @Test
  void aDiskBelowALoopDeviceIsRefused() {
    try (LoopDevice above = LoopDevice.attach(disk.path(), 0, 1 << 20)) {
      assertThat(refusal(disk.path()))
          .contains("is attached as " + above.path().getFileName(), "losetup -d");
    }
  }

  @Test
  void aReadOnlyDiskIsRefused() {
    try (LoopDevice readOnly = LoopDevice.attach(file, 0, SIZE, true)) {
      assertThat(refusal(readOnly.path())).contains("it is read-only");
    }
  }

  @Test
  void aDiskWithLargerSectorsIsRefused() {
    shown("queue/logical_block_size", "4096");

    assertThat(refusal(disk.path(), host)).contains("its sectors have 4096 bytes");
  }

  /** Shows the disk, by its number, in a made-up sysfs as {@code sdz} with this file. */
  private void shown(String path, String content) {
    try {
      Path sys = directory.resolve("sys");
      Path device = Files.createDirectories(sys.resolve("devices/sdy/sdz"));
      Files.createDirectories(sys.resolve("dev/block"));
      Files.createDirectories(sys.resolve("block"));
      String number =
          Files.readString(Path.of("/sys/block", disk.path().getFileName().toString(), "dev"))
              .strip();
      Path link = sys.resolve("dev/block").resolve(number);
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, device);
        Files.createDirectories(node().getParent());
        Files.createSymbolicLink(node(), disk.path());
        write(device.resolve("dev"), number);
        write(device.resolve("queue/logical_block_size"), "512");
      }
      write(device.resolve(path), content);
      host = new HostView(sys, Path.of("/proc"), directory.resolve("dev"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content + "\n");
  }

  @Test
  void aPartitionIsRefusedWithItsDisk() {
    shown("partition", "2");
    assertThat(refusal(disk.path(), host))
        .contains("it is partition 2 of /dev/sdy; name the whole disk");
  }

  @Test
  void whatIsMadeOfOtherDisksIsRefused() {
    shown("dm/name", "vg-root");
    assertThat(refusal(disk.path(), host)).contains("the device-mapper device vg-root");
  }

  @Test
  void aMemberOfARaidArrayOrAVolumeGroupIsRefusedAlsoWithAPartition() throws IOException {
    shown("sdz2/partition", "2");
    Path holder = Files.createDirectories(directory.resolve("sys/devices/sdy/dm-7"));
    write(holder.resolve("dm/name"), "vg-root");
    write(holder.resolve("dm/uuid"), "LVM-abc");
    Path holders = Files.createDirectories(directory.resolve("sys/devices/sdy/sdz/sdz2/holders"));
    Files.createSymbolicLink(holders.resolve("dm-7"), holder);
    assertThat(refusal(disk.path(), host)).contains("sdz2 is part of the LVM volume vg-root");

    write(holder.resolve("dm/uuid"), "CRYPT-abc");
    assertThat(refusal(disk.path(), host)).contains("part of the device-mapper device vg-root");

    Files.delete(holders.resolve("dm-7"));
    Path array = Files.createDirectories(directory.resolve("sys/devices/sdy/md0/md"));
    Files.createSymbolicLink(holders.resolve("md0"), array.getParent());
    assertThat(refusal(disk.path(), host)).contains("sdz2 is part of the RAID array md0");
  }

  @Test
  void aDriveWithoutAMediumIsRefused() {
    shown("size", "0");
    assertThat(refusal(disk.path(), host)).contains("there is no medium in it");
  }

  private DiskIdentity identity() {
    try (TargetDisk target = TargetDisk.claim(disk.path(), host)) {
      return target.identity();
    }
  }

  @Test
  void aDiskIsKnownByTheBestThatItSaysOfItself() throws IOException {
    shown("size", "131072");
    assertThat(identity()).isEqualTo(new DiskIdentity("device node", "/dev/sdz"));

    shown("device/wwid", "naa.5000c500a1b2c3d4");
    assertThat(identity()).isEqualTo(new DiskIdentity("WWN", "naa.5000c500a1b2c3d4"));

    Path byId = Files.createDirectories(directory.resolve("dev/disk/by-id"));
    Files.createSymbolicLink(byId.resolve("wwn-0x5000c500a1b2c3d4"), Path.of("../../sdz"));
    Files.createSymbolicLink(byId.resolve("usb-Maker_Stick_0123-0:0"), Path.of("../../sdz"));
    Files.createSymbolicLink(byId.resolve("usb-Another_Stick-0:0"), Path.of("../../sdy"));
    assertThat(identity())
        .isEqualTo(new DiskIdentity("name in /dev/disk/by-id", "usb-Maker_Stick_0123-0:0"));

    Path page = directory.resolve("sys/devices/sdy/sdz/device/vpd_pg80");
    Files.write(page, "\0\u0080\0\u0010      S3Z8NB0K1\0".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(identity()).isEqualTo(new DiskIdentity("serial number", "S3Z8NB0K1"));

    shown("device/serial", "NVME123");
    assertThat(identity()).isEqualTo(new DiskIdentity("serial number", "NVME123"));
  }

  @Test
  void whatADiskSaysOfItselfCannotCommandATerminal() {
    shown("device/serial", "NVME\u001b[2J\u009b1é");
    assertThat(identity()).isEqualTo(new DiskIdentity("serial number", "NVME?[2J?1?"));
  }

  @Test
  void itsMakerAndModelAreKnown() {
    shown("device/vendor", "ATA     ");
    shown("device/model", "Example SSD 860");
    try (TargetDisk target = TargetDisk.claim(disk.path(), host)) {
      assertThat(target.model()).isEqualTo(Optional.of("ATA Example SSD 860"));
    }
  }
}
