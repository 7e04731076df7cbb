package dev.slipway.agent.switching;

import dev.slipway.release.Proof;
import java.util.List;

/**
 * What the journal can hold: the steps of flashing a slot and of switching to one, and the repairs
 * that followed a crash.
 *
 * <p>The order of writing is always: event in the journal, then the environment, then the reboot.
 * Only what the environment itself decides ({@link ColdTrialDue}, {@link Committed}) is written
 * down after it, and the environment wins where the two differ.
 */
public sealed interface Event {

  /** The id of the flash or switch this is about. */
  String transaction();

  /** What ends a switch. Every switch has exactly one of these. */
  sealed interface Ending extends Event {}

  /** A slot is about to be overwritten. */
  record StagingStarted(String transaction, String slot, String reference, String bootId)
      implements Event {}

  /** All is written and flushed, nothing is read back yet. */
  record StagingWritten(String transaction, String slot) implements Event {}

  /** The slot was read back from the medium and holds what it should. */
  record Staged(String transaction, String slot, String digest) implements Event {}

  /**
   * The slot holds nothing that may be booted.
   *
   * @param reason {@code staging-cut}, {@code unverified}, or a sentence
   */
  record StagingFailed(String transaction, String slot, String reason) implements Event {}

  /** How the new slot's kernel is started. */
  enum Way {
    WARM,
    COLD
  }

  /** What a switch is for. */
  enum Purpose {
    /** The slot has to prove itself. */
    TRIAL,
    /** The slot has proved itself before; an operator goes back to it. */
    RETURN
  }

  /**
   * The intent: nothing but this line has changed yet.
   *
   * @param from the slot that runs
   * @param to the slot to run
   * @param defaultSlot the default slot at that time
   * @param digest digest of what the slot holds
   * @param bootId the boot in which it was ordered: while that one lasts, the switch has not
   *     happened
   * @param failedUnits the units that had failed before; the trial is not blamed for them
   */
  record SwitchOrdered(
      String transaction,
      Purpose purpose,
      Way way,
      String from,
      String to,
      String defaultSlot,
      String digest,
      CommitPolicy policy,
      String bootId,
      List<String> failedUnits)
      implements Event {
    public SwitchOrdered {
      failedUnits = List.copyOf(failedUnits);
    }
  }

  /** kexec is not to be had here; the switch goes on through the firmware. */
  record FellBackToCold(String transaction, String reason) implements Event {}

  /**
   * The kernel is loaded and the shutdown is being ordered.
   *
   * @param farewellDue whether something is there to write {@link Farewell}
   */
  record Jumping(String transaction, boolean farewellDue) implements Event {}

  /** The shutdown reached the old system's agent. */
  record Farewell(String transaction) implements Event {}

  /** The new slot's agent started. */
  record TrialUp(String transaction, String slot, String mode, String bootId) implements Event {}

  /** Which of its two proofs a trial is at. */
  enum Stage {
    WARM,
    COLD
  }

  /**
   * The verdict on a trial.
   *
   * @param reason empty when it passed; else such as {@code health:disk} or {@code
   *     timeout:boot-finished}
   */
  record Judged(
      String transaction,
      Stage stage,
      boolean passed,
      String reason,
      List<HostStatus.Check> checks,
      String bootId)
      implements Event {
    public Judged {
      checks = List.copyOf(checks);
    }
  }

  /**
   * Both copies of the environment say that the next firmware boot is the slot's cold trial: after
   * the warm checks passed (the state WARM_GOOD), or because the switch is a cold one.
   */
  record ColdTrialDue(String transaction, String slot) implements Event {}

  /** An ordered shutdown within a cold trial gave its try back. */
  record TryGivenBack(String transaction, String bootId) implements Event {}

  /**
   * The slot is the default.
   *
   * @param previous the default before
   */
  record Committed(String transaction, String slot, String previous, Proof proof)
      implements Ending {}

  /** The host went back. */
  record RolledBack(String transaction, String reason) implements Ending {}

  /** The host never left the old slot. */
  record Aborted(String transaction, String reason) implements Ending {}

  /** Something was found and put right that does not end a switch. */
  record Noted(String transaction, String reason, String bootId) implements Event {}
}
