package dev.slipway.controller.fleet.engine;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pcollections.TreePMap;

/** The guards and effects that belong to the rows of {@link RolloutTransitions}. */
final class Rollouts {
  private final Draft draft;
  private final Members members;

  Rollouts(Draft draft, Members members) {
    this.draft = draft;
    this.members = members;
  }

  /** Does whatever a rollout can do now; nothing if it waits. */
  void advance(RolloutId id) {
    switch (rollout(id).state()) {
      case RUNNING -> run(id);
      case PAUSED -> haltOverLimits(id);
      case ROLLING_BACK -> goBack(id);
      case HALTED, ROLLED_BACK, SUCCEEDED, CANCELLED -> {}
    }
  }

  /**
   * Lets a host that has just spoken switch, if it is its turn. If not, it has the whole time again
   * when its turn comes.
   */
  void grant(RolloutId id, HostId host) {
    Rollout rollout = rollout(id);
    Member member = rollout.member(host).orElseThrow();
    if (member.state() != HostState.WAIT_LEASE) {
      return;
    }
    String target = member.target(rollout.plan());
    if (goesOn(member, rollout)
        && hasRoom(rollout)
        && draft.host(host).report().orElseThrow().hasStaged(target)) {
      members.apply(id, host, HostSignal.GO);
    } else {
      expectNothing(id, member);
    }
  }

  /** Sets the hosts whose turn it is a time by which they have to ask, for one may be dead. */
  void awaitTurns(RolloutId id) {
    Rollout rollout = rollout(id);
    if (!hasRoom(rollout)) {
      return;
    }
    Instant deadline = draft.now().plus(rollout.plan().stageTimeout());
    rollout.members().stream()
        .filter(member -> member.state() == HostState.WAIT_LEASE && member.deadline().isEmpty())
        .filter(member -> goesOn(member, rollout))
        .forEach(member -> draft.save(id, member.until(Optional.of(deadline))));
  }

  /** Gives up a host that has not asked in time, unless its rollout was stopped meanwhile. */
  void missTurn(RolloutId id, Member member) {
    if (goesOn(member, rollout(id))) {
      members.apply(id, member.host(), HostSignal.TURN_MISSED);
    } else {
      expectNothing(id, member);
    }
  }

  private void expectNothing(RolloutId id, Member member) {
    if (member.deadline().isPresent()) {
      draft.save(id, member.until(Optional.empty()));
    }
  }

  /** Whether a rollout brings hosts the way that a host goes. */
  private static boolean goesOn(Member member, Rollout rollout) {
    return switch (rollout.state()) {
      case RUNNING -> member.direction() == Direction.FORWARD;
      case ROLLING_BACK -> member.direction() == Direction.BACK;
      default -> false;
    };
  }

  private static boolean hasRoom(Rollout rollout) {
    return rollout.occupied() < rollout.plan().maxSwitching();
  }

  /** Starts what a person planned. */
  Optional<Effect.Refused> start(Event.RolloutStarted event) {
    List<HostId> hosts = event.waves().stream().flatMap(List::stream).toList();
    for (HostId id : hosts) {
      Optional<Host> host = draft.state().host(id);
      if (host.isEmpty()) {
        return Optional.of(refused(Effect.Refused.Kind.UNKNOWN, "There is no host " + id + "."));
      }
      if (host.get().revoked()) {
        return Optional.of(
            refused(Effect.Refused.Kind.CONFLICT, host.get().name() + " is revoked."));
      }
      Optional<Rollout> other = host.flatMap(draft.state()::activeRollout);
      if (other.isPresent()) {
        return Optional.of(
            refused(
                Effect.Refused.Kind.CONFLICT,
                host.get().name()
                    + " is in rollout "
                    + other.get().id()
                    + " ("
                    + other.get().plan().release()
                    + ", "
                    + other.get().state().text()
                    + "): a host is in one rollout at a time. Wait for it, or roll it back or"
                    + " cancel it."));
      }
      Optional<Rollout> unjudged = host.flatMap(this::unjudged);
      if (unjudged.isPresent()) {
        return Optional.of(notJudgedYet(host.get(), unjudged.get()));
      }
    }
    var id = new RolloutId(draft.state().rollouts().isEmpty() ? 1 : lastNumber() + 1);
    Rollout rollout = planned(id, event);
    draft.save(rollout);
    rollout.members().forEach(member -> draft.save(id, member));
    hosts.forEach(host -> draft.save(draft.host(host).in(id)));
    happened(
        id,
        RolloutState.RUNNING.name(),
        event.plan().author()
            + " started "
            + event.plan().release()
            + " on "
            + hosts.size()
            + (hosts.size() == 1 ? " host" : " hosts"));
    advance(id);
    return Optional.empty();
  }

  private static Effect.Refused notJudgedYet(Host host, Rollout rollout) {
    String where = rollout.id() + " (" + rollout.state().text() + ")";
    boolean lost = rollout.member(host.id()).filter(m -> m.state() == HostState.LOST).isPresent();
    return refused(
        Effect.Refused.Kind.CONFLICT,
        lost
            ? host.name()
                + " is lost in "
                + where
                + " and may still follow its order to switch. Wait until it is heard, or write it"
                + " off with 'controller host clear "
                + host.name()
                + " --reason TEXT'."
            : host.name() + " is still switching in " + where + "; wait until it is judged.");
  }

  /**
   * The last rollout of a host that is still under way in it, as far as is known. That it is over
   * takes nothing back: the host follows its order, and only this rollout can judge what comes of
   * it.
   */
  private Optional<Rollout> unjudged(Host host) {
    boolean underWay = draft.state().member(host).filter(Member::mayBeAway).isPresent();
    return underWay ? host.rollout().map(draft::rollout) : Optional.empty();
  }

  private long lastNumber() {
    return draft.state().rollouts().lastKey().number();
  }

  private Rollout planned(RolloutId id, Event.RolloutStarted event) {
    var rollout =
        new Rollout(
            id,
            event.plan(),
            RolloutState.RUNNING,
            draft.now(),
            "",
            0,
            draft.now(),
            TreePMap.empty());
    for (int wave = 0; wave < event.waves().size(); wave++) {
      for (HostId host : event.waves().get(wave)) {
        rollout = rollout.with(Member.untouched(host, wave, draft.now()));
      }
    }
    return rollout;
  }

  /** Does what a person orders of a rollout. */
  Optional<Effect.Refused> order(Event.RolloutOrdered event) {
    Optional<Rollout> found = draft.state().rollout(event.rollout());
    if (found.isEmpty()) {
      return Optional.of(
          refused(Effect.Refused.Kind.UNKNOWN, "There is no rollout " + event.rollout() + "."));
    }
    Rollout rollout = found.get();
    RolloutId id = rollout.id();
    Optional<RolloutState> to = RolloutTransitions.next(rollout.state(), event.order());
    if (to.isEmpty()) {
      return Optional.of(notAllowed(rollout, event.order()));
    }
    if (rollout.state() == RolloutState.SUCCEEDED) {
      reclaim(rollout);
    }
    if (rollout.state() == RolloutState.SUCCEEDED && touched(id).isEmpty()) {
      return Optional.of(
          refused(
              Effect.Refused.Kind.CONFLICT,
              "Rollout "
                  + id
                  + " has no host left to take back: all of them run something else by now, are in"
                  + " another rollout, still switch or are lost in one, or were not changed by"
                  + " it."));
    }
    String reason =
        event.actor() + ": " + (event.reason().isBlank() ? event.order().word() : event.reason());
    become(id, to.get(), reason);
    if (event.order() == RolloutSignal.ROLL_BACK) {
      // Also those that an earlier way back did not bring home: a person asks again.
      touched(id).stream()
          .filter(member -> member.direction() == Direction.BACK)
          .filter(member -> member.state() != HostState.COMMITTED)
          .forEach(member -> members.apply(id, member.host(), HostSignal.TAKEN_BACK));
    }
    if (event.order() == RolloutSignal.CANCEL) {
      recall(id);
      each(
          id,
          member -> member.state().isBeforeSwitch(),
          host -> members.apply(id, host, HostSignal.RECALLED, "its way back was cancelled"));
    }
    advance(id);
    return Optional.empty();
  }

  /**
   * A later rollout that is over and left a host on this one's release no longer stands between
   * them, once it has judged the host.
   */
  private void reclaim(Rollout rollout) {
    for (Member member : rollout.members()) {
      Host host = draft.host(member.host());
      boolean free =
          !host.revoked()
              && draft.state().activeRollout(host).isEmpty()
              && unjudged(host).isEmpty();
      boolean stillRunsIt =
          host.report()
              .filter(report -> report.runningDigest().equals(rollout.plan().digest()))
              .isPresent();
      if (member.from().isPresent()
          && free
          && stillRunsIt
          && !host.rollout().equals(Optional.of(rollout.id()))) {
        draft.save(host.in(rollout.id()));
      }
    }
  }

  private Effect.Refused notAllowed(Rollout rollout, RolloutSignal order) {
    List<String> allowed =
        RolloutTransitions.allowedOrders(rollout.state()).stream()
            .map(RolloutSignal::word)
            .toList();
    String advice =
        rollout.state() == RolloutState.HALTED && order == RolloutSignal.RESUME
            ? " A halted rollout never goes on; take it back, or cancel it and start another."
            : "";
    return new Effect.Refused(
        Effect.Refused.Kind.CONFLICT,
        "Rollout "
            + rollout.id()
            + " is "
            + rollout.state().text()
            + ", so "
            + order.word()
            + " is not possible."
            + advice
            + (allowed.isEmpty() ? "" : " Possible now: " + String.join(", ", allowed) + "."),
        rollout.state().name(),
        allowed);
  }

  private void run(RolloutId id) {
    do {
      if (haltOverLimits(id)) {
        return;
      }
      admitOpenWaves(id);
      if (haltOverLimits(id)) {
        return;
      }
    } while (passWave(id));
  }

  private void admitOpenWaves(RolloutId id) {
    int open = rollout(id).openWave();
    each(id, m -> m.wave() <= open && m.state() == HostState.IDLE, host -> admit(id, host));
    each(
        id, m -> m.state() == HostState.STAGED, host -> members.apply(id, host, HostSignal.QUEUED));
  }

  private void admit(RolloutId id, HostId hostId) {
    Host host = draft.host(hostId);
    Plan plan = rollout(id).plan();
    Optional<Verdict> verdict =
        draft.state().verdict(hostId, plan.digest()).filter(Verdict::blocks);
    Optional<Report> report = host.report();
    if (verdict.isPresent()) {
      members.apply(
          id, hostId, HostSignal.BLOCKED, "failed with it before: " + verdict.get().reason());
    } else if (report.isEmpty()) {
      members.apply(
          id,
          hostId,
          HostSignal.NO_WAY_BACK,
          "it has never reported, so it is not known what it would go back to");
    } else if (report.get().runningDigest().equals(plan.digest())) {
      members.apply(id, hostId, HostSignal.ALREADY_THERE, "ran it already");
    } else if (report.get().runningDigest().isEmpty()) {
      members.apply(
          id,
          hostId,
          HostSignal.NO_WAY_BACK,
          "no digest is known of what it runs in '"
              + report.get().runningSlot()
              + "', so it could not be taken back to it");
    } else if (report.get().hasStaged(plan.digest()) || report.get().hasWritableSlot()) {
      // Staged or not, it is to answer first, by a deadline: its last report may be old.
      members.apply(id, hostId, HostSignal.ADMITTED);
    }
  }

  /** Opens the next wave, or ends the rollout; whether there is a new wave to look at. */
  private boolean passWave(RolloutId id) {
    Rollout rollout = rollout(id);
    int open = rollout.openWave();
    List<Member> wave = rollout.wave(open);
    if (!wave.stream().allMatch(member -> member.state().isSettled())) {
      return false;
    }
    boolean proved = wave.stream().anyMatch(member -> member.state() == HostState.COMMITTED);
    if (rollout.plan().canary() && open == 0 && !proved) {
      signal(id, RolloutSignal.LIMIT_EXCEEDED, "no host of the canary could prove the release");
      return false;
    }
    if (open + 1 == rollout.plan().waves()) {
      long good = rollout.members().stream().filter(m -> m.state() == HostState.COMMITTED).count();
      signal(
          id,
          RolloutSignal.ALL_SETTLED,
          good + " of " + rollout.byHost().size() + " hosts run " + rollout.plan().release());
      return false;
    }
    draft.save(rollout.openNextWave());
    happened(id, "WAVE_PASSED", "wave " + (open + 1) + " passed, wave " + (open + 2) + " opens");
    return true;
  }

  private boolean haltOverLimits(RolloutId id) {
    Rollout rollout = rollout(id);
    List<Member> failed = rollout.members().stream().filter(Member::failed).toList();
    boolean canaryFailed =
        rollout.plan().canary() && failed.stream().anyMatch(member -> member.wave() == 0);
    if (!canaryFailed && failed.size() <= rollout.plan().maxFailed()) {
      return false;
    }
    String limit =
        canaryFailed
            ? "the canary failed: "
            : failed.size() + " failed, " + rollout.plan().maxFailed() + " allowed: ";
    signal(id, RolloutSignal.LIMIT_EXCEEDED, limit + reasons(failed));
    return true;
  }

  private String reasons(List<Member> failed) {
    String first =
        failed.stream()
            .sorted(Comparator.comparing(Member::since))
            .limit(3)
            .map(
                m ->
                    draft.host(m.host()).name()
                        + " "
                        + m.state().text()
                        + " ("
                        + m.failure().map(Failure::reason).orElse("")
                        + ")")
            .collect(Collectors.joining("; "));
    return failed.size() > 3 ? first + "; ..." : first;
  }

  private void goBack(RolloutId id) {
    recall(id);
    touched(id).stream()
        .filter(m -> m.direction() == Direction.FORWARD && isAtRest(m) && !runsFrom(m))
        .forEach(m -> members.apply(id, m.host(), HostSignal.TAKEN_BACK));
    each(
        id, m -> m.state() == HostState.STAGED, host -> members.apply(id, host, HostSignal.QUEUED));
    List<Member> notBack = touched(id).stream().filter(member -> !isBack(member)).toList();
    if (notBack.isEmpty()) {
      signal(id, RolloutSignal.ALL_BACK, "every touched host runs what it ran before");
    } else if (notBack.stream().allMatch(Rollouts::couldNotGoBack)) {
      signal(id, RolloutSignal.BACK_FAILED, "could not be taken back: " + reasons(notBack));
    }
  }

  /** Whether a touched host neither is on its way nor may be away. */
  private static boolean isAtRest(Member member) {
    return member.state() == HostState.IDLE
        || (member.state().isSettled() && member.state() != HostState.LOST);
  }

  /** Takes back what was offered on the way forward and not switched. */
  private void recall(RolloutId id) {
    each(
        id,
        m -> m.direction() == Direction.FORWARD && m.state().isBeforeSwitch(),
        host -> members.apply(id, host, HostSignal.RECALLED));
  }

  /** Hosts that this rollout sent on their way, not revoked, that no later one has taken over. */
  private List<Member> touched(RolloutId id) {
    return rollout(id).members().stream()
        .filter(member -> member.from().isPresent())
        .filter(member -> !draft.host(member.host()).revoked())
        .filter(member -> draft.host(member.host()).rollout().equals(Optional.of(id)))
        .toList();
  }

  private boolean isBack(Member member) {
    if (member.direction() == Direction.BACK) {
      return member.state() == HostState.COMMITTED;
    }
    return isAtRest(member) && runsFrom(member);
  }

  private static boolean couldNotGoBack(Member member) {
    return member.direction() == Direction.BACK
        && member.state().isFinding()
        && member.state() != HostState.LOST;
  }

  private boolean runsFrom(Member member) {
    String from = member.from().map(Origin::digest).orElseThrow();
    Host host = draft.host(member.host());
    return !mayHaveLeft(member, host) && host.report().orElseThrow().runningDigest().equals(from);
  }

  /** Whether a host may have left since what it showed in its last report. */
  private static boolean mayHaveLeft(Member member, Host host) {
    boolean unheard = host.lastSeen().filter(seen -> seen.isAfter(member.since())).isEmpty();
    // In the other states at rest it came by what it said, or has not been told to switch.
    boolean letGo = member.state() == HostState.IDLE || member.state() == HostState.STAGE_FAILED;
    boolean wentUnheard = letGo && member.bootIdBefore().isPresent() && unheard;
    return wentUnheard || host.report().filter(Report::isLeaving).isPresent();
  }

  private void each(RolloutId id, Predicate<Member> which, Consumer<HostId> what) {
    rollout(id).members().stream().filter(which).map(Member::host).toList().forEach(what);
  }

  private void signal(RolloutId id, RolloutSignal signal, String reason) {
    RolloutTransitions.next(rollout(id).state(), signal)
        .ifPresent(state -> become(id, state, reason));
  }

  private void become(RolloutId id, RolloutState state, String reason) {
    draft.save(rollout(id).state(state, draft.now(), reason));
    happened(id, state.name(), state.text() + ": " + reason);
  }

  private void happened(RolloutId id, String kind, String text) {
    draft.happened(
        Optional.empty(), Optional.of(id), "rollout." + kind, "rollout " + id + ": " + text);
  }

  private Rollout rollout(RolloutId id) {
    return draft.rollout(id);
  }

  private static Effect.Refused refused(Effect.Refused.Kind kind, String sentence) {
    return new Effect.Refused(kind, sentence, "", List.of());
  }
}
