package dev.slipway.controller.web;

import dev.slipway.controller.fleet.HostView;
import dev.slipway.controller.fleet.RolloutView;
import dev.slipway.controller.fleet.engine.Host;
import dev.slipway.controller.fleet.engine.HostState;
import dev.slipway.controller.fleet.engine.RolloutState;
import dev.slipway.controller.fleet.engine.State;
import io.dropwizard.views.common.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The fleet: what needs a person, then rollouts, then every host with its slots. */
public final class FleetPage extends View {
  /** Longer than any host waits between two syncs by default, a few times over. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  private static final int ROLLOUTS_SHOWN = 10;

  private final List<HostLine> hosts;
  private final long revoked;
  private final List<RolloutView> rollouts;
  private final String now;

  private FleetPage(List<HostLine> hosts, long revoked, List<RolloutView> rollouts, String now) {
    super("fleet.ftlh", StandardCharsets.UTF_8);
    this.hosts = hosts;
    this.revoked = revoked;
    this.rollouts = rollouts;
    this.now = now;
  }

  /**
   * A host with what a page adds to it.
   *
   * @param findings what a person should look at, in sentences
   * @param seen when it last spoke, relative to now
   */
  public record HostLine(
      HostView host, StateMark mark, List<String> findings, String seen, String labels) {}

  static FleetPage of(State fleet, Instant now) {
    List<HostLine> hosts =
        fleet.hosts().values().stream()
            .filter(host -> !host.revoked())
            .map(host -> line(HostView.of(host, fleet), now))
            .sorted(
                Comparator.comparing((HostLine line) -> line.findings().isEmpty())
                    .thenComparing(line -> line.host().name()))
            .toList();
    List<RolloutView> rollouts =
        new ArrayList<>(
            fleet.rollouts().values().stream()
                .map(rollout -> RolloutView.of(rollout, fleet, now))
                .toList());
    Collections.reverse(rollouts);
    return new FleetPage(
        hosts,
        fleet.hosts().values().stream().filter(Host::revoked).count(),
        rollouts.stream().limit(ROLLOUTS_SHOWN).toList(),
        Times.clock(now));
  }

  private static HostLine line(HostView host, Instant now) {
    var findings = new ArrayList<String>();
    if (host.finding()) {
      String release = host.rollout().isEmpty() ? "" : " in " + host.rollout();
      findings.add(host.stateText() + release + (host.note().isEmpty() ? "" : ": " + host.note()));
    } else {
      host.held().forEach(held -> findings.add("not offered again: " + held));
    }
    host.lastSeen()
        .filter(at -> Duration.between(at, now).compareTo(QUIET) > 0)
        .ifPresent(at -> findings.add("quiet: last heard " + Times.ago(at, now)));
    String labels =
        host.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(", "));
    return new HostLine(
        host,
        StateMark.ofHost(HostState.valueOf(host.state())),
        List.copyOf(findings),
        host.lastSeen().map(at -> Times.ago(at, now)).orElse("never"),
        labels);
  }

  public List<HostLine> getHosts() {
    return hosts;
  }

  /** How many hosts are not shown because they were revoked. */
  public long getRevoked() {
    return revoked;
  }

  public List<HostLine> getFindings() {
    return hosts.stream().filter(line -> !line.findings().isEmpty()).toList();
  }

  public List<RolloutView> getRollouts() {
    return rollouts;
  }

  /** How many hosts run what. */
  public Map<String, Long> getReleases() {
    return hosts.stream()
        .collect(Collectors.groupingBy(l -> l.host().runs(), TreeMap::new, Collectors.counting()));
  }

  public String getNow() {
    return now;
  }

  /** The mark of a rollout's state. */
  public StateMark markOf(RolloutView rollout) {
    return StateMark.ofRollout(RolloutState.valueOf(rollout.state()));
  }
}
