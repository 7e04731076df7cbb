package dev.slipway.controller.osimage;

import java.util.Arrays;
import java.util.List;

/**
 * Families of distributions, for telling an image's author which package to install. The family is
 * told by ID and ID_LIKE of os-release(5).
 */
enum Distribution {
  UBUNTU(
      "ubuntu",
      "apt-get install ",
      "linux-image-generic",
      "systemd-sysv",
      "udev",
      "dbus",
      "openssh-server",
      "dracut-core"),
  DEBIAN(
      "debian",
      "apt-get install ",
      "linux-image-amd64",
      "systemd-sysv",
      "udev",
      "dbus",
      "openssh-server",
      "dracut-core"),
  RED_HAT(
      "rhel centos fedora",
      "dnf install ",
      "kernel",
      "systemd",
      "systemd-udev",
      "dbus",
      "openssh-server",
      "dracut"),
  SUSE(
      "suse sles opensuse",
      "zypper install ",
      "kernel-default",
      "systemd",
      "udev",
      "dbus-1",
      "openssh",
      "dracut"),
  ALPINE(
      "alpine",
      "apk add ",
      "linux-lts",
      "openrc alpine-base",
      "eudev",
      "dbus",
      "openssh",
      "dracut"),
  ARCH("arch", "pacman -S ", "linux", "systemd-sysvcompat", "systemd", "dbus", "openssh", "dracut"),
  UNKNOWN(
      "",
      "",
      "a Linux kernel",
      "an init such as systemd",
      "udev",
      "D-Bus",
      "an SSH server such as OpenSSH",
      "dracut");

  private final String ids;
  private final String installer;
  private final String kernel;
  private final String init;
  private final String udev;
  private final String dbus;
  private final String sshServer;
  private final String dracut;

  Distribution(
      String ids,
      String installer,
      String kernel,
      String init,
      String udev,
      String dbus,
      String sshServer,
      String dracut) {
    this.ids = ids;
    this.installer = installer;
    this.kernel = kernel;
    this.init = init;
    this.udev = udev;
    this.dbus = dbus;
    this.sshServer = sshServer;
    this.dracut = dracut;
  }

  /** The family of the distribution in the tree. */
  static Distribution of(TreeView tree) {
    List<String> named =
        tree.read("/etc/os-release")
            .or(() -> tree.read("/usr/lib/os-release"))
            .map(Distribution::idsIn)
            .orElse(List.of());
    return Arrays.stream(values())
        .filter(family -> Arrays.stream(family.ids.split(" ", -1)).anyMatch(named::contains))
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static List<String> idsIn(String osRelease) {
    return osRelease
        .lines()
        .filter(line -> line.startsWith("ID=") || line.startsWith("ID_LIKE="))
        .map(line -> line.substring(line.indexOf('=') + 1).replaceAll("[\"']", ""))
        .flatMap(value -> Arrays.stream(value.split(" ", -1)))
        .toList();
  }

  String toGetKernel() {
    return toInstall(kernel);
  }

  String toGetInit() {
    return toInstall(init);
  }

  String toGetUdev() {
    return toInstall(udev);
  }

  String toGetDbus() {
    return toInstall(dbus);
  }

  String toGetSshServer() {
    return toInstall(sshServer);
  }

  String toGetDracut() {
    return toInstall(dracut);
  }

  private String toInstall(String packages) {
    return "Install "
        + packages
        + " in the image"
        + (installer.isEmpty() ? "." : " (" + installer + packages + ").");
  }
}
