package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an image of Alpine's kind, with OpenRC and without systemd, needs on a machine. */
class OpenRcMendsTest {
  @TempDir private Path directory;
  private TestTree tree;

  @BeforeEach
  void alpine() {
    tree = new TestTree(directory).file("/etc/os-release", "ID=alpine\n").file("/sbin/openrc", "");
  }

  private TestTree with(String... services) {
    for (String service : services) {
      tree.file("/etc/init.d/" + service, "#!/sbin/openrc-run\n");
    }
    return tree;
  }

  @Test
  void theServicesThatAMachineNeedsAreAddedToTheirRunlevels() {
    with("devfs", "mdev", "hwdrivers", "modules", "hostname", "mount-ro", "crond");
    tree.apply(new OpenRcServices());
    assertThat(tree.target("/etc/runlevels/sysinit/mdev")).isEqualTo("/etc/init.d/mdev");
    for (String link :
        List.of("sysinit/devfs", "sysinit/hwdrivers", "boot/modules", "boot/hostname")) {
      assertThat(tree.has("/etc/runlevels/" + link)).as(link).isTrue();
    }
    assertThat(tree.has("/etc/runlevels/shutdown/mount-ro")).isTrue();
    assertThat(tree.has("/etc/runlevels/boot/hwclock")).as("not in the image").isFalse();
    assertThat(tree.has("/etc/runlevels/boot/crond")).as("not a matter of booting").isFalse();
    assertThat(tree.apply(new OpenRcServices()).all()).as("a second time").isEmpty();
  }

  @Test
  void aServiceThatStartsInAnotherRunlevelStaysThere() {
    with("mdev", "syslog").link("/etc/runlevels/default/syslog", "/etc/init.d/syslog");
    tree.apply(new OpenRcServices());
    assertThat(tree.has("/etc/runlevels/boot/syslog")).isFalse();
  }

  @Test
  void udevThatTheImageHasAddedIsTheOnlyDeviceManager() {
    with("mdev", "hwdrivers", "udev", "udev-trigger")
        .link("/etc/runlevels/sysinit/udev", "/etc/init.d/udev");
    tree.apply(new OpenRcServices());
    assertThat(tree.has("/etc/runlevels/sysinit/udev-trigger")).isTrue();
    assertThat(tree.has("/etc/runlevels/sysinit/mdev")).isFalse();
  }

  @Test
  void withoutADeviceManagerNothingWouldBeFound() {
    with("devfs");
    assertThatThrownBy(() -> tree.apply(new OpenRcServices()))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("neither mdev nor udev")
        .hasMessageContaining("apk add");
  }

  /** Alpine's is busybox. */
  private TestTree withGetty() {
    return tree.file("/bin/busybox", "").link("/sbin/getty", "/bin/busybox");
  }

  @Test
  void aSerialLineGetsALogin() {
    withGetty().file("/etc/inittab", "tty1::respawn:/sbin/getty 38400 tty1\n#ttyS0::respawn:x\n");
    tree.apply(new SerialLogin());
    assertThat(tree.read("/etc/inittab"))
        .endsWith("#ttyS0::respawn:x\nttyS0::respawn:/sbin/getty -L 115200 ttyS0 vt100\n");
    assertThat(tree.apply(new SerialLogin()).all()).as("a second time").isEmpty();
  }

  @Test
  void sysvinitsInittabHasRunlevels() {
    withGetty().file("/etc/inittab", "id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 tty1");
    tree.apply(new SerialLogin());
    assertThat(tree.read("/etc/inittab"))
        .endsWith("tty1\nS0:2345:respawn:/sbin/getty -L 115200 ttyS0 vt100\n");
  }

  @Test
  void anImageWithoutGettyGetsNoLoginThatCouldNotStart() {
    tree.file("/etc/inittab", "::sysinit:/sbin/openrc sysinit\n");
    assertThat(tree.apply(new SerialLogin()).all()).isEmpty();
    tree.link("/sbin/getty", "/bin/busybox");
    assertThat(tree.apply(new SerialLogin()).all()).as("a link to nothing").isEmpty();
  }

  @Test
  void anInittabUnderSystemdIsAnybodysAndLeftAlone() {
    withGetty().systemd().file("/etc/inittab", "# left over\n");
    assertThat(tree.apply(new SerialLogin()).all()).isEmpty();
  }

  @Test
  void theFirstNetworkCardGetsDhcpWhereNothingConfiguresIt() {
    with("networking");
    tree.apply(new Network());
    assertThat(tree.read("/etc/network/interfaces")).contains("iface eth0 inet dhcp");
    assertThat(tree.target("/etc/runlevels/boot/networking")).isEqualTo("/etc/init.d/networking");
  }

  @Test
  void interfacesThatTheImageNamesStay() {
    with("networking").file("/etc/network/interfaces", "iface eth1 inet dhcp\n");
    tree.apply(new Network());
    assertThat(tree.read("/etc/network/interfaces")).isEqualTo("iface eth1 inet dhcp\n");
    assertThat(tree.has("/etc/runlevels/boot/networking")).isTrue();
  }

  @Test
  void anImageThatCanConfigureNoNetworkIsTold() {
    assertThat(tree.apply(new Network()).notes()).hasSize(1);
  }
}
