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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The init of an initrd made by mkinitfs, run by busybox in a root of its own, on a disk that
 * sfdisk made. What only a kernel that boots would do (mount, modprobe, switch_root, reboot) is
 * written down.
 */
class MkinitfsInitTest {
  private static final String UUID = "0fc63daf-8483-4772-8e79-3d69d8477de4";
  private static final String DISK = "/sys/devices/pci/vda/";

  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void anInitrdOnAMachineWithAGoldenDisk() throws IOException {
    tree =
        new TestTree(root)
            .directory("/usr/bin")
            .link("/bin", "usr/bin")
            .link("/sbin", "usr/sbin")
            .directory("/run")
            .file("/dev/vda3", "a root")
            .file(DISK + "queue/logical_block_size", "512\n")
            .file(DISK + "modalias", "virtio:d00000002v00001AF4\n")
            .file(DISK + "vda3/partition", "3\n")
            .file(DISK + "vda3/uevent", "DEVNAME=vda3\nPARTNAME=slipway-slot-new\n")
            .file(DISK + "vda5/uevent", "DEVNAME=vda5\nPARTNAME=slipway-data\n")
            .link("/sys/class/block/vda", "../../devices/pci/vda")
            .link("/sys/class/block/vda3", "../../devices/pci/vda/vda3")
            .link("/sys/dev/block/254:3", "../../devices/pci/vda/vda3")
            .file("/proc/self/mountinfo", "36 1 254:3 / /sysroot rw - ext4 /dev/vda3 rw\n")
            .file("/proc/sysrq-trigger", "")
            .file("/log", "");
    table(UUID);
    boots("committed", "");
    Path busybox = root.resolve("usr/bin/busybox");
    Files.copy(Path.of("/bin/busybox"), busybox, StandardCopyOption.COPY_ATTRIBUTES);
    for (String script : List.of("data-partition.sh", "mount-data.sh", "last-words.sh")) {
      script(
          "/usr/lib/slipway/" + script, Files.readString(Path.of("../dracut/90slipway", script)));
    }
    for (String script : List.of("init", "partition-by-uuid.sh")) {
      String path = script.equals("init") ? "/init" : "/usr/lib/slipway/" + script;
      script(path, Files.readString(Path.of("../dracut/mkinitfs", script)));
    }
    for (String program : List.of("bin/mount", "sbin/modprobe", "bin/switch_root", "bin/reboot")) {
      noted(program, "");
    }
    // The shell of whoever looks; there is no machine that would end it.
    theShellEndsWith("kill -9 $PPID");
  }

  /** busybox' own, of which there are hundreds; JUnit would wonder about each of them. */
  @AfterEach
  void removeLinks() {
    Command.of("find", root.toString(), "-type", "l", "-delete").run();
  }

  private void table(String uuid) throws IOException {
    Path disk = root.resolve("dev/vda");
    Files.write(disk, new byte[4 << 20]);
    Command.of("sfdisk", "--quiet", "--no-reread", disk.toString())
        .input(
            ("label: gpt\n3: start=2048, size=1024, uuid=" + uuid + "\n")
                .getBytes(StandardCharsets.US_ASCII))
        .run();
  }

  private void boots(String mode, String more) {
    tree.file(
        "/proc/cmdline",
        "root=PARTUUID=" + UUID + " rw slipway.mode=" + mode + " slipway.txn=01T" + more + "\n");
  }

  private void script(String path, String content) throws IOException {
    tree.file(path, content);
    Files.setPosixFilePermissions(
        root.resolve(path.substring(1)), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A program before busybox' of that name that writes down how it is called. */
  private void noted(String program, String then) throws IOException {
    String name = program.substring(program.lastIndexOf('/') + 1);
    script("/usr/" + program, "#!/bin/busybox sh\necho \"" + name + " $*\" >>/log\n" + then + "\n");
  }

  /** The one that somebody sits at, not the one of scripts. */
  private void theShellEndsWith(String command) throws IOException {
    script(
        "/usr/bin/sh",
        "#!/bin/busybox sh\n[ $# = 0 ] || exec /bin/busybox sh \"$@\"\necho shell >>/log\n"
            + command
            + "\n");
  }

  /** What the init does, a line each. */
  private List<String> theInitrdStarts() {
    // Without the capabilities, lest it is this machine that reboots, or gets its mounts.
    Command.of(
            "setpriv",
            "--bounding-set=-sys_boot,-sys_admin",
            "chroot",
            root.toString(),
            "/init",
            "single")
        .runUnchecked();
    return tree.read("/log").lines().toList();
  }

  @Test
  void theRootIsMountedTheHostSetUpAndTheSlotsInitStarted() {
    assertThat(theInitrdStarts())
        .containsSubsequence(
            "mount -t proc -o nosuid,nodev,noexec proc /proc",
            "modprobe -a -q virtio:d00000002v00001AF4",
            "mount -t ext4 -o rw /dev/vda3 /sysroot",
            "mount -t ext4 -o rw,nodev,nosuid /dev/vda5 /sysroot/var/lib/slipway",
            "mount --move /dev /sysroot/dev",
            "mount --move /proc /sysroot/proc",
            "switch_root /sysroot /sbin/init single");
  }

  @Test
  void aDataPartitionThatIsNotFoundMakesNoOtherHost() throws IOException {
    tree.file(DISK + "vda5/uevent", "DEVNAME=vda5\nPARTNAME=other\n");
    script("/sysroot/usr/lib/slipway/host-setup", "");
    String lentToHostSetup = "mount --bind /dev /sysroot/dev";

    assertThat(theInitrdStarts())
        .contains("switch_root /sysroot /sbin/init single")
        .doesNotContain(lentToHostSetup);
    boots("committed", " slipway.data=none");
    assertThat(theInitrdStarts())
        .contains(lentToHostSetup)
        .noneMatch(line -> line.endsWith("/sysroot/var/lib/slipway"));
  }

  @Test
  void theKernelCommandLineMayNameAnotherInitAndOptionsOfTheRoot() {
    boots("committed", " init=/bin/bash rootflags=noatime");
    assertThat(theInitrdStarts())
        .contains(
            "mount -t ext4 -o rw,noatime /dev/vda3 /sysroot",
            "switch_root /sysroot /bin/bash single");
  }

  @Test
  void aRootOnXfsIsMountedAsThat() {
    tree.file("/dev/vda3", "XFSB and more");
    assertThat(theInitrdStarts()).contains("mount -t xfs -o rw /dev/vda3 /sysroot");
  }

  @Test
  void whatADriverBringsIsLookedForAgain() throws IOException {
    Files.move(root.resolve("dev/vda"), root.resolve("dev/behind-a-bus"));
    noted("sbin/modprobe", "[ ! -e /bus ] || mv /dev/behind-a-bus /dev/vda; echo >/bus");
    assertThat(theInitrdStarts()).contains("switch_root /sysroot /sbin/init single");
  }

  @Test
  void aTrialWhoseRootCannotBeMountedLeavesWordAndReboots() throws IOException {
    boots("coldtrial", "");
    noted("bin/mount", "case $* in *vda3*) exit 1 ;; esac");
    assertThat(theInitrdStarts())
        .containsSubsequence(
            "mount -t ext4 -o rw /dev/vda3 /sysroot",
            "mount -t ext4 -o rw,sync,nodev,nosuid,noexec /dev/vda5 /run/slipway-data",
            "reboot -f")
        .noneMatch(line -> line.startsWith("switch_root"));
    assertThat(tree.read("/run/slipway-data/last-words")).isEqualTo("01T trial-no-root\n");
    assertThat(tree.read("/proc/sysrq-trigger")).as("the program did nothing").isEqualTo("b\n");
  }

  @Test
  void aTrialThatSeesNoRootRebootsAfterItsTime() throws IOException {
    table("0fc63daf-8483-4772-8e79-000000000000");
    boots("warmtrial", " rd.timeout=1");
    assertThat(theInitrdStarts()).contains("reboot -f");
    assertThat(tree.has("/run/slipway-data")).as("no disk to leave word on").isFalse();
  }

  @Test
  void anyOtherBootOpensAShellAndTriesAgainAfterIt() throws IOException {
    noted("bin/mount", "case $* in *vda3*) [ -e /mended ] || exit 1 ;; esac");
    theShellEndsWith("echo >/mended");
    assertThat(theInitrdStarts())
        .containsSubsequence("shell", "switch_root /sysroot /sbin/init single")
        .doesNotContain("reboot -f");
    assertThat(tree.read("/proc/sysrq-trigger")).isEmpty();
  }
}
