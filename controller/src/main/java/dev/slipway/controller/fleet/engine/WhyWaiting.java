package dev.slipway.controller.fleet.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Answers "why is nothing happening?" from the same guards that the engine goes by. */
public final class WhyWaiting {
  private static final int NAMED = 3;

  private final State state;
  private final Rollout rollout;
  private final Instant now;

  private WhyWaiting(State state, Rollout rollout, Instant now) {
    this.state = state;
    this.rollout = rollout;
    this.now = now;
  }

  /** What a rollout waits for, a sentence each; never empty. */
  public static List<String> sentences(State state, Rollout rollout, Instant now) {
    return new WhyWaiting(state, rollout, now).sentences();
  }

  private List<String> sentences() {
    return switch (rollout.state()) {
      case RUNNING, ROLLING_BACK -> working();
      case PAUSED ->
          List.of(
              "Paused by "
                  + rollout.reason()
                  + ". Nothing new begins until 'controller rollout resume "
                  + rollout.id()
                  + "'.");
      case HALTED ->
          List.of(
              "Halted: "
                  + rollout.reason()
                  + ". It never goes on by itself: 'controller rollout rollback "
                  + rollout.id()
                  + "' takes every touched host back, 'cancel' leaves them where they are.");
      case SUCCEEDED, ROLLED_BACK, CANCELLED ->
          List.of("Over (" + rollout.state().text() + "): " + rollout.reason() + ".");
    };
  }

  private List<String> working() {
    var lines = new ArrayList<String>();
    add(lines, " to begin staging: asked, and not yet answered", HostState.OFFERED);
    add(lines, " to finish staging", HostState.STAGING);
    add(lines, " to come up again: told to switch", HostState.SWITCHING);
    add(lines, " to judge the new OS", HostState.TRIAL_BOOTED, HostState.CHECKING);
    queued(lines);
    unwritable(lines);
    lost(lines);
    if (lines.isEmpty()) {
      lines.add("Nothing is in the way; the next sync of a host moves it.");
    }
    return lines;
  }

  private void add(List<String> lines, String what, HostState... states) {
    List<Member> members = in(states);
    if (members.isEmpty()) {
      return;
    }
    lines.add("Waits for " + names(members) + what + until(members) + ".");
  }

  private String until(List<Member> members) {
    return members.stream()
        .flatMap(member -> member.deadline().stream())
        .min(Instant::compareTo)
        .map(at -> "; the first deadline is in " + Members.text(Duration.between(now, at)))
        .orElse("");
  }

  private void queued(List<String> lines) {
    List<Member> waiting = in(HostState.WAIT_LEASE);
    if (waiting.isEmpty()) {
      return;
    }
    if (rollout.occupied() < rollout.plan().maxSwitching()) {
      lines.add(names(waiting) + " may switch with the next sync" + until(waiting) + ".");
      return;
    }
    List<Member> holders = rollout.members().stream().filter(Member::mayBeAway).toList();
    lines.add(
        waiting.size()
            + (waiting.size() == 1 ? " host is" : " hosts are")
            + " staged and wait: at most "
            + rollout.plan().maxSwitching()
            + " may switch at a time, and "
            + names(holders)
            + (holders.size() == 1 ? " does." : " do."));
  }

  private void unwritable(List<String> lines) {
    List<Member> stuck =
        rollout.members().stream()
            .filter(m -> m.state() == HostState.IDLE && m.wave() <= rollout.openWave())
            .toList();
    if (!stuck.isEmpty() && rollout.state() == RolloutState.RUNNING) {
      lines.add(
          names(stuck)
              + ": no slot to write. Every slot is running, the default, or on trial; a boot by"
              + " firmware ends the trial, and a third slot lifts this for good.");
    }
  }

  private void lost(List<String> lines) {
    List<Member> lost = in(HostState.LOST);
    if (!lost.isEmpty()) {
      lines.add(
          names(lost)
              + " lost, and counted as switching until heard or written off with 'controller host"
              + " clear'.");
    }
  }

  private List<Member> in(HostState... states) {
    List<HostState> wanted = List.of(states);
    return rollout.members().stream().filter(m -> wanted.contains(m.state())).toList();
  }

  private String names(List<Member> members) {
    String first = members.stream().limit(NAMED).map(this::name).collect(Collectors.joining(", "));
    return members.size() > NAMED ? first + " and " + (members.size() - NAMED) + " more" : first;
  }

  private String name(Member member) {
    String name = state.host(member.host()).map(Host::name).orElse(member.host().value());
    return member.state() == HostState.LOST
        ? name + " (silent for " + Members.text(Duration.between(member.since(), now)) + ")"
        : name;
  }
}
