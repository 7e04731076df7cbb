package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.goldendisk.BootLayer;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Disk.Bus;
import dev.slipway.e2e.vm.Firmware;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Lan;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One disk with three releases of Debian, each started by the firmware, from each kind of disk that
 * machines have.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenDiskE2eTest {
  private static final Duration BOOT = Duration.ofMinutes(15);

  private final Checkout checkout = new Checkout();
  private Hypervisor hypervisor;

  /** A slot of the disk and what is in it. */
  private enum Slot {
    SLOT1("bookworm", "xfs"),
    SLOT2("trixie", "ext4"),
    SLOT4("bullseye", "xfs");

    private final String codename;
    private final String fileSystem;

    Slot(String codename, String fileSystem) {
      this.codename = codename;
      this.fileSystem = fileSystem;
    }

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How a slot is started. */
  private record Start(Slot slot, Firmware firmware, Bus bus) {}

  @BeforeAll
  void begin() {
    hypervisor = new Hypervisor(Path.of("target/vm/golden-disk"));
  }

  @AfterAll
  void end() {
    if (hypervisor != null) {
      hypervisor.close();
    }
  }

  private static List<Start> everyWay() {
    List<Start> all = new ArrayList<>();
    for (Firmware firmware : Firmware.values()) {
      for (Slot slot : Slot.values()) {
        for (Bus bus : Bus.values()) {
          all.add(new Start(slot, firmware, bus));
        }
      }
    }
    return all;
  }

  /** Every slot under BIOS, the first two under UEFI, and every kind of disk, drawn by the seed. */
  private static List<Start> sample() {
    Random random = new Random(Long.getLong("slipway.seed", System.nanoTime()));
    List<Bus> buses = new ArrayList<>(List.of(Bus.values()));
    Collections.shuffle(buses, random);
    return List.of(
        new Start(Slot.SLOT1, Firmware.BIOS, buses.get(0)),
        new Start(Slot.SLOT2, Firmware.BIOS, buses.get(1)),
        new Start(Slot.SLOT4, Firmware.BIOS, buses.get(2)),
        new Start(Slot.SLOT1, Firmware.UEFI, buses.get(1)),
        new Start(Slot.SLOT2, Firmware.UEFI, buses.get(2)));
  }

  @Tag("vm")
  @ParameterizedTest
  @MethodSource("sample")
  void aSlotBootsToAWholeSystem(Start start) {
    boots(start);
  }

  @Tag("vm")
  @Tag("campaign")
  @ParameterizedTest
  @MethodSource("everyWay")
  void everySlotBootsToAWholeSystemFromEveryDiskUnderBothFirmwares(Start start) {
    boots(start);
  }

  private void boots(Start start) {
    Path layer = hypervisor.newFile("layer.qcow2");
    BootLayer.make(checkout.debianDisk(), start.slot().label(), layer);
    Machine machine =
        Checkout.ON_A_LAN
            .memory(1536)
            .lan(Lan.create())
            .firmware(start.firmware())
            .disk(new Disk(layer, "qcow2", false).on(start.bus()));
    try (VirtualMachine vm = hypervisor.create(machine).powerOn()) {
      Shell shell = Shell.login(vm.console(), "root", Checkout.PASSWORD, BOOT);
      assertThat(shell.check("cat /proc/cmdline"))
          .contains("slipway.slot=" + start.slot().label() + " ");
      assertThat(shell.run("test -d /sys/firmware/efi").exit())
          .isEqualTo(start.firmware() == Firmware.UEFI ? 0 : 1);
      assertThat(shell.check("cat /etc/os-release"))
          .contains("VERSION_CODENAME=" + start.slot().codename);
      assertThat(shell.check("findmnt -no FSTYPE /")).isEqualTo(start.slot().fileSystem);
      assertWholeSystem(shell);
    }
  }

  // On a terminal Debian 13's ip colours its words; through cat it does not.
  private static void assertWholeSystem(Shell shell) {
    Shell.Result state = shell.run("systemctl is-system-running --wait", BOOT);
    assertThat(state.output())
        .as(
            () ->
                shell.check(
                    "systemctl --failed --no-pager; systemctl status --failed --no-pager || :"))
        .isEqualTo("running");
    assertThat(shell.check("systemctl is-active multi-user.target")).isEqualTo("active");
    shell.check("touch /root/written && rm /root/written");
    assertThat(shell.check("ip -4 -o address show scope global | cat")).contains("10.0.2.");
    assertThat(shell.check("ip -4 route show default | cat")).contains("10.0.2.2");
    assertIsTheHost(shell);
    assertThat(shell.check("findmnt -no FSTYPE /var/lib/slipway")).isEqualTo("ext4");
    String asNobody = "setpriv --reuid 65534 --regid 65534 --clear-groups ";
    assertThat(shell.run(asNobody + "cat /etc/shadow").exit()).isNotZero();
    assertThat(shell.check(asNobody + Checkout.READS_ALL + " cat /etc/shadow")).contains("root:");
  }

  /** What disk.yml says of the host. */
  private static void assertIsTheHost(Shell shell) {
    assertThat(shell.check("hostname")).isEqualTo("host1");
    assertThat(shell.check("ip -4 -o address show scope global | cat")).contains(" 192.0.2.7/24 ");
    assertThat(shell.check("stat -c '%U %a' /home/ops/.ssh/authorized_keys")).isEqualTo("ops 600");
    assertThat(shell.check("cat /home/ops/.ssh/authorized_keys")).contains(Checkout.SSH_KEY);
    // Any winter.
    assertThat(shell.check("date -d @1700000000 +%Z")).isEqualTo("CET");
  }
}
