package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Firmware;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Debian 12 on XFS and Debian 13 on ext4, on one disk, with systemd, dracut and ssh as they come.
 * The cases start from a snapshot of a host that runs Debian 12. What needs no real distribution is
 * tested on tiny slots ({@link TinySwitchTest}).
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwitchE2eTest {
  private static final Duration BOOT = Duration.ofMinutes(15);
  private static final String FRESH = "fresh";
  private static final String SETTINGS = "{\"soakSeconds\": 1, \"healthDeadlineSeconds\": 1200}\n";

  /** Boot loaders by the kernel's numbers (Documentation/arch/x86/boot.rst, type_of_loader). */
  private static final String KEXEC = "208";

  private static final String GRUB = "114";

  private static final Firmware FIRMWARE = Drawn.oneOf(SwitchE2eTest.class, Firmware.values());

  private final Checkout checkout = new Checkout();
  private Hypervisor hypervisor;
  private VirtualMachine vm;
  private VirtualMachine running;
  private Shell shell;
  private AgentOnHost agent;

  @BeforeAll
  void bootOnce() {
    hypervisor = new Hypervisor(Path.of("target/vm/switch"));
    Path files = checkout.preparedDebian13().getParent();
    vm =
        hypervisor
            .create(
                machine("host", FIRMWARE)
                    .disk(Disk.ofDirectory(files, hypervisor.newFile("files.img"))))
            .powerOn();
    login(vm);
    assertFirmware(FIRMWARE);
    assertSlot("slot1", "bookworm", "xfs");
    shell.write("/var/lib/slipway/agent.conf", SETTINGS);
    agent.awaitPhase("idle", BOOT);
    shell.check("sync");
    vm.saveSnapshot(FRESH);
  }

  @AfterAll
  void end() {
    if (hypervisor != null) {
      hypervisor.close();
    }
  }

  @BeforeEach
  void backToTheFreshHost() {
    vm.powerCut();
    vm.powerOn(FRESH);
    running = vm;
    shell = Shell.resume(vm.console());
    agent = new AgentOnHost(shell);
  }

  @Test
  void debian12SwitchesWarmToDebian13WhichAColdBootConfirmsAndGoesBack() {
    String machineId = shell.check("cat /etc/machine-id");
    String hostKey = shell.check("cat /etc/ssh/ssh_host_ed25519_key.pub");

    agent.leaveFor("slot2");
    login(vm);
    assertSlot("slot2", "trixie", "ext4");
    assertStartedBy(KEXEC);
    assertThat(shell.check("cat /etc/machine-id")).isEqualTo(machineId);
    assertThat(shell.check("cat /etc/ssh/ssh_host_ed25519_key.pub")).isEqualTo(hostKey);
    JsonNode good = agent.awaitPhase("good", BOOT);
    assertThat(good.get("defaultSlot").asText()).isEqualTo("slot1");

    shell.leave("systemctl reboot");
    login(vm);
    assertSlot("slot2", "trixie", "ext4");
    assertStartedBy(GRUB);
    awaitDefault("slot2");

    shell.leave("agent rollback");
    login(vm);
    assertSlot("slot1", "bookworm", "xfs");
    awaitDefault("slot1");
  }

  /** What is shown on tiny slots too, so that one of them a run is enough. */
  private enum Case {
    FAILING_CHECK,
    PANIC,
    FLASH
  }

  private void run(Case one) {
    switch (one) {
      case FAILING_CHECK -> aCheckThatFailsInDebian13BringsDebian12BackWithTheReason();
      case PANIC -> aPanicOfDebian13BringsDebian12BackWithTheReason();
      case FLASH -> debian12FlashesAnEmptySlotWithDebian13AndSwitchesToIt();
    }
  }

  private static List<Case> drawn() {
    return List.of(Drawn.oneOf(SwitchE2eTest.class, Case.values()));
  }

  private static List<Firmware> otherFirmware() {
    return Drawn.othersOf(SwitchE2eTest.class, Firmware.values());
  }

  private static List<Case> others() {
    return Drawn.othersOf(SwitchE2eTest.class, Case.values());
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void aCaseOfTinySlotsHoldsForRealDistributions(Case one) {
    run(one);
  }

  @Tag("campaign")
  @ParameterizedTest
  @MethodSource("others")
  void everyOtherCaseDoes(Case one) {
    run(one);
  }

  private void aCheckThatFailsInDebian13BringsDebian12BackWithTheReason() {
    inSlot2(
        "printf '#!/bin/sh\necho the disk shelf is cold\nexit 1\n' > etc/slipway/health.d/shelf"
            + " && chmod 755 etc/slipway/health.d/shelf");
    agent.leaveFor("slot2");
    vm.console().expect("Debian GNU/Linux 13 host1", BOOT);
    vm.console().expect("Debian GNU/Linux 12 host1", BOOT);
    login(vm);
    assertSlot("slot1", "bookworm", "xfs");
    JsonNode status = agent.awaitPhase("rolledback", BOOT);
    assertThat(status.get("defaultSlot").asText()).isEqualTo("slot1");
    assertThat(status.at("/failure/reason").asText()).contains("health:shelf");
    assertThat(status.get("checks").toString()).contains("the disk shelf is cold");
    assertThat(shell.check("agent status")).contains("the disk shelf is cold");
  }

  private void aPanicOfDebian13BringsDebian12BackWithTheReason() {
    // A generator is the first thing of the slot that systemd runs.
    inSlot2(
        "mkdir -p etc/systemd/system-generators"
            + " && printf '#!/bin/sh\necho c > /proc/sysrq-trigger\n' > etc/systemd/system-generators/panic"
            + " && chmod 755 etc/systemd/system-generators/panic");
    agent.leaveFor("slot2");
    vm.console().expect("Kernel panic", BOOT);
    login(vm);
    assertSlot("slot1", "bookworm", "xfs");
    JsonNode status = agent.awaitPhase("rolledback", BOOT);
    assertThat(status.get("defaultSlot").asText()).isEqualTo("slot1");
    assertThat(status.at("/failure/reason").asText()).contains("trial-");
  }

  private void debian12FlashesAnEmptySlotWithDebian13AndSwitchesToIt() {
    shell.check("mkdir -p /mnt && mount -t ext4 -o ro /dev/vdb /mnt");
    shell.check("agent flash slot3 oci-archive:/mnt/debian13.oci.tar --filesystem xfs", BOOT);
    shell.check("umount /mnt");
    agent.leaveFor("slot3", "--commit", "trust");
    login(vm);
    assertSlot("slot3", "trixie", "xfs");
    assertStartedBy(KEXEC);
    awaitDefault("slot3");
  }

  @Tag("campaign")
  @ParameterizedTest
  @MethodSource("otherFirmware")
  void theSameDiskBootsSwitchesWarmAndIsConfirmedUnderTheOtherFirmware(Firmware other) {
    vm.powerCut();
    try (VirtualMachine machine = hypervisor.create(machine("other", other)).powerOn()) {
      login(machine);
      assertFirmware(other);
      assertSlot("slot1", "bookworm", "xfs");
      shell.write("/var/lib/slipway/agent.conf", SETTINGS);
      agent.awaitPhase("idle", BOOT);
      agent.leaveFor("slot2");
      login(machine);
      assertFirmware(other);
      assertSlot("slot2", "trixie", "ext4");
      assertStartedBy(KEXEC);
      agent.awaitPhase("good", BOOT);
      shell.leave("systemctl reboot");
      login(machine);
      assertFirmware(other);
      assertSlot("slot2", "trixie", "ext4");
      assertStartedBy(GRUB);
      awaitDefault("slot2");
    }
  }

  private Machine machine(String name, Firmware firmware) {
    return Machine.named(name)
        .memory(1536)
        .firmware(firmware)
        .disk(Disk.overlay(checkout.debianDisk(), hypervisor.newFile(name + ".qcow2")));
  }

  private void login(VirtualMachine machine) {
    running = machine;
    shell = Shell.login(machine.console(), "root", Checkout.PASSWORD, BOOT);
    agent = new AgentOnHost(shell);
  }

  /** Runs commands in slot2's root directory. */
  private void inSlot2(String commands) {
    shell.check("mkdir -p /mnt && mount -t ext4 /dev/vda4 /mnt");
    shell.check("(cd /mnt && " + commands + ")");
    shell.check("umount /mnt && sync");
  }

  private void assertSlot(String slot, String codename, String fileSystem) {
    String arguments = shell.check("cat /proc/cmdline");
    if (!arguments.contains("slipway.slot=" + slot)) {
      throw new AssertionError(
          "The host is not on %s but was booted with %s. How its last boots ended:\n%s\nIts agent says: %s"
              .formatted(slot, arguments, running.console().endsOfBoots(3), agent.status()));
    }
    assertThat(shell.check("cat /etc/os-release")).contains("VERSION_CODENAME=" + codename);
    assertThat(shell.check("findmnt -no FSTYPE /")).isEqualTo(fileSystem);
    assertThat(shell.check("hostname")).isEqualTo("host1");
  }

  private void assertStartedBy(String loader) {
    assertThat(shell.check("cat /proc/sys/kernel/bootloader_type")).isEqualTo(loader);
  }

  private void assertFirmware(Firmware firmware) {
    assertThat(shell.run("test -d /sys/firmware/efi").exit())
        .isEqualTo(firmware == Firmware.UEFI ? 0 : 1);
  }

  private void awaitDefault(String slot) {
    agent.awaitStatus(
        "committed to " + slot, BOOT, status -> status.get("defaultSlot").asText().equals(slot));
  }
}
