package dev.slipway.controller.fleet.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fleet's decisions: what follows from an event at a time. */
public final class Engine {
  private final Draft draft;
  private final Members members;
  private final Rollouts rollouts;

  private Engine(State state, Instant now) {
    draft = new Draft(state, now);
    members = new Members(draft);
    rollouts = new Rollouts(draft, members);
  }

  /**
   * One step. A refused event leaves the state as it was and has {@link Effect.Refused} as its only
   * effect.
   */
  public static Step step(State state, Event event, Instant now) {
    var engine = new Engine(state, now);
    Optional<Effect.Refused> refused = engine.on(event);
    return refused.map(refusal -> new Step(state, List.of(refusal))).orElseGet(engine.draft::done);
  }

  private Optional<Effect.Refused> on(Event event) {
    if (event instanceof Event.HostSynced synced) {
      return synced(synced);
    } else if (event instanceof Event.TimePassed) {
      timePassed();
      return Optional.empty();
    } else if (event instanceof Event.HostEnrolled enrolled) {
      enrolled(enrolled);
      return Optional.empty();
    } else if (event instanceof Event.RolloutStarted started) {
      return rollouts.start(started);
    } else if (event instanceof Event.RolloutOrdered ordered) {
      return rollouts.order(ordered);
    } else if (event instanceof Event.HostCleared cleared) {
      return cleared(cleared);
    } else if (event instanceof Event.HostRevoked revoked) {
      return revoked(revoked);
    } else if (event instanceof Event.ControllerStarted started) {
      extendDeadlines(started);
      return Optional.empty();
    }
    throw new IllegalArgumentException("no rule for " + event);
  }

  private void enrolled(Event.HostEnrolled event) {
    Optional<Host> known = draft.state().host(event.host());
    draft.save(
        known
            .map(host -> host.named(event.name(), event.labels()))
            .orElseGet(() -> Host.enrolled(event.host(), event.name(), event.labels())));
    draft.happened(
        Optional.of(event.host()),
        Optional.empty(),
        "host.ENROLLED",
        event.name() + (known.isPresent() ? " was enrolled again" : " joined the fleet"));
  }

  private Optional<Effect.Refused> synced(Event.HostSynced event) {
    Optional<Host> known = draft.state().host(event.host());
    if (known.isEmpty()) {
      return unknown(event.host());
    }
    Host before = known.get();
    Report report = event.report();
    if (isRepeatedOrLate(before, report)) {
      return Optional.empty();
    }
    Host after = before.reporting(report, draft.now());
    if (report.generation() > before.desired().generation()) {
      after = overtake(after, report.generation());
    }
    boolean news =
        before.report().filter(report::saysTheSameAs).isEmpty()
            || !after.desired().equals(before.desired());
    if (news) {
      draft.save(after);
    } else {
      draft.remember(after);
    }
    members.observe(event.host());
    draft
        .state()
        .activeRollout(draft.host(event.host()))
        .map(Rollout::id)
        .ifPresent(
            id -> {
              rollouts.advance(id);
              rollouts.grant(id, event.host());
            });
    return Optional.empty();
  }

  private static boolean isRepeatedOrLate(Host host, Report report) {
    return host.previousBootId().filter(report.bootId()::equals).isPresent()
        || host.report()
            .filter(last -> last.bootId().equals(report.bootId()) && last.seq() >= report.seq())
            .isPresent();
  }

  /** After a restored backup hosts have seen more than the controller remembers having said. */
  private Host overtake(Host host, long seen) {
    Desired desired = host.desired();
    draft.happened(
        Optional.of(host.id()),
        Optional.empty(),
        "host.GENERATION_LIFTED",
        host.name()
            + " has seen generation "
            + seen
            + ", later than the "
            + desired.generation()
            + " known here: was the database restored? Going on above it.");
    return host.wanting(
        new Desired(
            seen + 1, desired.want(), desired.digest(), desired.release(), desired.commit()));
  }

  private Optional<Effect.Refused> cleared(Event.HostCleared event) {
    Optional<Host> known = draft.state().host(event.host());
    if (known.isEmpty()) {
      return unknown(event.host());
    }
    if (known.get().revoked()) {
      return Optional.of(
          new Effect.Refused(
              Effect.Refused.Kind.CONFLICT,
              known.get().name() + " is revoked: it is offered nothing, whatever is cleared.",
              "",
              List.of()));
    }
    List<HostRelease> held =
        draft.state().verdicts().entrySet().stream()
            .filter(entry -> entry.getKey().host().equals(event.host()))
            .filter(entry -> entry.getValue().blocks())
            .map(Map.Entry::getKey)
            .toList();
    Optional<Member> member = draft.state().member(known.get());
    boolean stuck =
        member
            .filter(m -> HostTransitions.next(m.state(), HostSignal.CLEARED).isPresent())
            .isPresent();
    if (held.isEmpty() && !stuck) {
      return Optional.of(
          new Effect.Refused(
              Effect.Refused.Kind.CONFLICT,
              "Nothing is held against " + known.get().name() + ", so there is nothing to clear.",
              "",
              List.of()));
    }
    held.forEach(draft::forget);
    draft.happened(
        Optional.of(event.host()),
        Optional.empty(),
        "host.CLEARED",
        event.actor() + " cleared " + known.get().name() + ": " + event.reason());
    known
        .get()
        .rollout()
        .ifPresent(
            id -> {
              members.apply(id, event.host(), HostSignal.CLEARED);
              rollouts.advance(id);
            });
    return Optional.empty();
  }

  /** A rollout goes on without a host that is gone for good. */
  private Optional<Effect.Refused> revoked(Event.HostRevoked event) {
    Optional<Host> known = draft.state().host(event.host());
    if (known.isEmpty()) {
      return unknown(event.host());
    }
    Host host = known.get();
    if (host.revoked()) {
      return Optional.empty();
    }
    draft.happened(
        Optional.of(host.id()),
        Optional.empty(),
        "host.REVOKED",
        host.name() + " was revoked and is no longer answered");
    draft.save(host.revokedAs(event.name()));
    for (Rollout rollout : draft.state().rollouts().values()) {
      if (rollout.member(host.id()).filter(m -> isExpectedOf(m, rollout)).isPresent()) {
        members.apply(rollout.id(), host.id(), HostSignal.REVOKED);
        rollouts.advance(rollout.id());
      }
    }
    return Optional.empty();
  }

  /** Whether anything more is to come of a host in a rollout; what is over stays as it was. */
  private static boolean isExpectedOf(Member member, Rollout rollout) {
    return !rollout.state().isTerminal() || member.deadline().isPresent();
  }

  private void timePassed() {
    for (RolloutId id : draft.state().rollouts().keySet()) {
      draft.rollout(id).members().stream()
          .filter(member -> member.deadline().filter(at -> !draft.now().isBefore(at)).isPresent())
          .toList()
          .forEach(member -> overdue(id, member));
      rollouts.advance(id);
      rollouts.awaitTurns(id);
    }
  }

  private void overdue(RolloutId id, Member member) {
    Host host = draft.host(member.host());
    if (!host.isIn(id)) {
      // Its reports belong to a later rollout, so nothing here says how it fared.
      return;
    }
    boolean heard =
        host.lastSeen()
            .filter(seen -> seen.isAfter(member.since()))
            .filter(seen -> seen.isAfter(draft.now().minus(recently(draft.rollout(id).plan()))))
            .isPresent();
    boolean leaving = host.report().filter(Report::isLeaving).isPresent();
    boolean sameBoot = host.report().map(Report::bootId).equals(member.bootIdBefore());
    if (member.state() == HostState.WAIT_LEASE) {
      rollouts.missTurn(id, member);
    } else if (member.state().isBeforeSwitch()) {
      members.apply(id, member.host(), HostSignal.STAGING_OVERDUE);
    } else if (!heard || (sameBoot && leaving)) {
      // One that is leaving that boot follows its order yet, however long its shutdown takes.
      members.apply(id, member.host(), HostSignal.SILENT);
    } else if (sameBoot) {
      members.apply(id, member.host(), HostSignal.STAYED);
    } else {
      members.apply(id, member.host(), HostSignal.UNPROVED);
    }
  }

  /** Whoever spoke within this time before a deadline is not silent. */
  private static Duration recently(Plan plan) {
    return plan.switchTimeout().dividedBy(3);
  }

  private void extendDeadlines(Event.ControllerStarted event) {
    Duration away = Duration.between(event.lastAlive(), draft.now());
    draft.happened(
        Optional.empty(),
        Optional.empty(),
        "controller.STARTED",
        "the controller is back after "
            + Members.text(away)
            + "; deadlines are extended by as much");
    if (away.isNegative()) {
      return;
    }
    for (Rollout rollout : draft.state().rollouts().values()) {
      for (Member member : rollout.members()) {
        member
            .deadline()
            .ifPresent(at -> draft.save(rollout.id(), member.until(Optional.of(at.plus(away)))));
      }
    }
  }

  private static Optional<Effect.Refused> unknown(HostId id) {
    return Optional.of(
        new Effect.Refused(
            Effect.Refused.Kind.UNKNOWN, "There is no host " + id + ".", "", List.of()));
  }
}
