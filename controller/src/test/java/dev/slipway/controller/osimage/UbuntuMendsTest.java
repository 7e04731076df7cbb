package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What images of Ubuntu need on a machine; the trees are made by hand. */
class UbuntuMendsTest {
  private static final String ETC = "/etc/systemd/system/";
  private static final String VENDOR = "/usr/lib/systemd/system/";
  private static final String KERNEL = "6.8.0-51-generic";
  private static final String INSTALLED = "[Unit]\n[Install]\nWantedBy=multi-user.target\n";
  private static final String UNMANAGED = "/NetworkManager/conf.d/10-globally-managed-devices.conf";

  @TempDir private Path directory;
  private TestTree tree;

  /** Of release 24.04: the base image, and the packages that its authors usually add. */
  @BeforeEach
  void ubuntu() throws IOException {
    tree = new TestTree(directory);
    tree.mergedUsr();
    tree.file("/etc/os-release", "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"\n")
        .kernel("/usr/lib/modules", KERNEL, "/boot/vmlinuz-" + KERNEL)
        .file("/boot/config-" + KERNEL, "CONFIG_KEXEC_FILE=y\nCONFIG_KEXEC_SIG=y\n")
        .program("/usr/sbin/mkinitramfs", "#!/bin/sh\n")
        .directory("/usr/share/initramfs-tools/hooks")
        .program("/usr/lib64/ld-linux-x86-64.so.2", ElfProgram.STATIC)
        .program(
            "/usr/lib/systemd/systemd", ElfProgram.interpretedBy("/lib64/ld-linux-x86-64.so.2"))
        .link("/usr/sbin/init", "../lib/systemd/systemd")
        .program("/usr/bin/udevadm", ElfProgram.STATIC)
        .program("/usr/bin/dbus-daemon", ElfProgram.STATIC)
        .program("/usr/sbin/fsck.ext4", ElfProgram.STATIC)
        .systemd(
            "multi-user.target",
            "graphical.target",
            "systemd-udevd.service",
            "systemd-remount-fs.service")
        .file(VENDOR + "systemd-networkd.service", INSTALLED)
        .file(VENDOR + "systemd-resolved.service", INSTALLED)
        .link(VENDOR + "default.target", "graphical.target")
        .link(VENDOR + "sysinit.target.wants/systemd-udevd.service", "../systemd-udevd.service")
        .link(
            VENDOR + "local-fs.target.wants/systemd-remount-fs.service",
            "../systemd-remount-fs.service")
        .program("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n")
        .link("/usr/sbin/initctl", "/bin/true")
        .file("/var/lib/dpkg/diversions", "/sbin/initctl\n/sbin/initctl.distrib\n:\n")
        .file("/etc/machine-id", "")
        .file("/etc/resolv.conf", "")
        .file("/etc/hosts", "127.0.0.1 localhost\n")
        .file("/etc/fstab", "# UNCONFIGURED FSTAB FOR BASE SYSTEM\n")
        .file("/etc/shadow", "root:*:19000:0:99999:7:::\nubuntu:!:19000:0:99999:7:::\n")
        // What makes a minimal image minimal, and how it is taken back.
        .program("/usr/local/sbin/unminimize", "#!/bin/sh\n")
        .program("/etc/update-motd.d/60-unminimize", "#!/bin/sh\n")
        .file("/etc/dpkg/dpkg.cfg.d/excludes", "path-exclude=/usr/share/man/*\n")
        .program("/etc/kernel/postinst.d/zz-update-grub", "#!/bin/sh\n")
        .file("/var/lib/dpkg/info/grub-pc.postinst", "#!/bin/bash\n");
    for (String name : List.of("boot", "dev", "proc", "root", "run", "sys", "var")) {
      tree.directory("/" + name);
    }
  }

  private static List<String> of(String check, List<Finding> findings) {
    return findings.stream()
        .filter(found -> found.check().equals(check))
        .map(found -> found.text().replaceFirst(":.*", ""))
        .toList();
  }

  @Test
  void everythingThatIsWrongWithItIsFoundAndNothingElseIsTouched() {
    List<Finding> findings = tree.findings();

    assertThat(TestTree.kinds(findings))
        .containsExactly(
            "mended directories",
            "mended engine-leftovers",
            "mended service-stubs",
            "mended default-target",
            "note fsck",
            "note way-in",
            "mended network",
            "mended name-resolution",
            "mended grub-hooks",
            "note grub-hooks");
    assertThat(of("network", findings))
        .containsExactly(
            "added /etc/systemd/network/80-dhcp.network",
            "added " + ETC + "multi-user.target.wants/systemd-networkd.service");
    assertThat(of("name-resolution", findings))
        .contains("changed /etc/resolv.conf")
        .contains("added " + ETC + "multi-user.target.wants/systemd-resolved.service");
    assertThat(of("service-stubs", findings))
        .containsExactly("removed /sbin/initctl", "changed /var/lib/dpkg/diversions");
    assertThat(tree.has("/etc/update-motd.d/60-unminimize")).isTrue();
    assertThat(tree.has("/etc/dpkg/dpkg.cfg.d/excludes")).isTrue();
    assertThat(tree.findings())
        .as("after all mends")
        .extracting(Finding::check, Finding::kind)
        .containsOnly(
            tuple("fsck", Finding.Kind.NOTE),
            tuple("way-in", Finding.Kind.NOTE),
            tuple("grub-hooks", Finding.Kind.NOTE));
  }

  @Test
  void netplanHasTheNetworkToItself() {
    tree.file("/etc/netplan/50-cloud-init.yaml", "network: {version: 2}\n")
        .program("/usr/sbin/netplan", "#!/usr/bin/python3\n");
    assertThat(of("network", tree.findings())).isEmpty();
  }

  @Test
  void networkManagerWithoutNetplanGetsEthernet() {
    tree.file(VENDOR + "NetworkManager.service", INSTALLED)
        .file("/usr/lib" + UNMANAGED, "[keyfile]\nunmanaged-devices=*,except:type:wifi\n");
    assertThat(of("network", tree.findings()))
        .containsExactly(
            "added " + ETC + "multi-user.target.wants/NetworkManager.service",
            "added /etc" + UNMANAGED);
  }

  @Test
  void cloudInitStaysAndTheNetworkDoesNotWaitForIt() {
    tree.file(VENDOR + "cloud-init.service", INSTALLED)
        .link(ETC + "cloud-init.target.wants/cloud-init.service", VENDOR + "cloud-init.service")
        .file("/etc/cloud/cloud.cfg", "preserve_hostname: false\n");
    List<Finding> findings = tree.findings();
    assertThat(of("network", findings)).contains("added /etc/systemd/network/80-dhcp.network");
    assertThat(findings).extracting(Finding::text).noneMatch(text -> text.contains("cloud"));
    assertThat(tree.has(ETC + "cloud-init.target.wants/cloud-init.service")).isTrue();
  }

  @Test
  void anImageWithoutAKernelIsToldWhichOneHasTheDrivers() throws IOException {
    Files.delete(directory.resolve("boot/vmlinuz-" + KERNEL));
    Files.delete(directory.resolve("usr/lib/modules/" + KERNEL + "/modules.dep"));
    assertThat(tree.findings())
        .filteredOn(found -> found.check().equals("kernel"))
        .singleElement()
        .satisfies(found -> assertThat(found.kind()).isEqualTo(Finding.Kind.FATAL))
        .satisfies(
            found -> assertThat(found.text()).contains("apt-get install linux-image-generic"));
  }
}
