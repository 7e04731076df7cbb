package dev.slipway.controller.fleet.engine;

import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * All that the engine knows. Immutable; successive states share what did not change.
 *
 * @param hosts by id
 * @param rollouts by number
 * @param verdicts by host and release
 */
public record State(
    TreePMap<HostId, Host> hosts,
    TreePMap<RolloutId, Rollout> rollouts,
    TreePMap<HostRelease, Verdict> verdicts) {
  /** Before the first host is enrolled. */
  public static State empty() {
    return new State(TreePMap.empty(), TreePMap.empty(), TreePMap.empty());
  }

  /** A host, if it is enrolled. */
  public Optional<Host> host(HostId id) {
    return Optional.ofNullable(hosts.get(id));
  }

  /** A rollout, if there is one of this number. */
  public Optional<Rollout> rollout(RolloutId id) {
    return Optional.ofNullable(rollouts.get(id));
  }

  /** What is known about a release on a host. */
  public Optional<Verdict> verdict(HostId host, String digest) {
    return Optional.ofNullable(verdicts.get(new HostRelease(host, digest)));
  }

  /** A host by its name, or else by its id. */
  public Optional<Host> hostCalled(String nameOrId) {
    return hosts.values().stream()
        .filter(host -> host.name().equals(nameOrId))
        .findFirst()
        .or(() -> nameOrId.isBlank() ? Optional.empty() : host(new HostId(nameOrId)));
  }

  /** The rollout that a host is in now, if it is not over. */
  public Optional<Rollout> activeRollout(Host host) {
    return host.rollout().flatMap(this::rollout).filter(r -> !r.state().isTerminal());
  }

  /** Where a host stands in the last rollout that included it. */
  public Optional<Member> member(Host host) {
    return host.rollout().flatMap(this::rollout).flatMap(rollout -> rollout.member(host.id()));
  }

  State with(Host host) {
    return new State(hosts.plus(host.id(), host), rollouts, verdicts);
  }

  State with(Rollout rollout) {
    return new State(hosts, rollouts.plus(rollout.id(), rollout), verdicts);
  }

  State with(HostRelease pair, Verdict verdict) {
    return new State(hosts, rollouts, verdicts.plus(pair, verdict));
  }

  State without(HostRelease pair) {
    return new State(hosts, rollouts, verdicts.minus(pair));
  }
}
