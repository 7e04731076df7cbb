package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Firmware;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.TinySlot;
import dev.slipway.e2e.vm.VirtualMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way a switch can end, on real GRUB, real kernels and real kexec. The slots are tiny and
 * each case starts from a snapshot of a host that runs slot1, so a case takes seconds.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TinySwitchTest {
  private static final Duration BOOT = Duration.ofMinutes(8);
  private static final String FRESH = "fresh";

  private final Checkout checkout = new Checkout();
  private Hypervisor hypervisor;
  private VirtualMachine vm;
  private Shell shell;
  private AgentOnHost agent;

  @BeforeAll
  void bootOnce(@TempDir Path files) throws IOException {
    Path golden = checkout.tinyDisk();
    TinySlot tiny = checkout.tinySlot();
    checkout.runController(
        "image",
        "prepare",
        "rootfs:" + tiny.archive(),
        "--initrd",
        "keep",
        "-o",
        files.resolve("tiny.oci.tar").toString());
    hypervisor = new Hypervisor(Path.of("target/vm/tiny-switch"));
    vm =
        hypervisor.create(
            Machine.named("tiny")
                .memory(768)
                .disk(Disk.overlay(golden, hypervisor.newFile("disk.qcow2")))
                .disk(Disk.ofDirectory(files, hypervisor.newFile("files.img"))));
    vm.powerOn();
    up("slot1", "committed");
    shell.write("/var/lib/slipway/agent.conf", "{\"soakSeconds\": 1}\n");
    agent.awaitPhase("idle", BOOT);
    // The snapshot has all of it on the disk, so that a power cut in a case loses nothing older.
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
    if (vm.isRunning()) {
      vm.loadSnapshot(FRESH);
    } else {
      vm.powerOn(FRESH);
    }
    shell = Shell.resume(vm.console());
    agent = new AgentOnHost(shell);
  }

  /** Waits until a slot is up, in that mode, and takes its shell. */
  private void up(String slot, String mode) {
    vm.console().expect("tiny slot: up, slot " + slot + ", mode " + mode + "\n", BOOT);
    shell = Shell.atPrompt(vm.console(), BOOT);
    agent = new AgentOnHost(shell);
  }

  private void inSlot2(String commands) {
    shell.check("mkdir -p /mnt && mount -t ext4 /dev/vda4 /mnt");
    shell.check(commands);
    shell.check("umount /mnt");
  }

  @Test
  void aWarmSwitchIsConfirmedByAColdBootAndRolledBack() {
    String machineId = shell.check("cat /etc/machine-id");
    agent.leaveFor("slot2");
    up("slot2", "warmtrial");
    assertThat(shell.check("cat /proc/sys/kernel/bootloader_type")).isEqualTo("208");
    assertThat(shell.check("cat /etc/machine-id")).isEqualTo(machineId).hasSize(32);
    JsonNode good = agent.awaitPhase("good", BOOT);
    assertThat(good.get("runningSlot").asText()).isEqualTo("slot2");
    // Nothing that the firmware reads says slot2 is the default yet.
    assertThat(good.get("defaultSlot").asText()).isEqualTo("slot1");
    assertThat(good.get("trySlot").asText()).isEqualTo("slot2");

    shell.leave("reboot");
    up("slot2", "coldtrial");
    JsonNode confirmed =
        agent.awaitStatus(
            "committed to slot2",
            BOOT,
            status -> status.get("defaultSlot").asText().equals("slot2"));
    assertThat(confirmed.get("trySlot").isNull()).isTrue();

    shell.leave("agent rollback");
    up("slot1", "rolledback");
    JsonNode back =
        agent.awaitStatus(
            "back on slot1", BOOT, status -> status.get("defaultSlot").asText().equals("slot1"));
    assertThat(back.get("runningSlot").asText()).isEqualTo("slot1");
    shell.leave("reboot");
    up("slot1", "committed");
  }

  @Test
  void aFailingCheckBringsTheHostBackWithTheReason() {
    inSlot2(
        "printf '#!/bin/sh\\n"
            + "echo the disk shelf is cold\\n"
            + "exit 1\\n"
            + "' > /mnt/etc/slipway/health.d/shelf && chmod 755 /mnt/etc/slipway/health.d/shelf");
    agent.leaveFor("slot2");
    vm.console().expect("slot slot2, mode warmtrial\n", BOOT);
    up("slot1", "(committed|rolledback)");
    JsonNode status = agent.awaitPhase("rolledback", BOOT);
    assertThat(status.get("defaultSlot").asText()).isEqualTo("slot1");
    assertThat(status.at("/failure/reason").asText()).contains("health:shelf");
    assertThat(status.get("checks").toString()).contains("the disk shelf is cold");
  }

  @Test
  void aCheckThatHangsUntilTheDeadlineBringsTheHostBackWithTheReason() {
    shell.write(
        "/var/lib/slipway/agent.conf", "{\"healthDeadlineSeconds\": 90, \"checkSeconds\": 3600}\n");
    inSlot2(
        "printf '#!/bin/sh\\nexec sleep 100000\\n' > /mnt/etc/slipway/health.d/shelf"
            + " && chmod 755 /mnt/etc/slipway/health.d/shelf");
    agent.leaveFor("slot2");
    vm.console().expect("slot slot2, mode warmtrial\n", BOOT);
    up("slot1", "(committed|rolledback)");
    JsonNode status = agent.awaitPhase("rolledback", BOOT);
    assertThat(status.get("defaultSlot").asText()).isEqualTo("slot1");
    assertThat(status.at("/failure/reason").asText()).isEqualTo("timeout:shelf");
  }

  @Test
  void aPanicBringsTheHostBackWithTheReason() {
    inSlot2(
        "printf '#!/bin/sh\\necho c > /proc/sysrq-trigger\\n' > /mnt/etc/rc.local"
            + " && chmod 755 /mnt/etc/rc.local");
    agent.leaveFor("slot2");
    up("slot1", "committed");
    JsonNode status = agent.awaitPhase("rolledback", BOOT);
    assertThat(status.get("defaultSlot").asText()).isEqualTo("slot1");
    assertThat(status.at("/failure/reason").asText()).contains("trial-");
  }

  @Test
  void aPowerCutInTheTrialEndsInTheOldSlot() {
    agent.leaveFor("slot2");
    vm.console().expect("slot slot2, mode warmtrial\n", BOOT);
    vm.powerCut();
    vm.powerOn();
    up("slot1", "committed");
    JsonNode status = agent.awaitPhase("rolledback", BOOT);
    assertThat(status.at("/failure/reason").asText()).isNotEmpty();
    assertThat(status.get("defaultSlot").asText()).isEqualTo("slot1");
  }

  @Test
  void aColdSwitchGoesThroughTheFirmware() {
    agent.leaveFor("slot2", "--cold");
    up("slot2", "coldtrial");
    assertThat(shell.check("cat /proc/sys/kernel/bootloader_type")).isEqualTo("114");
    agent.awaitStatus(
        "committed to slot2", BOOT, status -> status.get("defaultSlot").asText().equals("slot2"));
  }

  @Test
  void anEmptySlotIsFlashedVerifiedAndSwitchedTo() {
    shell.check("mkdir -p /files && mount -t ext4 -o ro /dev/vdb /files");
    shell.check("agent flash slot3 oci-archive:/files/tiny.oci.tar --filesystem ext4", BOOT);
    shell.check("umount /files");
    assertThat(slot(agent.status(), "slot3").get("state").asText()).isEqualTo("ready");
    agent.leaveFor("slot3", "--commit", "trust");
    up("slot3", "warmtrial");
    agent.awaitStatus(
        "committed to slot3", BOOT, status -> status.get("defaultSlot").asText().equals("slot3"));
    shell.leave("reboot");
    up("slot3", "committed");
  }

  @Test
  void whatASafetyRuleForbidsIsRefusedAndChangesNothing() {
    String before = shell.check("agent status --json");
    Shell.Result running = shell.run("agent flash slot1 rootfs:/dev/null");
    assertThat(running.exit()).isEqualTo(3);
    assertThat(running.output()).contains("slot1").doesNotContain("Exception");
    Shell.Result empty = shell.run("agent switch slot3 --yes");
    assertThat(empty.exit()).isIn(1, 3);
    assertThat(empty.output()).contains("slot3").doesNotContain("Exception");
    Shell.Result unknown = shell.run("agent switch nowhere --yes");
    assertThat(unknown.exit()).isIn(1, 2, 3);
    assertThat(unknown.output()).contains("nowhere").doesNotContain("Exception");
    assertThat(shell.check("agent status --json")).isEqualTo(before);
    assertThat(shell.check("cat /sys/kernel/kexec_loaded")).isEqualTo("0");
  }

  @Test
  void theSameDiskBootsAndSwitchesUnderUefi() {
    try (VirtualMachine uefi =
        hypervisor.create(
            Machine.named("tiny-uefi")
                .memory(768)
                .firmware(Firmware.UEFI)
                .disk(Disk.overlay(checkout.tinyDisk(), hypervisor.newFile("uefi.qcow2"))))) {
      uefi.powerOn();
      uefi.console().expect("tiny slot: up, slot slot1, mode committed\n", BOOT);
      Shell first = Shell.atPrompt(uefi.console(), BOOT);
      assertThat(first.check("ls -d /sys/firmware/efi")).isEqualTo("/sys/firmware/efi");
      new AgentOnHost(first).awaitPhase("idle", BOOT);
      new AgentOnHost(first).leaveFor("slot2", "--cold");
      uefi.console().expect("tiny slot: up, slot slot2, mode coldtrial\n", BOOT);
      new AgentOnHost(Shell.atPrompt(uefi.console(), BOOT))
          .awaitStatus(
              "committed to slot2",
              BOOT,
              status -> status.get("defaultSlot").asText().equals("slot2"));
    }
  }

  private static JsonNode slot(JsonNode status, String name) {
    for (JsonNode slot : status.get("slots")) {
      if (slot.get("name").asText().equals(name)) {
        return slot;
      }
    }
    throw new AssertionError("no slot " + name + " in " + status);
  }
}
