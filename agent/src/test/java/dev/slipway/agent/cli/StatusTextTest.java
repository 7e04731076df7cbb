package dev.slipway.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.switching.HostStatus;
import dev.slipway.agent.switching.HostStatus.Check;
import dev.slipway.agent.switching.HostStatus.Failure;
import dev.slipway.agent.switching.HostStatus.SlotStatus;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTextTest {

  @Test
  void theColumnsOfTheTableAreAsWideAsTheirWidestCell() {
    assertThat(
            text("slot1", "committed", Phase.IDLE, Proof.COLD, Optional.empty()).lines().limit(5))
        .containsExactly(
            "slot     state  kernel                holds",
            "slot1*=  ready  6.1.0-56-amd64        rootfs:debian12.tar",
            "slot2    ready  6.12.117+deb13-amd64  web:2",
            "slot3    empty",
            "(* runs, = default)");
  }

  @Test
  void aCommittedHostRunsWhatTheFirmwareStarts() {
    assertThat(text("slot1", "committed", Phase.GOOD, Proof.COLD, Optional.empty()))
        .contains("slot1 runs, and it is the slot that the firmware starts.\n");
  }

  @Test
  void aTrialSaysHowItWasStarted() {
    assertThat(text("slot2", "warmtrial", Phase.CHECKING, Proof.NONE, Optional.empty()))
        .contains("slot2 is on trial, started by kexec; its checks are not through.\n");
    assertThat(text("slot2", "coldtrial", Phase.CHECKING, Proof.WARM, Optional.empty()))
        .contains("slot2 is on trial, started by the firmware; its checks are not through.\n");
  }

  @Test
  void aHealthySlotThatTheFirmwareHasNotStartedYetNamesTheDefaultAndTheTriesLeft() {
    assertThat(text("slot2", "warmtrial", Phase.GOOD, Proof.WARM, Optional.of("slot2")))
        .contains(
            "slot2 runs, started by kexec and healthy; slot1 stays the default until the firmware"
                + " has started slot2 too. The next boot through the firmware tries slot2 (3 left).\n");
  }

  @Test
  void aBootWhoseEnvironmentGrubCouldNotUseIsNamed() {
    assertThat(text("slot1", "envbad", Phase.IDLE, Proof.COLD, Optional.empty()))
        .contains("GRUB could not read the boot environment");
  }

  @Test
  void aFailureIsToldWithItsReasonAndWhatTheChecksSaid() {
    HostStatus status =
        status(
            "slot1",
            "committed",
            Phase.ROLLEDBACK,
            Proof.COLD,
            Optional.empty(),
            Optional.of(new Failure(Phase.CHECKING, "health:shelf", "")),
            List.of(
                new Check("boot-finished", "passed", ""),
                new Check("shelf", "failed", "the disk shelf is cold")));
    assertThat(StatusText.of(status))
        .contains("Newest failure, while checking: health:shelf.\n")
        .contains("boot-finished passed, shelf failed (the disk shelf is cold).\n");
  }

  private static String text(
      String running, String mode, Phase phase, Proof proof, Optional<String> tried) {
    return StatusText.of(status(running, mode, phase, proof, tried, Optional.empty(), List.of()));
  }

  private static HostStatus status(
      String running,
      String mode,
      Phase phase,
      Proof proof,
      Optional<String> tried,
      Optional<Failure> failure,
      List<Check> checks) {
    return new HostStatus(
        "boot",
        "host1",
        "machine",
        "0.1.0",
        running,
        mode,
        "",
        1,
        "slot1",
        tried,
        tried.isPresent() ? 3 : 0,
        phase,
        proof,
        "",
        failure,
        checks,
        List.of(
            slot("slot1", "ready", "rootfs:debian12.tar", "", "6.1.0-56-amd64"),
            slot("slot2", "ready", "oci-archive:web.tar", "web:2", "6.12.117+deb13-amd64"),
            slot("slot3", "empty", "", "", "")),
        List.of());
  }

  private static SlotStatus slot(
      String name, String state, String reference, String release, String kernel) {
    return new SlotStatus(name, state, reference, release, "", kernel, "", 1 << 20);
  }
}
