package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.osimage.NetworkCard.Addressing;
import dev.slipway.controller.osimage.NetworkCard.Which;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script host-setup, run by a busybox shell in a root of its own. */
class HostSetupTest {
  private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ann@example.org";

  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void smallRoot() throws IOException {
    tree =
        new TestTree(root)
            .directory("/dev")
            .directory("/tmp")
            .file("/proc/sys/kernel/random/uuid", "01234567-89ab-cdef-0123-456789abcdef\n")
            .file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
            .file("/etc/group", "root:x:0:\n")
            .file("/etc/shadow", "root:*:19000:0:99999:7:::\n")
            .file("/etc/hosts", "127.0.0.1 localhost\n")
            .file("/etc/machine-id", "")
            .file("/etc/skel/.profile", "# skeleton\n")
            .directory("/root")
            .directory("/bin");
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet :
        List.of("sh", "cat", "cp", "mv", "rm", "ln", "mkdir", "chmod", "chown", "sync")) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    tree.apply(new HostSetup());
    Files.createFile(root.resolve("dev/kmsg"));
  }

  private Path data() {
    return root.resolve("var/lib/slipway");
  }

  private void configure(HostConfiguration configuration) {
    configuration.writeTo(data());
  }

  private int boot() {
    return Command.of("chroot", root.toString(), "/usr/lib/slipway/host-setup")
        .runUnchecked()
        .exit();
  }

  private static HostConfiguration.User user(String name, int uid, String hash) {
    return new HostConfiguration.User(
        name, Optional.of(uid), Optional.ofNullable(hash), List.of(KEY));
  }

  private static HostConfiguration host(HostConfiguration.User... users) {
    return new HostConfiguration(
        Optional.of("web1.example.org"), List.of(users), List.of(), Optional.empty());
  }

  @Test
  void theFirstBootMakesAMachineIdAndLaterOnesKeepIt() {
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/machine-id")).isEqualTo("0123456789abcdef0123456789abcdef\n");
    tree.file("/proc/sys/kernel/random/uuid", "ffffffff-ffff-ffff-ffff-ffffffffffff\n");
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/machine-id")).isEqualTo("0123456789abcdef0123456789abcdef\n");
    assertThat(data().resolve("host/machine-id")).hasContent("0123456789abcdef0123456789abcdef\n");
  }

  @Test
  void aSecondSlotGetsTheIdentityOfTheFirst() {
    tree.file("/var/lib/slipway/host/machine-id", "aaaabbbbccccddddeeeeffff00001111\n");
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/machine-id")).isEqualTo("aaaabbbbccccddddeeeeffff00001111\n");
  }

  @Test
  void aTornMachineIdIsMadeAnew() {
    tree.file("/var/lib/slipway/host/machine-id", "aaaabbbb");
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/machine-id")).isEqualTo("0123456789abcdef0123456789abcdef\n");
  }

  @Test
  void theHostNameResolves() {
    configure(host());
    assertThat(boot()).isZero();
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/hostname")).isEqualTo("web1.example.org\n");
    assertThat(tree.read("/etc/hosts"))
        .isEqualTo(
            """
            127.0.0.1 localhost
            # slipway: begin
            127.0.1.1 web1.example.org web1
            # slipway: end
            """);
  }

  @Test
  void aNewUserHasAHomeAPasswordAndKeys() throws IOException {
    configure(host(user("ann", 1000, "$6$salt$hash")));
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/passwd")).contains("ann:x:1000:1000::/home/ann:/bin/sh\n");
    assertThat(tree.read("/etc/group")).contains("ann:x:1000:\n");
    assertThat(tree.read("/etc/shadow")).contains("ann:$6$salt$hash::0:99999:7:::\n");
    assertThat(tree.read("/home/ann/.profile")).isEqualTo("# skeleton\n");
    assertThat(tree.read("/home/ann/.ssh/authorized_keys")).contains(KEY);
    Path keys = root.resolve("home/ann/.ssh/authorized_keys");
    assertThat(Files.getAttribute(keys, "unix:uid")).isEqualTo(1000);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rw-------");
  }

  @Test
  void bootingAgainChangesNothing() {
    configure(host(user("ann", 1000, "$6$salt$hash"), user("root", 0, "$6$a$b")));
    assertThat(boot()).isZero();
    List<String> before = everything();
    assertThat(boot()).isZero();
    assertThat(everything()).isEqualTo(before);
  }

  private List<String> everything() {
    return List.of(
            "/etc/passwd",
            "/etc/shadow",
            "/etc/group",
            "/etc/hosts",
            "/etc/hostname",
            "/home/ann/.ssh/authorized_keys",
            "/root/.ssh/authorized_keys")
        .stream()
        .map(tree::read)
        .toList();
  }

  @Test
  void aUserOfTheImageKeepsItsNumberAndGetsThePassword() {
    configure(host(user("root", 0, "$6$a$b")));
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/passwd")).isEqualTo("root:x:0:0:root:/root:/bin/sh\n");
    assertThat(tree.read("/etc/shadow")).isEqualTo("root:$6$a$b:19000:0:99999:7:::\n");
  }

  @Test
  void aNumberThatTheImageUsesIsLeftToItsUser() {
    tree.file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n")
        .file("/etc/group", "root:x:0:\napp:x:1000:\n");
    configure(host(user("ann", 1000, null)));
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/passwd")).contains("ann:x:1001:1001:");
    assertThat(tree.read("/etc/shadow")).contains("ann:*:");
  }

  @Test
  void keysTakenFromTheHostGoAndThoseOfTheImageStay() {
    tree.file("/root/.ssh/authorized_keys", "ssh-rsa AAAA image\n");
    configure(host(user("root", 0, null)));
    assertThat(boot()).isZero();
    tree.file("/var/lib/slipway/host/authorized_keys/root", "ssh-rsa BBBB other\n");
    assertThat(boot()).isZero();
    assertThat(tree.read("/root/.ssh/authorized_keys"))
        .contains("ssh-rsa AAAA image", "ssh-rsa BBBB other")
        .doesNotContain(KEY);
  }

  @Test
  void aBadPartIsReportedAndTheOthersAreDone() {
    configure(host(user("ann", 1000, null)));
    tree.file("/var/lib/slipway/host/users/Bad:Name", "")
        .file("/var/lib/slipway/host/users/eve", "sudo=yes\n")
        .file("/var/lib/slipway/host/authorized_keys/nobodyhere", KEY);
    assertThat(boot()).isEqualTo(1);
    assertThat(tree.read("/dev/kmsg")).startsWith("slipway: ");
    assertThat(tree.read("/etc/passwd")).contains("ann:x:1000", "eve:x:1001").doesNotContain("Bad");
  }

  @Test
  void passwordHashesAreForRootOnly() throws IOException {
    configure(host(user("root", 0, "$6$a$b")));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data().resolve("host/users"))))
        .isEqualTo("rwx------");
  }

  private static final NetworkCard BY_ADDRESS =
      new NetworkCard(
          new Which.WithAddress("52:54:00:12:34:56"),
          new Addressing.Fixed(
              List.of(
                  address("192.0.2.10/24"), address("192.0.2.11/24"), address("2001:db8::1/64")),
              List.of(ip("192.0.2.1"), ip("fe80::1"))),
          List.of(ip("192.0.2.53"), ip("2001:db8::53")));

  private static final NetworkCard BY_NAME =
      new NetworkCard(new Which.Named("eth1"), new Addressing.Dhcp(), List.of());

  private static final NetworkCard OTHERS =
      new NetworkCard(new Which.AllOthers(), new Addressing.Dhcp(), List.of());

  private static final String INTERFACES_HEAD =
      "# Written by Slipway at every boot, from the files in /var/lib/slipway/host/network:"
          + " change those.\n";

  private static InterfaceAddress address(String text) {
    return InterfaceAddress.parse(text).orElseThrow();
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }

  private static HostConfiguration network(NetworkCard... cards) {
    return new HostConfiguration(Optional.empty(), List.of(), List.of(cards), Optional.empty());
  }

  private TestTree enabled(String unit) {
    return tree.systemd(unit)
        .link(
            "/etc/systemd/system/multi-user.target.wants/" + unit,
            "/usr/lib/systemd/system/" + unit);
  }

  @Test
  void networkdSetsTheCardsUp() {
    enabled("systemd-networkd.service");
    configure(network(BY_ADDRESS, BY_NAME, OTHERS));

    assertThat(boot()).isZero();

    assertThat(tree.read("/etc/systemd/network/05-slipway-card1.network"))
        .isEqualTo(
            """
            [Match]
            MACAddress=52:54:00:12:34:56
            Type=ether
            Kind=!*

            [Network]
            Address=192.0.2.10/24
            Address=192.0.2.11/24
            Address=2001:db8:0:0:0:0:0:1/64
            Gateway=192.0.2.1
            Gateway=fe80:0:0:0:0:0:0:1
            DNS=192.0.2.53
            DNS=2001:db8:0:0:0:0:0:53
            """);
    String dhcp =
        """

        [Network]
        DHCP=yes

        [DHCPv4]
        ClientIdentifier=mac
        """;
    assertThat(tree.read("/etc/systemd/network/05-slipway-card2.network"))
        .isEqualTo("[Match]\nName=eth1\n" + dhcp);
    assertThat(tree.read("/etc/systemd/network/06-slipway-card3.network"))
        .as("after those that are about one card: the first that fits is taken")
        .isEqualTo("[Match]\nType=ether\nKind=!*\n" + dhcp);
  }

  @Test
  void cardsThatTheHostNoLongerHasAreForgotten() throws IOException {
    enabled("systemd-networkd.service").file("/etc/systemd/network/80-dhcp.network", "image");
    configure(network(BY_ADDRESS, OTHERS));
    assertThat(boot()).isZero();
    for (String card : List.of("card1", "card2")) {
      Files.delete(data().resolve("host/network/" + card));
    }

    assertThat(boot()).isZero();

    assertThat(root.resolve("etc/systemd/network")).isDirectoryNotContaining("glob:**slipway**");
    assertThat(tree.read("/etc/systemd/network/80-dhcp.network")).isEqualTo("image");
  }

  @Test
  void networkdIsEnabledWhereNothingElseSetsUpTheNetwork() {
    tree.systemd("systemd-networkd.service").file("/etc/netplan/50-any.yaml", "network:\n");
    configure(network(OTHERS));

    assertThat(boot()).isZero();

    assertThat(root.resolve("etc/systemd/system/multi-user.target.wants/systemd-networkd.service"))
        .isSymbolicLink();
    assertThat(tree.has("/etc/systemd/network/06-slipway-card1.network")).isTrue();
  }

  @Test
  void networkManagerGetsAKeyfileThatOnlyRootCanRead() throws IOException {
    tree.systemd("systemd-networkd.service");
    enabled("NetworkManager.service");
    configure(network(BY_ADDRESS, OTHERS));

    assertThat(boot()).isZero();

    String directory = "/etc/NetworkManager/system-connections";
    assertThat(tree.read(directory + "/slipway-card1.nmconnection"))
        .isEqualTo(
            """
            [connection]
            id=slipway-card1
            type=ethernet
            autoconnect-priority=2

            [ethernet]
            mac-address=52:54:00:12:34:56

            [ipv4]
            method=manual
            address1=192.0.2.10/24
            address2=192.0.2.11/24
            gateway=192.0.2.1
            dns=192.0.2.53;

            [ipv6]
            method=manual
            address1=2001:db8:0:0:0:0:0:1/64
            gateway=fe80:0:0:0:0:0:0:1
            dns=2001:db8:0:0:0:0:0:53;
            """);
    assertThat(tree.read(directory + "/slipway-card2.nmconnection"))
        .isEqualTo(
            """
            [connection]
            id=slipway-card2
            type=ethernet
            multi-connect=3
            autoconnect-priority=1

            [ethernet]

            [ipv4]
            method=auto
            dhcp-client-id=mac

            [ipv6]
            method=auto
            """);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(
                    root.resolve(
                        "etc/NetworkManager/system-connections/slipway-card1.nmconnection"))))
        .isEqualTo("rw-------");
    assertThat(tree.has("/etc/systemd/network/05-slipway-card1.network")).isFalse();
  }

  @Test
  void networkManagerIsToldNothingOfAFamilyThatIsOff() {
    enabled("NetworkManager.service");
    tree.file(
        "/var/lib/slipway/host/network/six",
        """
        interface=eth0
        address=2001:db8::1/64
        gateway=192.0.2.1
        dns=192.0.2.53
        dns=2001:db8::53
        """);

    assertThat(boot()).isZero();

    assertThat(tree.read("/etc/NetworkManager/system-connections/slipway-six.nmconnection"))
        .endsWith(
            """

            [ipv4]
            method=disabled

            [ipv6]
            method=manual
            address1=2001:db8::1/64
            dns=2001:db8::53;
            """);
  }

  @Test
  void debiansIfupdownFindsACardByItsAddress() {
    tree.file("/sbin/ifup", "Debian's")
        .file("/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n")
        .file("/etc/resolv.conf", "nameserver 10.0.2.3\n");
    assertThat(root.resolve("sbin/ifup").toFile().setExecutable(true)).isTrue();
    configure(network(BY_ADDRESS, BY_NAME, OTHERS));

    assertThat(boot()).isZero();
    assertThat(boot()).isZero();

    assertThat(tree.read("/etc/network/interfaces"))
        .isEqualTo(
            INTERFACES_HEAD
                + """
            auto lo
            iface lo inet loopback
            auto mac/52:54:00:12:34:56=slipway-card1
            iface slipway-card1 inet static
                address 192.0.2.10/24
                gateway 192.0.2.1
            iface slipway-card1 inet static
                address 192.0.2.11/24
            iface slipway-card1 inet6 static
                address 2001:db8:0:0:0:0:0:1/64
                gateway fe80:0:0:0:0:0:0:1
            auto eth1
            iface eth1 inet dhcp
            auto /en*=slipway-card3 /eth*=slipway-card3
            iface slipway-card3 inet dhcp
            """);
    assertThat(tree.read("/etc/resolv.conf"))
        .isEqualTo("nameserver 192.0.2.53\nnameserver 2001:db8:0:0:0:0:0:53\n");
  }

  @Test
  void theImagesInterfacesComeBackWithoutTheHosts() throws IOException {
    String images = "auto eth0\niface eth0 inet dhcp\n";
    tree.file("/etc/network/interfaces", images).link("/sbin/ifup", "../bin/busybox");
    configure(network(BY_NAME));
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/network/interfaces")).contains("auto eth1");
    Files.delete(data().resolve("host/network/card1"));

    assertThat(boot()).isZero();

    assertThat(tree.read("/etc/network/interfaces")).isEqualTo(images);
    assertThat(tree.has("/etc/network/interfaces.image")).isFalse();
  }

  @Test
  void anIfupdownThatKnowsNamesOnlySaysWhichCardItLeavesOut() {
    tree.file("/etc/network/interfaces", "").link("/sbin/ifup", "../bin/busybox");
    configure(network(BY_ADDRESS, BY_NAME));

    assertThat(boot()).isEqualTo(1);

    assertThat(tree.read("/dev/kmsg"))
        .contains("host/network/card1: the ifupdown of this slot knows cards by 'interface' only");
    assertThat(tree.read("/etc/network/interfaces"))
        .contains("auto eth1")
        .doesNotContain("192.0.2.10");
  }

  @Test
  void anIfupdownThatKnowsNamesOnlyTakesTheKernelsFirstCardForAllOthers() {
    tree.file("/etc/network/interfaces", "").link("/sbin/ifup", "../bin/busybox");
    configure(network(OTHERS));

    assertThat(boot()).isZero();

    assertThat(tree.read("/etc/network/interfaces"))
        .isEqualTo(
            INTERFACES_HEAD
                + """
            auto lo
            iface lo inet loopback
            auto eth0
            iface eth0 inet dhcp
            """);
  }

  @Test
  void aSlotThatFindsNoneOfTheCardsKeepsItsOwnNetwork() {
    String images = "auto eth0\niface eth0 inet dhcp\n";
    tree.file("/etc/network/interfaces", images).link("/sbin/ifup", "../bin/busybox");
    configure(network(BY_ADDRESS));

    assertThat(boot()).isEqualTo(1);

    assertThat(tree.read("/etc/network/interfaces")).isEqualTo(images);
  }

  @Test
  void aRepairByHandStaysWhereNoneOfTheCardsIsSetUp() {
    tree.file("/etc/network/interfaces", "auto lo\n").link("/sbin/ifup", "../bin/busybox");
    configure(network(BY_ADDRESS));
    assertThat(boot()).isEqualTo(1);
    String repaired = "auto eth0\niface eth0 inet dhcp\n";
    tree.file("/etc/network/interfaces", repaired);

    assertThat(boot()).isEqualTo(1);

    assertThat(tree.read("/etc/network/interfaces")).isEqualTo(repaired);
    assertThat(tree.has("/etc/network/interfaces.image")).isFalse();
  }

  @Test
  void aSlotWithNothingForNetworksSaysSo() {
    configure(network(OTHERS));
    assertThat(boot()).isEqualTo(1);
    assertThat(tree.read("/dev/kmsg"))
        .contains("neither systemd-networkd nor NetworkManager nor ifupdown");
  }

  @Test
  void aLineThatWouldBeMoreThanAValueIsLeftOut() {
    enabled("systemd-networkd.service");
    tree.file("/var/lib/slipway/host/network/odd", "dhcp=yes\ndns=$(reboot)\n")
        .file("/var/lib/slipway/host/network/Odd;name", "dhcp=yes\n")
        .file("/var/lib/slipway/host/network/even", "interface=eth0\ndhcp=yes\nmtu=9000");

    assertThat(boot()).isEqualTo(1);

    assertThat(tree.read("/dev/kmsg"))
        .contains("host/network/odd: $(reboot) cannot be the value of dns");
    assertThat(root.resolve("etc/systemd/network"))
        .isDirectoryContaining("glob:**slipway-even.network")
        .isDirectoryNotContaining("glob:**odd**");
  }

  @Test
  void theTimeZoneIsThatOfTheHost() throws IOException {
    tree.file("/usr/share/zoneinfo/Europe/Berlin", "TZif2")
        .file("/etc/timezone", "Etc/UTC\n")
        .link("/etc/localtime", "../usr/share/zoneinfo/Etc/UTC");
    configure(
        new HostConfiguration(
            Optional.empty(), List.of(), List.of(), Optional.of("Europe/Berlin")));

    assertThat(boot()).isZero();
    assertThat(boot()).isZero();

    assertThat(Files.readSymbolicLink(root.resolve("etc/localtime")))
        .isEqualTo(Path.of("../usr/share/zoneinfo/Europe/Berlin"));
    assertThat(tree.read("/etc/timezone")).isEqualTo("Europe/Berlin\n");
  }

  @Test
  void aTimeZoneThatTheSlotDoesNotKnowComesFromTheDataPartition() throws IOException {
    tree.link("/etc/localtime", "../usr/share/zoneinfo/Etc/UTC");
    configure(
        new HostConfiguration(
            Optional.empty(), List.of(), List.of(), Optional.of("Europe/Berlin")));

    assertThat(boot()).isZero();

    assertThat(root.resolve("etc/localtime"))
        .isRegularFile()
        .hasSameBinaryContentAs(Path.of("/usr/share/zoneinfo/Europe/Berlin"));
  }

  @Test
  void aTimeZoneThatNobodyKnowsLeavesTheSlotsOwn() throws IOException {
    tree.link("/etc/localtime", "../usr/share/zoneinfo/Etc/UTC")
        .file("/var/lib/slipway/host/timezone", "Europe/Berlin\n");

    assertThat(boot()).isEqualTo(1);

    assertThat(tree.read("/dev/kmsg"))
        .contains("neither this slot nor the data partition knows the time zone Europe/Berlin");
    assertThat(Files.readSymbolicLink(root.resolve("etc/localtime")))
        .isEqualTo(Path.of("../usr/share/zoneinfo/Etc/UTC"));
  }
}
