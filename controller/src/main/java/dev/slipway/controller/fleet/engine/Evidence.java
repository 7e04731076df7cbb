package dev.slipway.controller.fleet.engine;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a host's report says about its place in a rollout. A host is believed only by what it shows
 * (another boot, the digest that runs, the kind of boot, the checks), never because it says "done".
 */
final class Evidence {
  private static final Set<String> PROVING_MODES = Set.of("warmtrial", "coldtrial", "committed");
  private static final Set<String> WENT_BACK_MODES = Set.of("rolledback", "saveerr", "envbad");

  /** Phases of a failure: what the agent refused when it was ordered, what its journal tells. */
  private static final Set<String> BEFORE_THE_JUMP = Set.of("switch", Phase.SWITCHING.word());

  private final Member member;
  private final Plan plan;
  private final Report report;
  private final boolean echoes;

  /**
   * Looks at one report.
   *
   * @param host as it was when the report came
   */
  Evidence(Member member, Plan plan, Host host, Report report) {
    this.member = member;
    this.plan = plan;
    this.report = report;
    this.echoes = report.generation() == host.desired().generation();
  }

  /** What it amounts to, in the order in which it happened; mostly nothing. */
  List<HostSignal> signals() {
    return switch (member.state()) {
      case OFFERED, STAGING, STAGED, WAIT_LEASE -> beforeSwitch();
      case SWITCHING, LOST -> afterOrder();
      case TRIAL_BOOTED, CHECKING -> onTrial();
      case COMMITTED -> afterCommit();
      case STAGE_FAILED, REFUSED, ROLLED_BACK -> afterFailure();
      case IDLE, QUARANTINED, DRIFTED, REVOKED -> List.of();
    };
  }

  private List<HostSignal> beforeSwitch() {
    if (runsTarget() && (member.direction() == Direction.BACK || leftUnheard())) {
      return staysWhereItIs() ? List.of(HostSignal.ALREADY_THERE) : List.of();
    }
    if (!runsWhatItIsToLeave()) {
      return List.of(wasTakenBackUnheard() ? HostSignal.TAKEN_BACK : HostSignal.WRONG_SLOT);
    }
    if (fellBackUnheard()) {
      return List.of(HostSignal.FELL_BACK);
    }
    if (echoes && report.phase() == Phase.FAILED && isAboutTarget()) {
      return List.of(HostSignal.STAGING_FAILED);
    }
    var signals = new ArrayList<HostSignal>();
    if (echoes && report.phase() == Phase.STAGING) {
      signals.add(HostSignal.STAGING_BEGAN);
    }
    if (report.hasStaged(target()) && !report.isLeaving()) {
      signals.add(HostSignal.STAGED);
    }
    return signals;
  }

  /** Whether no earlier order can move it any more: it has heard a later one, and is at rest. */
  private boolean staysWhereItIs() {
    return echoes && !report.isLeaving() && report.proof() != Proof.NONE;
  }

  /** Whether it followed the order from before it was written off, and the release failed on it. */
  private boolean fellBackUnheard() {
    return member.direction() == Direction.FORWARD
        && leftUnheard()
        && wentBack()
        && isAboutTarget()
        && !saysItDidNotJump();
  }

  private boolean wentBack() {
    return WENT_BACK_MODES.contains(report.mode()) || report.phase() == Phase.ROLLEDBACK;
  }

  /** Whether it was told to switch before it was written off, and has left that boot since. */
  private boolean leftUnheard() {
    return member.bootIdBefore().filter(boot -> !boot.equals(report.bootId())).isPresent();
  }

  /** Whether it was sent back on a report from before it left; what it shows now it is to leave. */
  private boolean wasTakenBackUnheard() {
    return member.direction() == Direction.BACK
        && member.leaving().map(Origin::digest).filter(target()::equals).isPresent();
  }

  private List<HostSignal> afterOrder() {
    if (isSameBoot()) {
      boolean givesUp =
          echoes
              && (report.phase() == Phase.FAILED || report.phase() == Phase.ROLLEDBACK)
              && isAboutTarget();
      return givesUp || isFoundAgain() ? List.of(HostSignal.STAYED) : List.of();
    }
    if (!echoes) {
      if (!runsWhatItIsToLeave()) {
        return foundAgainElsewhere();
      }
      if (member.state() == HostState.LOST) {
        return isFoundAgain() ? List.of(HostSignal.STAYED) : List.of();
      }
      return List.of(HostSignal.REBOOTED);
    }
    return runsWhatItIsToLeave() && saysItDidNotJump() ? List.of(HostSignal.STAYED) : landed();
  }

  /** Whether a lost host is heard, and not on the point of following its order. */
  private boolean isFoundAgain() {
    return member.state() == HostState.LOST && !report.isLeaving();
  }

  private List<HostSignal> onTrial() {
    if (!echoes || isSameBoot()) {
      return List.of();
    }
    return landed();
  }

  /** After another boot. */
  private List<HostSignal> landed() {
    if (runsWhatItIsToLeave()) {
      return List.of(HostSignal.FELL_BACK);
    }
    if (!runsTarget()) {
      return List.of(HostSignal.WRONG_SLOT);
    }
    boolean provingMode =
        PROVING_MODES.contains(report.mode())
            || (member.direction() == Direction.BACK && report.mode().equals("rolledback"));
    if (!provingMode) {
      return foundAgainElsewhere();
    }
    var signals = new ArrayList<HostSignal>();
    signals.add(HostSignal.NEW_OS);
    if (report.phase() == Phase.CHECKING) {
      signals.add(HostSignal.CHECKS_BEGAN);
    } else if (isGood()) {
      boolean enough =
          report.proof() == Proof.COLD || commit(member, plan) != CommitPolicy.IMMEDIATE;
      signals.add(enough ? HostSignal.PROVED : HostSignal.COLD_CHECK);
    }
    return signals;
  }

  /** A lost host that is heard again is not lost, even if what it shows proves nothing. */
  private List<HostSignal> foundAgainElsewhere() {
    return member.state() == HostState.LOST ? List.of(HostSignal.WRONG_SLOT) : List.of();
  }

  private List<HostSignal> afterCommit() {
    if (runsTarget()) {
      return report.proof() == Proof.COLD && member.proof() == Proof.WARM && isGood()
          ? List.of(HostSignal.PROVED_COLD)
          : List.of();
    }
    boolean coldBootFailed =
        member.proof() == Proof.WARM && runsWhatItIsToLeave() && wentBack() && !isByPerson(report);
    return List.of(coldBootFailed ? HostSignal.FELL_BACK : HostSignal.WRONG_SLOT);
  }

  private List<HostSignal> afterFailure() {
    return member.leaving().isEmpty() || runsWhatItIsToLeave()
        ? List.of()
        : List.of(HostSignal.WRONG_SLOT);
  }

  private boolean isGood() {
    return (report.phase() == Phase.GOOD || report.phase() == Phase.IDLE)
        && report.proof() != Proof.NONE
        && report.checks().stream().noneMatch(CheckReport::failed);
  }

  /** Whether it knows that it went down, or gave up, before the new OS was started. */
  private boolean saysItDidNotJump() {
    return report
        .failure()
        .filter(failure -> BEFORE_THE_JUMP.contains(failure.phase()))
        .filter(failure -> failure.digest().equals(target()))
        .isPresent();
  }

  private boolean isSameBoot() {
    return member.bootIdBefore().filter(report.bootId()::equals).isPresent();
  }

  private boolean isAboutTarget() {
    return report
        .failure()
        .map(failure -> failure.digest().isEmpty() || failure.digest().equals(target()))
        .orElse(true);
  }

  private boolean runsTarget() {
    return report.runningDigest().equals(target());
  }

  private boolean runsWhatItIsToLeave() {
    return member
        .leaving()
        .filter(
            origin ->
                origin.slot().equals(report.runningSlot())
                    && origin.digest().equals(report.runningDigest()))
        .isPresent();
  }

  private String target() {
    return member.target(plan);
  }

  /** Whether a person at the host took it back, so that nothing is known against the release. */
  static boolean isByPerson(Report report) {
    return report.why().equals("operator")
        || report.failure().filter(failure -> failure.reason().equals("operator")).isPresent();
  }

  /**
   * When the cold proof is due on this way. What firmware booted by default before needs no second
   * proof to be gone back to.
   */
  static CommitPolicy commit(Member member, Plan plan) {
    boolean backToProven =
        member.direction() == Direction.BACK && member.from().filter(Origin::committed).isPresent();
    return backToProven ? CommitPolicy.TRUST : plan.commit();
  }
}
