package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that keeps an image from booting, and what becomes of it. */
class MendsTest {
  private static final String ETC = "/etc/systemd/system/";
  private static final String VENDOR = "/usr/lib/systemd/system/";

  @TempDir private Path directory;
  private TestTree tree;

  @BeforeEach
  void emptyTree() {
    tree = new TestTree(directory);
  }

  private static List<String> paths(ChangeLog changes) {
    return changes.all().stream().map(Change::path).toList();
  }

  // ---- init and udev

  @Test
  void anImageWithoutInitIsRefusedWithThePackageOfItsFamily() {
    tree.file("/etc/os-release", "ID=debian\n");
    assertThatThrownBy(() -> tree.apply(new InitPresent()))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("no /sbin/init")
        .hasMessageContaining("apt-get install systemd-sysv");
  }

  @Test
  void aDerivedDistributionIsTakenForItsFamily() {
    tree.file("/usr/lib/os-release", "ID=rocky\nID_LIKE=\"rhel centos fedora\"\n");
    assertThatThrownBy(() -> tree.apply(new InitPresent()))
        .hasMessageContaining("dnf install systemd");
  }

  @Test
  void anInitThatIsALinkToNowhereIsRefused() {
    tree.link("/sbin/init", "/lib/systemd/systemd");
    assertThatThrownBy(() -> tree.apply(new InitPresent()))
        .hasMessageContaining("/lib/systemd/systemd, which is not there");
  }

  @Test
  void anInitThatCannotBeStartedIsRefused() {
    tree.file("/sbin/init", "#!/bin/sh\n").file("/etc/os-release", "ID=alpine\n");
    assertThatThrownBy(() -> tree.apply(new InitPresent()))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("/sbin/init of the image cannot be executed")
        .hasMessageContaining("apk add openrc");
  }

  @Test
  void systemdWithoutUdevIsRefused() {
    tree.systemd().file("/etc/os-release", "ID=debian\n");
    assertThatThrownBy(() -> tree.apply(new UdevPresent()))
        .hasMessageContaining("no udev")
        .hasMessageContaining("apt-get install udev");
  }

  @Test
  void systemdWithoutDbusIsToldWithThePackageOfItsFamily() {
    tree.systemd().file("/etc/os-release", "ID=opensuse-leap\nID_LIKE=\"suse opensuse\"\n");
    ChangeLog changes = tree.apply(new DbusPresent());
    assertThat(changes.all()).isEmpty();
    assertThat(changes.notes())
        .singleElement()
        .asString()
        .contains("systemd-logind does not start", "zypper install dbus-1");

    tree.file("/usr/bin/dbus-broker-launch", "");
    assertThat(tree.apply(new DbusPresent()).notes()).isEmpty();
  }

  // ---- directories and leftovers

  @Test
  void missingMountPointsAreMadeAndTmpIsForEverybody() throws IOException {
    tree.directory("/tmp");
    tree.apply(new Directories());
    assertThat(directory.resolve("proc")).isDirectory();
    assertThat((int) Files.getAttribute(directory.resolve("tmp"), "unix:mode") & 07777)
        .isEqualTo(01777);
  }

  @Test
  void aMountPointThatIsALinkIsRefused() {
    tree.link("/dev", "/etc");
    assertThatThrownBy(() -> tree.apply(new Directories()))
        .hasMessageContaining("/dev of the image is not a directory");
  }

  @Test
  void whatTheEngineLeftIsRemoved() {
    tree.file("/.dockerenv", "")
        .file("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n")
        .file("/run/lock/x", "")
        .file("/tmp/build", "")
        .file("/etc/hostname", "0123456789ab\n")
        .file("/etc/hosts", "");
    tree.apply(new EngineLeftovers());
    assertThat(
            Stream.of(
                    "/.dockerenv",
                    "/usr/sbin/policy-rc.d",
                    "/run/lock",
                    "/tmp/build",
                    "/etc/hostname")
                .filter(tree::has))
        .isEmpty();
    assertThat(tree.has("/run")).isTrue();
    assertThat(tree.read("/etc/hosts")).startsWith("127.0.0.1 localhost");
  }

  @Test
  void aHostNameThatSomebodyChoseStays() {
    tree.file("/etc/hostname", "appliance\n").file("/etc/hosts", "127.0.0.1 localhost\n");
    assertThat(tree.apply(new EngineLeftovers()).all()).isEmpty();
  }

  // ---- systemd

  @Test
  void graphicalWithoutADisplayManagerBecomesMultiUser() {
    tree.systemd("graphical.target", "multi-user.target")
        .link(VENDOR + "default.target", "graphical.target");
    tree.apply(new DefaultTarget());
    assertThat(tree.target(ETC + "default.target")).isEqualTo(VENDOR + "multi-user.target");
    assertThat(tree.target(VENDOR + "default.target")).isEqualTo("graphical.target");
  }

  @Test
  void graphicalWithADisplayManagerStays() {
    tree.systemd("graphical.target", "gdm.service")
        .link(VENDOR + "default.target", "graphical.target")
        .link(ETC + "display-manager.service", VENDOR + "gdm.service");
    assertThat(tree.apply(new DefaultTarget()).all()).isEmpty();
  }

  @Test
  void aMissingDefaultTargetBecomesMultiUser() {
    tree.systemd("multi-user.target");
    tree.apply(new DefaultTarget());
    assertThat(tree.target(ETC + "default.target")).isEqualTo(VENDOR + "multi-user.target");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/null", "/usr/lib/systemd/system/not-installed.target"})
  void aDefaultTargetThatIsMaskedOrLeadsNowhereBecomesMultiUser(String target) {
    tree.systemd("multi-user.target", "graphical.target", "display-manager.service")
        .link(VENDOR + "default.target", "graphical.target")
        .link(ETC + "default.target", target);
    assertThat(tree.apply(new DefaultTarget()).all())
        .singleElement()
        .asString()
        .contains("masked or leads nowhere");
    assertThat(tree.target(ETC + "default.target")).isEqualTo(VENDOR + "multi-user.target");
  }

  @ParameterizedTest
  @MethodSource("unitsThatImagesMask")
  void aMaskOfAUnitThatAMachineNeedsIsRemoved(String unit) {
    tree.systemd(unit).link(ETC + unit, "/dev/null");
    assertThat(paths(tree.apply(new MaskedUnits()))).containsExactly(ETC + unit);
    assertThat(tree.has(ETC + unit)).isFalse();
  }

  static Stream<String> unitsThatImagesMask() {
    return Stream.of(
        "getty.target",
        "serial-getty@.service",
        "systemd-logind.service",
        "systemd-udevd.service",
        "systemd-remount-fs.service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/null", "../../../dev/null"})
  void aMaskOfOneTerminalsLoginIsRemoved(String nothing) {
    tree.systemd("getty@.service", "serial-getty@.service")
        .link(ETC + "getty@tty1.service", nothing)
        .link(ETC + "serial-getty@ttyS0.service", nothing);
    assertThat(paths(tree.apply(new MaskedUnits())))
        .containsExactly(ETC + "getty@tty1.service", ETC + "serial-getty@ttyS0.service");
    assertThat(tree.has(ETC + "serial-getty@ttyS0.service")).isFalse();
  }

  @Test
  void anEmptyUnitFileIsAMask() {
    tree.systemd("getty.target").file(ETC + "getty.target", "");
    assertThat(paths(tree.apply(new MaskedUnits()))).containsExactly(ETC + "getty.target");
  }

  @Test
  void anEnabledTerminalIsNoMask() {
    tree.systemd("getty@.service").link(ETC + "getty@tty1.service", VENDOR + "getty@.service");
    assertThat(tree.apply(new MaskedUnits()).all()).isEmpty();
  }

  @Test
  void aMaskAmongTheVendorsUnitsIsRemovedWhereItHidesATemplate() {
    tree.systemd("getty@.service").link(VENDOR + "getty@tty1.service", "../../../../dev/null");
    assertThat(paths(tree.apply(new MaskedUnits()))).containsExactly(VENDOR + "getty@tty1.service");
  }

  @Test
  void aMaskThatReplacedTheVendorsUnitIsSaid() {
    tree.systemd("x").link(VENDOR + "systemd-udevd.service", "/dev/null");
    ChangeLog changes = tree.apply(new MaskedUnits());
    assertThat(changes.all()).isEmpty();
    assertThat(changes.notes())
        .singleElement()
        .asString()
        .startsWith(VENDOR + "systemd-udevd.service is a mask")
        .contains("Install its package");
  }

  @Test
  void aMaskedUnitIsNotTakenForOneThatWorks() {
    withNetworkd()
        .file(VENDOR + "NetworkManager.service", "[Install]\nWantedBy=multi-user.target\n")
        .link(ETC + "NetworkManager.service", "/dev/null");
    tree.apply(new Network());
    assertThat(tree.has(ETC + "multi-user.target.wants/systemd-networkd.service")).isTrue();
  }

  @Test
  void otherMasksStay() {
    tree.systemd("apt-daily.timer").link(ETC + "apt-daily.timer", "/dev/null");
    assertThat(tree.apply(new MaskedUnits()).all()).isEmpty();
    assertThat(tree.has(ETC + "apt-daily.timer")).isTrue();
  }

  @Test
  void linksThatTheContainerRecipeDeletedComeBack() {
    tree.systemd("systemd-udevd.service", "getty.target", "systemd-remount-fs.service");
    tree.apply(new VendorWants());
    assertThat(tree.has(VENDOR + "local-fs.target.wants/systemd-remount-fs.service")).isTrue();
    assertThat(tree.target(VENDOR + "sysinit.target.wants/systemd-udevd.service"))
        .isEqualTo("../systemd-udevd.service");
    assertThat(tree.has(VENDOR + "multi-user.target.wants/getty.target")).isTrue();
    assertThat(tree.apply(new VendorWants()).all()).isEmpty();
  }

  @Test
  void aUnitThatAnAdministratorMayEnableIsNotEnabledThatWay() {
    tree.systemd("x").file(VENDOR + "dbus.service", "[Unit]\n[Install]\nWantedBy=a.target\n");
    assertThat(tree.apply(new VendorWants()).all()).isEmpty();
  }

  @Test
  void theContainersGettyIsDisabled() {
    tree.systemd("console-getty.service")
        .link(ETC + "getty.target.wants/console-getty.service", VENDOR + "console-getty.service")
        .link(ETC + "getty.target.wants/getty@tty1.service", VENDOR + "getty@.service");
    tree.apply(new ConsoleGetty());
    assertThat(tree.has(ETC + "getty.target.wants/console-getty.service")).isFalse();
    assertThat(tree.has(ETC + "getty.target.wants/getty@tty1.service")).isTrue();
  }

  @Test
  void enablingFollowsTheInstallSectionAndItsCompanions() {
    tree.systemd()
        .file(
            VENDOR + "a.service",
            """
            [Unit]
            WantedBy=not-here.target
            [Install]
            WantedBy=multi-user.target x.target
            Alias=dbus-a.service
            Also=a.socket
            [Other]
            WantedBy=no.target
            """)
        .file(VENDOR + "a.socket", "[Install]\nRequiredBy=sockets.target\nAlso=a.service\n");
    try (OsTree opened = new OsTree(directory)) {
      assertThat(Systemd.in(opened).orElseThrow().enable("a.service"))
          .containsExactly(
              ETC + "multi-user.target.wants/a.service",
              ETC + "x.target.wants/a.service",
              ETC + "dbus-a.service",
              ETC + "sockets.target.requires/a.socket");
    }
  }

  // ---- fstab

  @Test
  void linesOfDisksThatTheHostDoesNotHaveAreCommentedOut() {
    tree.file(
        "/etc/fstab",
        """
        # written by an installer
        UUID=1234 / ext4 errors=remount-ro 0 1
        /dev/sdb1 /srv xfs defaults 0 0
        UUID=5678 none swap sw 0 0
        LABEL=backup /backup ext4 nofail 0 2
        tmpfs /scratch tmpfs size=1g 0 0
        /srv/a /a none bind 0 0
        """);
    ChangeLog changes = tree.apply(new Fstab());
    assertThat(tree.read("/etc/fstab").lines().filter(line -> !line.startsWith("#")))
        .containsExactly(
            "LABEL=backup /backup ext4 nofail 0 2",
            "tmpfs /scratch tmpfs size=1g 0 0",
            "/srv/a /a none bind 0 0");
    assertThat(tree.read("/etc/fstab")).contains("# slipway: not of this host: /dev/sdb1 /srv");
    assertThat(changes.all()).hasSize(3);
    assertThat(tree.apply(new Fstab()).all()).isEmpty();
  }

  @Test
  void networkFileSystemsStay() {
    String lines =
        """
        nas:/export /srv nfs4 defaults 0 0
        //nas/share /share cifs credentials=/etc/share 0 0
        me@nas:/home /mnt fuse.sshfs defaults 0 0
        /dev/sdb1 /iscsi xfs _netdev 0 0
        """;
    tree.file("/etc/fstab", lines);
    assertThat(tree.apply(new Fstab()).all()).isEmpty();
    assertThat(tree.read("/etc/fstab")).isEqualTo(lines);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nas:/root / nfs defaults 0 0",
        "overlay / overlay ro 0 0",
        "tmpfs / tmpfs ro,nofail 0 0",
        "/dev/root / auto noauto,ro 0 0",
        "/srv // none bind,ro 0 0"
      })
  void noLineForTheRootStays(String line) {
    tree.file("/etc/fstab", "tmpfs /tmp tmpfs size=1g 0 0\n" + line + "\n");
    assertThat(tree.apply(new Fstab()).all())
        .singleElement()
        .asString()
        .contains("commented out '" + line + "', because the slot's root is given");
    assertThat(tree.read("/etc/fstab").lines().filter(kept -> !kept.startsWith("#")))
        .containsExactly("tmpfs /tmp tmpfs size=1g 0 0");
  }

  @Test
  void aSystemdThatCannotRemountIsTold() {
    tree.systemd();
    assertThat(tree.apply(new Fstab()).notes())
        .singleElement()
        .asString()
        .contains("no systemd-remount-fs.service");
    tree.systemd("systemd-remount-fs.service");
    assertThat(tree.apply(new Fstab()).notes()).isEmpty();
    tree.link(ETC + "systemd-remount-fs.service", "/dev/null");
    assertThat(tree.apply(new Fstab()).notes()).as("told by masked-units").isEmpty();
  }

  // ---- identity and passwords

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/lib/systemd/random-seed",
        "/var/lib/seedrng/seed.credit",
        "/var/lib/seedrng/seed.no-credit",
        "/var/lib/misc/random-seed",
        "/var/lib/urandom/random-seed"
      })
  void aRandomSeedOfAnyInitIsRemoved(String seed) {
    tree.file(seed, "seed");
    assertThat(paths(tree.apply(new Identity()))).contains(seed);
    assertThat(tree.has(seed)).isFalse();
  }

  @Test
  void whatAHostKeptInItsSlotIsNoIdentityOfTheNextOne() {
    tree.file("/var/lib/slipway/host/machine-id", "0123456789abcdef0123456789abcdef\n")
        .file("/var/lib/slipway/host/ssh/ssh_host_rsa_key", "secret")
        .file("/var/lib/slipway/journal", "of another host");

    assertThat(paths(tree.apply(new Identity())))
        .contains("/var/lib/slipway/host", "/var/lib/slipway/journal");
    assertThat(tree.has("/var/lib/slipway/host")).isFalse();
    assertThat(tree.has("/var/lib/slipway/journal")).isFalse();
    assertThat(tree.has("/var/lib/slipway")).isTrue();
  }

  @Test
  void identitiesInTheImageAreRemovedAndTheMachineIdIsAnEmptyFile() {
    tree.file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        .link("/var/lib/dbus/machine-id", "/etc/machine-id")
        .file("/etc/ssh/ssh_host_rsa_key", "secret")
        .file("/etc/ssh/ssh_host_rsa_key.pub", "public")
        .file("/etc/ssh/sshd_config", "")
        .file("/var/lib/systemd/random-seed", "seed");
    tree.apply(new Identity());
    assertThat(tree.read("/etc/machine-id")).isEmpty();
    assertThat(tree.has("/etc/ssh/ssh_host_rsa_key")).isFalse();
    assertThat(tree.has("/etc/ssh/ssh_host_rsa_key.pub")).isFalse();
    assertThat(tree.has("/var/lib/systemd/random-seed")).isFalse();
    assertThat(tree.has("/etc/ssh/sshd_config")).isTrue();
    assertThat(tree.has("/var/lib/dbus/machine-id")).isTrue();
    assertThat(tree.apply(new Identity()).all()).isEmpty();
  }

  @Test
  void anEmptyPasswordBecomesNone() {
    tree.file("/etc/shadow", "root::19000:0:99999:7:::\ndaemon:*:19000:::::\n");
    assertThat(tree.apply(new EmptyPasswords()).all()).hasSize(1);
    assertThat(tree.read("/etc/shadow"))
        .isEqualTo("root:*:19000:0:99999:7:::\ndaemon:*:19000:::::\n");
  }

  @Test
  void anEmptyPasswordBesideTheUserLeadsToShadowOrToNone() {
    tree.file("/etc/passwd", "root::0:0::/root:/bin/sh\nops::1:1::/:/bin/sh\n+::::::\n\n")
        .file("/etc/shadow", "root:$6$salt$hash:19000:0:99999:7:::\n");
    assertThat(tree.apply(new EmptyPasswords()).all()).hasSize(2);
    assertThat(tree.read("/etc/passwd"))
        .isEqualTo("root:x:0:0::/root:/bin/sh\nops:*:1:1::/:/bin/sh\n+::::::\n\n");
    assertThat(tree.apply(new EmptyPasswords()).all()).isEmpty();
  }

  // ---- network

  private TestTree withNetworkd() {
    return tree.systemd()
        .file(VENDOR + "systemd-networkd.service", "[Install]\nWantedBy=multi-user.target\n");
  }

  @Test
  void networkCardsGetDhcpWhereNothingConfiguresThem() {
    withNetworkd().file("/etc/network/interfaces", "auto lo\niface lo inet loopback\n");
    tree.apply(new Network());
    assertThat(tree.read("/etc/systemd/network/80-dhcp.network"))
        .contains("Type=ether", "DHCP=yes");
    assertThat(tree.has(ETC + "multi-user.target.wants/systemd-networkd.service")).isTrue();
  }

  @Test
  void networkManagerIsEnabledWhereItIs() {
    withNetworkd()
        .file(VENDOR + "NetworkManager.service", "[Install]\nWantedBy=multi-user.target\n");
    tree.apply(new Network());
    assertThat(tree.has(ETC + "multi-user.target.wants/NetworkManager.service")).isTrue();
    assertThat(tree.has(ETC + "multi-user.target.wants/systemd-networkd.service")).isFalse();
  }

  @Test
  void ubuntusNetworkManagerGetsEthernetWhereNoNetplanHasIt() throws IOException {
    String file = "/NetworkManager/conf.d/10-globally-managed-devices.conf";
    tree.systemd()
        .file(VENDOR + "NetworkManager.service", "[Install]\nWantedBy=multi-user.target\n")
        .file("/usr/lib" + file, "[keyfile]\nunmanaged-devices=*,except:type:wifi\n")
        .file("/etc/netplan/50.yaml", "network: {renderer: NetworkManager}\n");
    tree.apply(new Network());
    assertThat(tree.has("/etc" + file)).isFalse();

    Files.delete(tree.root.resolve("etc/netplan/50.yaml"));
    tree.apply(new Network());
    assertThat(tree.read("/etc" + file)).isEmpty();
  }

  @Test
  void anImageThatCanConfigureNoNetworkIsTold() {
    tree.systemd();
    assertThat(tree.apply(new Network()).notes())
        .singleElement()
        .asString()
        .contains("install systemd-networkd or NetworkManager");
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/netplan/50.yaml, network:",
    "/etc/network/interfaces.d/lan, iface eth0 inet dhcp",
    // Of services that the image lacks; it knows what it does.
    "/etc/NetworkManager/system-connections/lan, [connection]",
    "/etc/sysconfig/network-scripts/ifcfg-eth0, DEVICE=eth0"
  })
  void aNetworkThatTheImageConfiguresIsLeftAlone(String path, String content) {
    withNetworkd().file(path, content + "\n");
    assertThat(tree.apply(new Network()).all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/systemd/network/10-lan.network, systemd-networkd.service",
    "/etc/NetworkManager/system-connections/lan, NetworkManager.service",
    "/etc/sysconfig/network-scripts/ifcfg-eth0, NetworkManager.service"
  })
  void aServiceWhoseFilesTheImageHasIsStarted(String path, String unit) {
    withNetworkd()
        .file(VENDOR + "NetworkManager.service", "[Install]\nWantedBy=multi-user.target\n")
        .file(path, "x\n");
    assertThat(paths(tree.apply(new Network())))
        .containsExactly(ETC + "multi-user.target.wants/" + unit);
    assertThat(tree.apply(new Network()).all()).as("a second time").isEmpty();
  }

  @Test
  void filesBesideAServiceThatIsEnabledAreItsOwnOrNobodys() {
    withNetworkd()
        .file(VENDOR + "NetworkManager.service", "[Install]\nWantedBy=multi-user.target\n")
        .link(
            ETC + "multi-user.target.wants/NetworkManager.service",
            VENDOR + "NetworkManager.service")
        .file("/etc/systemd/network/10-lan.network", "[Match]\n");
    assertThat(tree.apply(new Network()).all()).isEmpty();
  }

  @Test
  void networkScriptsOfEnterpriseLinux7StartThemselves() {
    tree.systemd()
        .file(VENDOR + "NetworkManager.service", "[Install]\nWantedBy=multi-user.target\n")
        .program("/etc/rc.d/init.d/network", "#!/bin/bash\n")
        .file("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\n");
    assertThat(tree.apply(new Network()).all()).isEmpty();
  }

  @Test
  void resolvConfLeadsToResolvedWhereItIsInstalled() {
    withNetworkd()
        .file(VENDOR + "systemd-resolved.service", "[Install]\nWantedBy=multi-user.target\n")
        .file("/etc/resolv.conf", "nameserver 127.0.0.11\n");
    tree.apply(new NameResolution());
    assertThat(tree.target("/etc/resolv.conf"))
        .isEqualTo("../run/systemd/resolve/stub-resolv.conf");
    assertThat(tree.has(ETC + "multi-user.target.wants/systemd-resolved.service")).isTrue();
  }

  @Test
  void withoutResolvedAUnitWritesResolvConf() {
    withNetworkd().file("/etc/resolv.conf", "");
    tree.apply(new Network());
    tree.apply(new NameResolution());
    assertThat(tree.has("/etc/resolv.conf")).isFalse();
    assertThat(tree.has(ETC + "paths.target.wants/slipway-resolv.path")).isTrue();
    assertThat(tree.has(ETC + "multi-user.target.wants/slipway-resolv.service")).isTrue();
    assertThat(tree.has("/usr/lib/slipway/resolv-conf")).isTrue();
  }

  @Test
  void nameServersThatSomebodyChoseStay() {
    withNetworkd().file("/etc/resolv.conf", "nameserver 192.0.2.1\n");
    tree.apply(new Network());
    assertThat(tree.apply(new NameResolution()).all()).isEmpty();
  }

  // ---- boot loader

  private String mode(String path) {
    try {
      return PosixFilePermissions.toString(
          Files.getPosixFilePermissions(directory.resolve(path.substring(1))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void updateGrubNoLongerRunsAtKernelUpgrades() {
    String hook = "/etc/kernel/postinst.d/zz-update-grub";
    tree.program(hook, "#!/bin/sh\n");
    tree.apply(new GrubHooks());
    assertThat(mode(hook)).isEqualTo("rw-r--r--");
    assertThat(tree.apply(new GrubHooks()).all()).isEmpty();
  }

  /** An absolute link in an image leads to a program of this machine, for whoever follows it. */
  @Test
  void aHookThatIsALinkIsRemovedAndWhatItLeadsToStaysAsItIs(@TempDir Path machine)
      throws IOException {
    TestTree outside = new TestTree(machine).program("/program", "#!/bin/sh\n");
    String hook = "/etc/kernel/postinst.d/zz-update-grub";
    tree.link(hook, machine + "/program");
    assertThat(paths(tree.apply(new GrubHooks()))).containsExactly(hook);
    assertThat(tree.has(hook)).isFalse();
    assertThat(outside.root.resolve("program")).isExecutable();
  }

  @Test
  void osProberDoesNotMountTheOtherSlots() {
    String script = "/etc/grub.d/30_os-prober";
    tree.program(script, "#!/bin/sh\n");
    assertThat(tree.apply(new GrubHooks()).all()).as("without os-prober").isEmpty();
    tree.program("/usr/bin/os-prober", "#!/bin/sh\n");
    assertThat(paths(tree.apply(new GrubHooks()))).containsExactly(script);
    assertThat(mode(script)).isEqualTo("rw-r--r--");
  }

  @Test
  void kernelInstallWritesNoEntriesForABootLoader() {
    String own = "/etc/kernel/install.d/";
    String plugins = "/usr/lib/kernel/install.d/";
    tree.program(plugins + "50-dracut.install", "").program(plugins + "90-loaderentry.install", "");
    assertThat(tree.apply(new GrubHooks()).all()).as("of systemd, without GRUB's").isEmpty();

    tree.program(plugins + "20-grub.install", "").program(plugins + "99-grub-mkconfig.install", "");
    assertThat(paths(tree.apply(new GrubHooks())))
        .containsExactly(
            own + "20-grub.install",
            own + "90-loaderentry.install",
            own + "99-grub-mkconfig.install");
    assertThat(tree.target(own + "20-grub.install")).isEqualTo("/dev/null");
    assertThat(tree.apply(new GrubHooks()).all()).isEmpty();
  }

  @Test
  void aGrubThatWritesBootCodeWhenItIsUpgradedIsTold() {
    tree.file("/var/lib/dpkg/info/grub-pc.postinst", "#!/bin/bash\n");
    assertThat(tree.apply(new GrubHooks()).notes())
        .singleElement()
        .asString()
        .contains("Remove grub-pc from the image");
  }
}
