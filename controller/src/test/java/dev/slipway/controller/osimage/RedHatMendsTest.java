package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What images of Red Hat's family need on a machine; the trees are made by hand. */
class RedHatMendsTest {
  private static final String ETC = "/etc/systemd/system/";
  private static final String VENDOR = "/usr/lib/systemd/system/";
  private static final String MODULES = "/usr/lib/modules/";
  private static final String EL9 = "5.14.0-503.11.1.el9_5.x86_64";
  private static final String EL7 = "3.10.0-1160.el7.x86_64";
  private static final String INSTALLED = "[Unit]\n[Install]\nWantedBy=multi-user.target\n";

  @TempDir private Path directory;
  private TestTree tree;

  @BeforeEach
  void emptyTree() throws IOException {
    tree = new TestTree(directory).directory("/usr/lib").directory("/usr/lib64");
    tree.mergedUsr();
  }

  /** A base image of EL 9 with a kernel and dracut in it, and nothing else that a machine needs. */
  private void enterpriseLinux9() {
    tree.file(
            "/etc/os-release",
            "ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.5\"\n")
        .kernel(MODULES, EL9, MODULES + EL9 + "/vmlinuz")
        .file(MODULES + EL9 + "/config", "CONFIG_KEXEC_FILE=y\nCONFIG_KEXEC_SIG=y\n")
        .program("/usr/bin/dracut", "#!/usr/bin/bash\n")
        .directory("/usr/lib/dracut/modules.d")
        .file("/usr/lib/sysimage/rpm/rpmdb.sqlite", "C\0e2fsprogs\0001.46.5\0005.el9\0Utilities\0")
        .program("/usr/lib64/ld-linux-x86-64.so.2", ElfProgram.STATIC)
        .program(
            "/usr/lib/systemd/systemd", ElfProgram.interpretedBy("/lib64/ld-linux-x86-64.so.2"))
        .link("/usr/sbin/init", "../lib/systemd/systemd")
        .systemd(
            "multi-user.target",
            "graphical.target",
            "getty.target",
            "getty@.service",
            "console-getty.service",
            "systemd-journald.service",
            "systemd-logind.service",
            "systemd-remount-fs.service",
            "systemd-tmpfiles-setup.service")
        .link(VENDOR + "default.target", "graphical.target")
        // The recipe for systemd in a container.
        .link(ETC + "systemd-logind.service", "/dev/null")
        .link(ETC + "getty.target", "/dev/null")
        .link(ETC + "getty.target.wants/console-getty.service", VENDOR + "console-getty.service")
        .file("/etc/fstab", "UUID=6f2f0b38 / xfs defaults 0 0\nUUID=1C2D-3E4F /boot/efi vfat 0 0\n")
        .file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        .file("/etc/shadow", "root:!locked::0:99999:7:::\n")
        .file("/etc/selinux/config", "SELINUX=enforcing\nSELINUXTYPE=targeted\n")
        .file("/run/.containerenv", "")
        .file("/etc/resolv.conf", "nameserver 10.0.2.3\n")
        .file("/etc/hostname", "")
        .file("/etc/hosts", "127.0.0.1 localhost\n")
        .program("/usr/lib/kernel/install.d/20-grub.install", "#!/bin/bash\n")
        .program("/usr/lib/kernel/install.d/90-loaderentry.install", "#!/bin/sh\n")
        .program("/usr/lib/kernel/install.d/50-dracut.install", "#!/bin/bash\n");
    for (String name : List.of("boot", "dev", "proc", "root", "sys", "var")) {
      tree.directory("/" + name);
    }
  }

  private static List<String> of(String check, List<Finding> findings) {
    return findings.stream()
        .filter(found -> found.check().equals(check))
        .map(Finding::text)
        .toList();
  }

  @Test
  void everythingThatABaseImageOfEnterpriseLinux9LacksIsFound() {
    enterpriseLinux9();

    List<Finding> findings = tree.findings();

    assertThat(TestTree.kinds(findings))
        .containsExactly(
            "fatal udev",
            "note dbus",
            "mended directories",
            "mended engine-leftovers",
            "mended default-target",
            "mended masked-units",
            "mended vendor-wants",
            "mended console-getty",
            "mended fstab",
            "note fsck",
            "mended identity",
            "note way-in",
            "fatal selinux",
            "note network",
            "mended grub-hooks");
    assertThat(of("udev", findings).get(0)).contains("dnf install systemd-udev");
    assertThat(of("dbus", findings).get(0)).contains("dnf install dbus");
    assertThat(of("selinux", findings).get(0)).contains("SELINUX=permissive");
    assertThat(of("masked-units", findings))
        .extracting(text -> text.replaceFirst(":.*", ""))
        .containsExactly(
            "removed " + ETC + "getty.target", "removed " + ETC + "systemd-logind.service");
    assertThat(of("fstab", findings)).hasSize(2);
    assertThat(of("network", findings)).singleElement().asString().contains("NetworkManager");
    assertThat(of("fsck", findings))
        .anyMatch(text -> text.contains("install xfsprogs"))
        .anyMatch(text -> text.contains("install e2fsprogs"));
    assertThat(tree.target("/etc/kernel/install.d/20-grub.install")).isEqualTo("/dev/null");
    assertThat(tree.has("/etc/kernel/install.d/50-dracut.install")).isFalse();
    assertThat(tree.target(ETC + "default.target")).isEqualTo(VENDOR + "multi-user.target");
  }

  @Test
  void anImageWithWhatIsAskedForBoots() {
    enterpriseLinux9();
    tree.program("/usr/lib/systemd/systemd-udevd", ElfProgram.STATIC)
        .program("/usr/bin/dbus-broker-launch", ElfProgram.STATIC)
        .program("/usr/sbin/xfs_repair", ElfProgram.STATIC)
        .program("/usr/sbin/fsck.ext4", ElfProgram.STATIC)
        .file(VENDOR + "NetworkManager.service", INSTALLED)
        .file("/etc/selinux/config", "SELINUX=permissive\n");

    List<Finding> findings = tree.findings();

    assertThat(findings).extracting(Finding::kind).doesNotContain(Finding.Kind.FATAL);
    assertThat(of("network", findings))
        .singleElement()
        .asString()
        .startsWith("added " + ETC + "multi-user.target.wants/NetworkManager.service");
    assertThat(tree.findings())
        .as("after all mends")
        .extracting(Finding::check, Finding::kind)
        .containsOnly(org.assertj.core.api.Assertions.tuple("way-in", Finding.Kind.NOTE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"selinux=0", "enforcing=0", "quiet selinux=0", "enforcing=0 selinux=1"})
  void anEnforcedPolicyThatTheDisksKernelArgumentsTurnOffIsNoObstacle(String arguments) {
    enterpriseLinux9();
    assertThat(of("selinux", tree.findings(arguments.split(" ")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"quiet", "selinux=1", "enforcing=1", "selinux=0 selinux=1", "no-selinux=0"})
  void anEnforcedPolicyThatTheyLeaveOnIsFatalAndBothWaysOutAreSaid(String arguments) {
    enterpriseLinux9();
    assertThat(of("selinux", tree.findings(arguments.split(" "))))
        .singleElement()
        .asString()
        .contains("SELINUX=permissive", "selinux=0 in the 'kernel-arguments' of disk.yml");
  }

  /** Its kernel lies in /boot, and its network is set up by scripts of its own. */
  @Test
  void enterpriseLinux7KeepsItsNetworkScripts() {
    tree.file("/etc/os-release", "ID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"7\"\n")
        .kernel(MODULES, EL7, "/boot/vmlinuz-" + EL7)
        .file(
            "/boot/config-" + EL7,
            "CONFIG_KEXEC=y\nCONFIG_KEXEC_FILE=y\nCONFIG_KEXEC_SIG_FORCE=y\n")
        .file("/boot/initramfs-6.18.0-builder.img", "made for the kernel of the building machine")
        .program("/usr/sbin/dracut", "#!/usr/bin/bash\n")
        .directory("/usr/lib/dracut/modules.d")
        .program("/usr/lib/systemd/systemd", ElfProgram.STATIC)
        .link("/usr/sbin/init", "../lib/systemd/systemd")
        .systemd("multi-user.target", "systemd-remount-fs.service", "systemd-udevd.service")
        .link(VENDOR + "default.target", "multi-user.target")
        .program("/usr/lib/systemd/systemd-udevd", ElfProgram.STATIC)
        .program("/usr/bin/dbus-daemon", ElfProgram.STATIC)
        .program("/etc/rc.d/init.d/network", "#!/bin/bash\n")
        .link("/etc/rc.d/rc3.d/S10network", "../init.d/network")
        .file("/etc/sysconfig/network-scripts/ifcfg-lo", "DEVICE=lo\n")
        .file("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\nBOOTPROTO=dhcp\n")
        .file("/etc/selinux/config", "SELINUX=disabled\n");

    List<Finding> findings = tree.findings();

    assertThat(TestTree.kinds(findings))
        .containsExactly(
            "mended directories",
            "mended engine-leftovers",
            "mended vendor-wants",
            "note fsck",
            "mended identity",
            "note way-in",
            "note kexec",
            "note initrd");
    assertThat(of("kexec", findings).get(0)).contains(EL7, "CONFIG_KEXEC_SIG_FORCE");
    assertThat(of("initrd", findings).get(0)).contains("dracut without --kver");
  }

  /** Fedora, and with it later releases of the family, have moved it. */
  @Test
  void itsPackagesAreReadWhereverTheDatabaseLies() {
    enterpriseLinux9();
    try (Image image = LocalImages.open("rootfs:" + directory)) {
      ImageSurvey survey = ImageSurvey.of(image);
      assertThat(survey.installedKernels()).containsExactly(EL9);
      assertThat(survey.packages().version("e2fsprogs")).contains("1.46.5");
    }
  }
}
