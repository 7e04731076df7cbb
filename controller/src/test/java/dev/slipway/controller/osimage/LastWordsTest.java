package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The initrd's script last-words, run by a busybox shell in a root of its own. */
class LastWordsTest {
  private static final String SCRIPT = "/usr/lib/slipway/last-words.sh";

  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void anInitrdThatSeesTheDisk() throws IOException {
    String disk = "/sys/devices/pci/vda/";
    tree =
        new TestTree(root)
            .directory("/bin")
            .directory("/run")
            .file("/dev/vda3", "")
            .link("/dev/disk/by-partuuid/0000-root", "../../vda3")
            .link("/sys/class/block/vda3", "../.." + disk.substring(4) + "vda3")
            .file(disk + "vda3/uevent", "DEVNAME=vda3\nPARTNAME=slipway-slot-new\n")
            .file(disk + "vda5/uevent", "DEVNAME=vda5\nPARTNAME=slipway-data\n");
    boots("warmtrial");
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : List.of("sh", "cat", "dd", "mkdir", "readlink")) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    script("/bin/mount", "#!/bin/sh\necho \"$*\" >/mounted\n");
    for (String each : List.of("last-words.sh", "data-partition.sh")) {
      script("/usr/lib/slipway/" + each, Files.readString(Path.of("../dracut/90slipway", each)));
    }
  }

  private void boots(String mode) {
    tree.file(
        "/proc/cmdline",
        "root=PARTUUID=0000-root rw slipway.mode=" + mode + " slipway.txn=01T rd.shell=0\n");
  }

  private void script(String path, String content) throws IOException {
    tree.file(path, content);
    Files.setPosixFilePermissions(
        root.resolve(path.substring(1)), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void theInitrdGivesUp() {
    Command.of("chroot", root.toString(), SCRIPT).run();
  }

  @Test
  void aTrialWithoutARootSaysSoOnTheDataPartition() {
    theInitrdGivesUp();
    assertThat(tree.read("/run/slipway-data/last-words")).isEqualTo("01T trial-no-root\n");
    assertThat(tree.read("/mounted")).contains("ext4", "/dev/vda5 /run/slipway-data");
  }

  @Test
  void theDataPartitionOfAnMsdosTableIsFoundByTheNamesBesideIt() throws IOException {
    Path disk = root.resolve("sys/devices/pci/vda");
    Files.delete(disk.resolve("vda5/uevent"));
    tree.file("/sys/devices/pci/vda/uevent", "MAJOR=254\nDEVNAME=vda\nDEVTYPE=disk\n")
        .file("/sys/devices/pci/vda/vda5/uevent", "DEVNAME=vda5\nPARTN=5\n")
        .file("/sys/devices/pci/vda/vda5/partition", "5\n")
        .file("/sys/devices/pci/vda/vda5/start", "212992\n")
        .file("/sys/devices/pci/vda/vda5/size", "40960\n");
    theDiskHasNames("5 212992 40960 slipway-data");

    theInitrdGivesUp();
    assertThat(tree.read("/mounted")).contains("ext4", "/dev/vda5 /run/slipway-data");

    Files.delete(root.resolve("mounted"));
    for (String ofAnother : List.of("5 999 40960", "5 212992 999", "6 212992 40960")) {
      theDiskHasNames(ofAnother + " slipway-data");
      theInitrdGivesUp();
      assertThat(tree.has("/mounted")).as(ofAnother).isFalse();
    }
  }

  private void theDiskHasNames(String line) throws IOException {
    byte[] names =
        ("slipway-partitions 1\ndisk 0a19d2a1 400000\n1 2048 131072 slipway-esp\n"
                + line
                + "\ncrc32 00000000\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] disk = new byte[2 << 20];
    System.arraycopy(names, 0, disk, 2040 * 512, names.length);
    Files.write(root.resolve("dev/vda"), disk);
  }

  /** Under initramfs-tools, on a machine where the program {@code reboot} does nothing. */
  private void initramfsToolsGivesUp() throws IOException {
    script("/scripts/panic/slipway", Files.readString(Path.of("../dracut/initramfs-tools/panic")));
    tree.file("/proc/sysrq-trigger", "");
    // Without the capability, and in a namespace of its own, lest it is this machine that reboots.
    Command.of(
            "setpriv",
            "--bounding-set=-sys_boot",
            "unshare",
            "--pid",
            "--fork",
            "chroot",
            root.toString(),
            "/scripts/panic/slipway")
        .runUnchecked();
  }

  @Test
  void aTrialRebootsEvenWhereTheProgramForItDoesNot() throws IOException {
    initramfsToolsGivesUp();
    assertThat(tree.read("/run/slipway-data/last-words")).isEqualTo("01T trial-no-root\n");
    assertThat(tree.read("/proc/sysrq-trigger")).isEqualTo("b\n");
  }

  @Test
  void anyOtherBootEndsInTheShellOfInitramfsTools() throws IOException {
    boots("committed");
    initramfsToolsGivesUp();
    assertThat(tree.read("/proc/sysrq-trigger")).isEmpty();
  }

  @Test
  void anyOtherBootSaysNothing() {
    boots("committed");
    theInitrdGivesUp();
    assertThat(tree.has("/mounted")).isFalse();
  }

  @Test
  void whereTheDiskIsNotToBeSeenNothingIsMounted() throws IOException {
    Files.delete(root.resolve("dev/disk/by-partuuid/0000-root"));
    theInitrdGivesUp();
    assertThat(tree.has("/mounted")).isFalse();
  }
}
