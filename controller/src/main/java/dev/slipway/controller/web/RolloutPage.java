package dev.slipway.controller.web;

import dev.slipway.controller.fleet.EventDao.EventRow;
import dev.slipway.controller.fleet.RolloutView;
import dev.slipway.controller.fleet.RolloutView.MemberView;
import dev.slipway.controller.fleet.RolloutView.WaveView;
import dev.slipway.controller.fleet.engine.HostState;
import dev.slipway.controller.fleet.engine.Rollout;
import dev.slipway.controller.fleet.engine.RolloutState;
import dev.slipway.controller.fleet.engine.State;
import io.dropwizard.views.common.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One rollout: why it stands where it stands, its waves as bars, its hosts, what happened. */
public final class RolloutPage extends View {
  private static final int BAR = 1000;

  private final RolloutView rollout;
  private final List<EventRow> events;
  private final Instant now;

  private RolloutPage(RolloutView rollout, List<EventRow> events, Instant now) {
    super("rollout.ftlh", StandardCharsets.UTF_8);
    this.rollout = rollout;
    this.events = events;
    this.now = now;
  }

  /**
   * A piece of a wave's bar.
   *
   * @param x where it begins, of 1000
   * @param width how wide it is
   */
  public record Piece(StateMark mark, String text, long count, long x, long width) {}

  /** An event with its time for people. */
  public record EventLine(String at, String iso, String text) {}

  static RolloutPage of(Rollout rollout, State fleet, Instant now, List<EventRow> events) {
    return new RolloutPage(RolloutView.of(rollout, fleet, now), events, now);
  }

  public RolloutView getRollout() {
    return rollout;
  }

  public StateMark getMark() {
    return StateMark.ofRollout(RolloutState.valueOf(rollout.state()));
  }

  public String getNow() {
    return Times.clock(now);
  }

  /** When it was started, for people. */
  public String getStarted() {
    return Times.date(rollout.createdAt());
  }

  public List<EventLine> getEvents() {
    return events.stream()
        .map(
            event -> {
              Instant at = Instant.ofEpochMilli(event.at());
              return new EventLine(Times.date(at), at.toString(), event.text());
            })
        .toList();
  }

  /** The bar of a wave: what is good at the left, what is wrong at the right. */
  public List<Piece> pieces(WaveView wave) {
    TreeMap<StateMark, List<MemberView>> byMark =
        wave.hosts().stream()
            .collect(Collectors.groupingBy(this::markOf, TreeMap::new, Collectors.toList()));
    var pieces = new ArrayList<Piece>();
    long before = 0;
    for (var entry : byMark.entrySet()) {
      long count = entry.getValue().size();
      long x = BAR * before / wave.hosts().size();
      before += count;
      long end = BAR * before / wave.hosts().size();
      pieces.add(new Piece(entry.getKey(), entry.getKey().text(), count, x, end - x));
    }
    return pieces;
  }

  public StateMark markOf(MemberView host) {
    return StateMark.ofHost(HostState.valueOf(host.state()));
  }

  /** How long a host has been where it is. */
  public String sinceOf(MemberView host) {
    return Times.ago(host.since(), now);
  }

  /** When a host must have come further; empty without a deadline. */
  public String deadlineOf(MemberView host) {
    return host.deadline().map(at -> Times.in(at, now)).orElse("");
  }

  /** The command behind an order. */
  public String commandOf(String order) {
    return "controller rollout " + order + " " + rollout.id();
  }
}
