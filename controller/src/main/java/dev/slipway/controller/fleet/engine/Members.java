package dev.slipway.controller.fleet.engine;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** The guards and effects that belong to the rows of {@link HostTransitions}. */
final class Members {
  private final Draft draft;

  Members(Draft draft) {
    this.draft = draft;
  }

  /** Applies what a host's report shows about its place in the last rollout that includes it. */
  void observe(HostId id) {
    Host host = draft.host(id);
    Report report = host.report().orElseThrow();
    host.rollout()
        .ifPresent(
            rollout -> {
              Member member = draft.rollout(rollout).member(id).orElseThrow();
              var evidence = new Evidence(member, draft.rollout(rollout).plan(), host, report);
              evidence.signals().forEach(signal -> apply(rollout, id, signal));
            });
    noteColdProof(id, report);
  }

  /** A boot by firmware some time later proves a release, whatever the host is in by then. */
  private void noteColdProof(HostId id, Report report) {
    var pair = new HostRelease(id, report.runningDigest());
    boolean good = report.proof() == Proof.COLD && report.phase() != Phase.FAILED;
    draft
        .state()
        .verdict(id, pair.digest())
        .filter(verdict -> good && verdict.kind() == Verdict.Kind.GOOD_WARM)
        .ifPresent(verdict -> verdict(pair, Verdict.Kind.GOOD_COLD, Optional.empty()));
  }

  /** Moves one host by one signal; a pair that is not in the table moves nothing. */
  void apply(RolloutId rollout, HostId host, HostSignal signal) {
    apply(rollout, host, signal, "");
  }

  /** The same, with what a person or the caller has to say about it. */
  void apply(RolloutId rollout, HostId host, HostSignal signal, String remark) {
    Member member = draft.rollout(rollout).member(host).orElseThrow();
    HostTransitions.next(member.state(), signal)
        .ifPresent(to -> move(draft.rollout(rollout), member, signal, to, remark));
  }

  private void move(
      Rollout rollout, Member member, HostSignal signal, HostState to, String remark) {
    Plan plan = rollout.plan();
    Member moved =
        switch (signal) {
          case ADMITTED -> sendOn(member, plan, Direction.FORWARD);
          case TAKEN_BACK -> sendOn(member, plan, Direction.BACK);
          case GO -> order(member, plan);
          case REBOOTED -> member.switching(bootId(member), member.deadline().orElseThrow());
          case COLD_CHECK -> member.switching(bootId(member), in(plan.switchTimeout()));
          case STAGED -> member.until(Optional.empty());
          case NEW_OS ->
              member.state() == HostState.LOST
                  ? member.until(Optional.of(in(plan.switchTimeout())))
                  : member;
          case PROVED -> prove(member, plan);
          case ALREADY_THERE -> alreadyThere(member, plan);
          case PROVED_COLD -> member.proved(Proof.COLD);
          case STAGING_FAILED, STAGING_OVERDUE, TURN_MISSED, STAYED, NO_WAY_BACK ->
              fail(rollout, member, signal, Verdict.Kind.NOT_TRIED, remark);
          case FELL_BACK -> fail(rollout, member, signal, Verdict.Kind.FAILED, remark);
          case SILENT -> fail(rollout, member, signal, Verdict.Kind.LOST, remark);
          case WRONG_SLOT, UNPROVED -> drift(rollout, member, signal);
          case RECALLED, CLEARED -> letGo(rollout, member);
          case REVOKED -> member.failing(Optional.empty());
          case STAGING_BEGAN, QUEUED, CHECKS_BEGAN, BLOCKED -> member;
        };
    String note = remark.isEmpty() ? moved.failure().map(Failure::reason).orElse("") : remark;
    moved = moved.state(to, draft.now(), note);
    draft.save(rollout.id(), moved);
    draft.happened(
        Optional.of(member.host()),
        Optional.of(rollout.id()),
        "host." + to.name(),
        sentence(rollout, moved));
  }

  private String sentence(Rollout rollout, Member member) {
    String way = member.direction() == Direction.BACK ? " on the way back" : "";
    String why = member.note().isEmpty() ? "" : ": " + member.note();
    return draft.host(member.host()).name()
        + " ("
        + rollout.plan().release()
        + way
        + "): "
        + member.state().text()
        + why;
  }

  private Member sendOn(Member member, Plan plan, Direction way) {
    Report report = report(member).orElseThrow();
    Member sent = member.sentOn(way, running(report), in(plan.stageTimeout()));
    desire(sent, Want.STAGE, plan);
    return sent;
  }

  private Member order(Member member, Plan plan) {
    desire(member, Want.SWITCH, plan);
    return member.switching(bootId(member), in(plan.switchTimeout()));
  }

  private Member alreadyThere(Member member, Plan plan) {
    if (member.state().isBeforeSwitch()) {
      // It was asked to stage what it runs, and has proved itself in it.
      return prove(member, plan);
    }
    return member.proved(report(member).map(Report::proof).orElse(Proof.NONE));
  }

  private Member prove(Member member, Plan plan) {
    desire(member, Want.IDLE, plan);
    Proof proof = report(member).orElseThrow().proof();
    verdict(
        new HostRelease(member.host(), member.target(plan)),
        proof == Proof.COLD ? Verdict.Kind.GOOD_COLD : Verdict.Kind.GOOD_WARM,
        Optional.empty());
    return member.proved(proof);
  }

  private Member fail(
      Rollout rollout, Member member, HostSignal signal, Verdict.Kind kind, String remark) {
    Plan plan = rollout.plan();
    if (kind != Verdict.Kind.LOST) {
      // A lost host keeps its order: nobody knows yet whether it has followed it.
      stay(rollout, member);
    }
    boolean byPerson =
        signal == HostSignal.FELL_BACK && report(member).filter(Evidence::isByPerson).isPresent();
    if (byPerson) {
      return member.failing(Optional.empty());
    }
    Failure failure = failure(member, plan, signal, remark);
    verdict(new HostRelease(member.host(), member.target(plan)), kind, Optional.of(failure));
    return member.failing(Optional.of(failure));
  }

  private Member drift(Rollout rollout, Member member, HostSignal signal) {
    Plan plan = rollout.plan();
    Host host = draft.host(member.host());
    if (host.desired().want() != Want.IDLE) {
      stay(rollout, member);
    }
    if (member.state().isSettled() && member.state() != HostState.LOST) {
      return member.failing(member.failure());
    }
    Failure failure = failure(member, plan, signal, "");
    if (!member.state().isBeforeSwitch()) {
      verdict(
          new HostRelease(member.host(), member.target(plan)),
          Verdict.Kind.FAILED,
          Optional.of(failure));
    }
    return member.failing(Optional.of(failure));
  }

  private Member letGo(Rollout rollout, Member member) {
    if (draft.host(member.host()).desired().want() != Want.IDLE) {
      stay(rollout, member);
    }
    return member.letGo(draft.now(), report(member).map(Report::bootId));
  }

  private Failure failure(Member member, Plan plan, HostSignal signal, String remark) {
    Optional<Report> report = report(member);
    Optional<Failure> told =
        report
            .flatMap(Report::failure)
            .filter(f -> f.digest().isEmpty() || f.digest().equals(member.target(plan)));
    String target = member.target(plan);
    return switch (signal) {
      case STAGING_FAILED ->
          told.orElse(
              new Failure("stage", "staging failed, and the agent did not say why", target));
      case STAGING_OVERDUE ->
          new Failure(
              "stage", "not staged after " + text(plan.stageTimeout()) + heard(member), target);
      case TURN_MISSED ->
          new Failure(
              "silence",
              "its turn to switch came, and it did not ask within "
                  + text(plan.stageTimeout())
                  + heard(member),
              target);
      case STAYED ->
          told.orElse(
              new Failure("preflight", "told to switch, it is still in the same boot", target));
      case NO_WAY_BACK -> new Failure("preflight", remark, target);
      case FELL_BACK -> told.orElse(new Failure("boot", cameBack(report.orElseThrow()), target));
      case UNPROVED ->
          new Failure(
              "check",
              "it is heard, and has not proved the new OS after " + text(plan.switchTimeout()),
              target);
      case SILENT ->
          new Failure(
              "silence",
              "no proof of the new OS after " + text(plan.switchTimeout()) + heard(member),
              target);
      default ->
          new Failure(
              "wrong-slot",
              "it runs "
                  + report.map(Report::runningSlot).orElse("an unknown slot")
                  + ", which is neither what it left nor what it was sent to",
              target);
    };
  }

  private static String cameBack(Report report) {
    String failed =
        report.checks().stream()
            .filter(CheckReport::failed)
            .map(check -> check.name() + " " + check.reason())
            .collect(Collectors.joining(", "));
    if (!failed.isEmpty()) {
      return "check failed: " + failed.strip();
    }
    String why = report.why().isEmpty() ? "no reason is known" : "why=" + report.why();
    return "it came back on " + report.runningSlot() + " (mode=" + report.mode() + ", " + why + ")";
  }

  private String heard(Member member) {
    return draft
        .host(member.host())
        .lastSeen()
        .map(at -> "; last heard " + text(Duration.between(at, draft.now())) + " ago")
        .orElse("; never heard");
  }

  /** A duration for people, in whole minutes, or seconds below two. */
  static String text(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  private void desire(Member member, Want want, Plan plan) {
    Host host = draft.host(member.host());
    draft.save(
        host.wanting(
            host.desired()
                .next(
                    want,
                    member.target(plan),
                    member.targetRelease(plan),
                    Evidence.commit(member, plan))));
  }

  /**
   * Asks nothing more of a host; what it left is again what it should run. The order of a later
   * rollout stands.
   */
  private void stay(Rollout rollout, Member member) {
    Host host = draft.host(member.host());
    if (!host.isIn(rollout.id())) {
      return;
    }
    Desired desired = host.desired();
    String digest = member.leaving().map(Origin::digest).orElse(desired.digest());
    String release = member.leaving().map(Origin::release).orElse(desired.release());
    draft.save(host.wanting(desired.next(Want.IDLE, digest, release, desired.commit())));
  }

  private void verdict(HostRelease pair, Verdict.Kind kind, Optional<Failure> failure) {
    draft.save(
        pair,
        new Verdict(
            kind,
            failure.map(Failure::phase).orElse(""),
            failure.map(Failure::reason).orElse(""),
            draft.now()));
  }

  private Optional<Report> report(Member member) {
    return draft.host(member.host()).report();
  }

  private String bootId(Member member) {
    return report(member).orElseThrow().bootId();
  }

  private Instant in(Duration time) {
    return draft.now().plus(time);
  }

  private static Origin running(Report report) {
    boolean committed =
        report.defaultSlot().equals(report.runningSlot()) && report.trySlot().isEmpty();
    return report
        .running()
        .map(slot -> new Origin(slot.name(), slot.digest(), slot.release(), committed))
        .orElseThrow();
  }
}
