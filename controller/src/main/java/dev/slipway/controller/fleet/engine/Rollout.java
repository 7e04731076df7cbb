package dev.slipway.controller.fleet.engine;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * A release on its way to some hosts.
 *
 * @param id its number
 * @param plan what it was started with
 * @param state where it stands
 * @param since when it came there
 * @param reason why it stands there, for people; may be empty
 * @param openWave the number of the last wave whose hosts may be touched, from 0
 * @param createdAt when it was started
 * @param byHost every host of the plan
 */
public record Rollout(
    RolloutId id,
    Plan plan,
    RolloutState state,
    Instant since,
    String reason,
    int openWave,
    Instant createdAt,
    TreePMap<HostId, Member> byHost) {
  /** Every host of the plan, by id. */
  public Collection<Member> members() {
    return byHost.values();
  }

  /** One host of the plan. */
  public Optional<Member> member(HostId host) {
    return Optional.ofNullable(byHost.get(host));
  }

  /** The hosts of one wave. */
  public List<Member> wave(int number) {
    return members().stream().filter(member -> member.wave() == number).toList();
  }

  /** How many hosts hold a place among those that may switch at a time. */
  public long occupied() {
    return members().stream().filter(this::occupies).count();
  }

  private boolean occupies(Member member) {
    if (member.state() == HostState.LOST) {
      // A lost host may be down. But when all go back, one that never came up must not hold up
      // those that run the bad release.
      return state != RolloutState.ROLLING_BACK || member.direction() == Direction.BACK;
    }
    return member.state().isSwitching();
  }

  Rollout state(RolloutState newState, Instant at, String newReason) {
    return new Rollout(id, plan, newState, at, newReason, openWave, createdAt, byHost);
  }

  Rollout openNextWave() {
    return new Rollout(id, plan, state, since, reason, openWave + 1, createdAt, byHost);
  }

  Rollout with(Member member) {
    return new Rollout(
        id, plan, state, since, reason, openWave, createdAt, byHost.plus(member.host(), member));
  }
}
