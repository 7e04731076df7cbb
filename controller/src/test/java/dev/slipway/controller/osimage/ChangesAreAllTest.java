package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The slot's list of changes names everything that a preparation does to an image, and no more. */
class ChangesAreAllTest {
  private static final DracutFolder FOLDER = new DracutFolder(Path.of("../dracut"));
  private static final String VENDOR = "/usr/lib/systemd/system/";
  private static final String ETC = "/etc/systemd/system/";
  private static final String INSTALLED = "[Install]\nWantedBy=multi-user.target\n";

  @TempDir private Path directory;
  private Path root;
  private TestTree tree;

  @BeforeEach
  void aTreeAndAnAgent() throws IOException {
    root = Files.createDirectory(directory.resolve("tree"));
    tree = new TestTree(root);
    TinyImage.in(root, 1);
    new TestTree(directory.resolve("bundle"))
        .program("/usr/lib/slipway/agent/bin/agent", "#!/bin/sh\n")
        .file("/usr/lib/slipway/agent/lib/modules", "runtime");
  }

  private static List<String> lines(List<Change> changes) {
    return changes.stream().map(Change::toString).toList();
  }

  private void isAllThatAPreparationDoes() {
    ListedChanges listed = ListedChanges.of(root);
    PreparationOptions options =
        new PreparationOptions(
            InitrdSource.KEEP,
            KernelChoice.NEWEST,
            Set.of("ext4"),
            Optional.of(directory.resolve("bundle")),
            Path.of("../dracut"),
            CheckChoice.MEND_ALL);
    try (Image image = LocalImages.open("rootfs:" + root)) {
      List<Change> changes = new OsImagePreparation().prepare(root, image, options).changes();
      listed.areExactly(changes);
      assertThat(tree.read(ChangeLog.FILE).lines().filter(line -> !line.startsWith("#")))
          .containsExactlyElementsOf(lines(changes));
    }
  }

  private void leftovers() {
    tree.file("/.dockerenv", "")
        .file("/run/.containerenv", "")
        .file("/run/systemd/container", "docker")
        .file("/tmp/build/object.o", "")
        .file("/tmp/a\nremoved /etc/shadow: made up", "")
        .program("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n")
        .file("/etc/hostname", "0123456789ab\n")
        .file("/etc/hosts", "")
        .file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        .file("/etc/ssh/ssh_host_ed25519_key", "secret")
        .file("/var/lib/systemd/random-seed", "seed")
        .file("/etc/passwd", "root::0:0::/root:/bin/sh\n")
        .file("/etc/shadow", "root::19000:0:99999:7:::\n")
        .file(
            "/usr/share/defaults/fstab", "/dev/sdb1 /srv xfs defaults 0 0\noverlay / overlay ro\n")
        .link("/etc/fstab", "../usr/share/defaults/fstab");
  }

  @Test
  void ofAnImageOfDebiansKind() {
    leftovers();
    tree.file("/etc/os-release", "ID=debian\n")
        .systemd(
            "graphical.target",
            "multi-user.target",
            "sysinit.target",
            "getty.target",
            "getty@.service",
            "systemd-udevd.service",
            "systemd-journald.service",
            "systemd-remount-fs.service")
        .program("/usr/lib/systemd/systemd-udevd", ElfProgram.STATIC)
        .file(VENDOR + "systemd-networkd.service", INSTALLED)
        .link(VENDOR + "default.target", "graphical.target")
        .link(ETC + "getty.target", "/dev/null")
        .link(ETC + "systemd-udevd.service", "/dev/null")
        .link(ETC + "getty.target.wants/console-getty.service", VENDOR + "console-getty.service")
        .file("/etc/environment", "container=docker\n")
        .file("/etc/systemd/system.conf", "[Manager]\nDefaultEnvironment=container=docker\n")
        .file("/etc/resolv.conf", "nameserver 127.0.0.11\n")
        .program("/sbin/start-stop-daemon.distrib", ElfProgram.STATIC)
        .link("/sbin/start-stop-daemon", "/bin/true")
        .link("/sbin/initctl", "/bin/true")
        .file(
            "/var/lib/dpkg/diversions",
            "/sbin/start-stop-daemon\n/sbin/start-stop-daemon.distrib\n:\n")
        .program("/etc/kernel/postinst.d/zz-update-grub", "#!/bin/sh\n")
        .link("/etc/kernel/postrm.d/zz-update-grub", "../postinst.d/zz-update-grub")
        .program("/usr/bin/os-prober", "#!/bin/sh\n")
        .program("/etc/grub.d/30_os-prober", "#!/bin/sh\n");
    isAllThatAPreparationDoes();
  }

  @Test
  void ofAnImageOfRedHatsKind() {
    leftovers();
    tree.file("/etc/os-release", "ID=almalinux\nID_LIKE=\"rhel centos fedora\"\n")
        .systemd("multi-user.target", "systemd-udevd.service", "dbus.socket")
        .program("/usr/lib/systemd/systemd-udevd", ElfProgram.STATIC)
        .file(VENDOR + "NetworkManager.service", INSTALLED + "Also=NetworkManager-x.service\n")
        .file(VENDOR + "NetworkManager-x.service", INSTALLED)
        .file(VENDOR + "systemd-resolved.service", INSTALLED + "Alias=dbus-resolve.service\n")
        .program("/usr/lib/kernel/install.d/20-grub.install", "")
        .program("/usr/lib/kernel/install.d/99-grub-mkconfig.install", "");
    isAllThatAPreparationDoes();
  }

  @Test
  void ofAnImageOfAlpinesKind() {
    leftovers();
    tree.file("/etc/os-release", "ID=alpine\n")
        .file("/sbin/openrc", "")
        .file("/sbin/getty", "")
        .file("/etc/inittab", "tty1::respawn:/sbin/getty 38400 tty1\n")
        .file("/etc/rc.conf", "rc_sys=\"docker\"\n")
        .file("/var/lib/seedrng/seed.credit", "seed");
    for (String service : List.of("devfs", "mdev", "hwdrivers", "modules", "networking")) {
      tree.file("/etc/init.d/" + service, "#!/sbin/openrc-run\n");
    }
    isAllThatAPreparationDoes();
  }

  @Test
  void ofAnImageThatIsRightButForTheAgent() {
    isAllThatAPreparationDoes();
  }

  static List<InitrdTool> tools() {
    return List.of(new Dracut(FOLDER), new InitramfsTools(FOLDER), new Mkinitfs(FOLDER));
  }

  @ParameterizedTest
  @MethodSource("tools")
  void ofTheToolThatMakesTheInitrd(InitrdTool tool) {
    tree.file("/lib/modules/6.1/modules.dep", "kernel/fs/ext4/ext4.ko:\n");
    InstalledKernel kernel = new InstalledKernel("6.1", "/boot/vmlinuz-6.1");
    ListedChanges listed = ListedChanges.of(root);
    ChangeLog changes =
        tree.apply(
            (slot, log) ->
                tool.putParts(
                    slot, new SlotInitrd.Plan(tool, kernel, List.of(), List.of("ext4")), log));
    listed.areExactly(changes.all());
  }
}
