package dev.slipway.controller.fleet;

import dev.slipway.controller.fleet.engine.Host;
import dev.slipway.controller.fleet.engine.HostId;
import dev.slipway.controller.fleet.engine.Plan;
import dev.slipway.controller.fleet.engine.Rollout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes a plan out of what a person asks for: which hosts, in which waves. */
public final class Rollouts {
  private final Fleet fleet;
  private final Function<String, Optional<String>> releases;

  /**
   * Plans for this fleet.
   *
   * @param releases the digest of a release {@code name:version}, if it was published
   */
  public Rollouts(Fleet fleet, Function<String, Optional<String>> releases) {
    this.fleet = fleet;
    this.releases = releases;
  }

  /** Starts what is asked for. */
  Rollout start(RolloutRequest request, String author) {
    String release = request.releaseName();
    String digest =
        releases
            .apply(release)
            .orElseThrow(
                () ->
                    FleetRefused.unknown(
                        "There is no release "
                            + release
                            + ". Publish it with 'controller release publish', or see"
                            + " 'controller release list'."));
    Selector selector = request.hosts();
    List<HostId> hosts =
        fleet.state().hosts().values().stream()
            .filter(host -> !host.revoked() && selector.matches(host.labels()))
            .sorted(Comparator.comparing(Host::name))
            .map(Host::id)
            .toList();
    if (fleet.state().hosts().values().stream().allMatch(Host::revoked)) {
      throw FleetRefused.badRequest(
          "No host has joined yet. 'controller token create' makes a token for 'agent join'.");
    }
    if (hosts.isEmpty()) {
      throw FleetRefused.badRequest(
          "No host has the labels '"
              + selector
              + "'. 'controller host list' shows the labels; 'all' selects every host.");
    }
    List<List<HostId>> waves = waves(hosts, request.canaryHosts());
    Plan plan =
        new Plan(
            release,
            digest,
            selector.toString(),
            request.canaryHosts() > 0,
            waves.size(),
            request.failuresAllowed(),
            request.atATime(),
            request.stageTimeout(),
            request.switchTimeout(),
            request.commitPolicy(),
            author);
    return fleet.start(plan, waves);
  }

  private static List<List<HostId>> waves(List<HostId> hosts, int canary) {
    int first = Math.min(canary, hosts.size());
    var waves = new ArrayList<List<HostId>>();
    waves.add(hosts.subList(0, first));
    waves.add(hosts.subList(first, hosts.size()));
    waves.removeIf(List::isEmpty);
    return waves;
  }
}
