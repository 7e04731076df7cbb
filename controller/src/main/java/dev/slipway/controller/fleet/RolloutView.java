package dev.slipway.controller.fleet;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.slipway.controller.fleet.engine.Direction;
import dev.slipway.controller.fleet.engine.HostState;
import dev.slipway.controller.fleet.engine.Member;
import dev.slipway.controller.fleet.engine.Origin;
import dev.slipway.controller.fleet.engine.Plan;
import dev.slipway.controller.fleet.engine.Rollout;
import dev.slipway.controller.fleet.engine.RolloutSignal;
import dev.slipway.controller.fleet.engine.RolloutTransitions;
import dev.slipway.controller.fleet.engine.State;
import dev.slipway.controller.fleet.engine.WhyWaiting;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A rollout as operators see it.
 *
 * @param id {@code r7}
 * @param release what it brings
 * @param digest of it
 * @param selector by which hosts were chosen
 * @param state where it stands
 * @param stateText the same for people
 * @param reason why it stands there
 * @param over whether nothing more happens in it
 * @param since when it came there
 * @param createdAt when it was started
 * @param author by whom
 * @param maxFailed failures that are tolerated beside the canary
 * @param maxSwitching hosts that may switch at a time
 * @param commit when hosts prove that firmware can boot the release
 * @param stageSeconds how long a host may take to stage
 * @param switchSeconds how long it may take from the order to the proof
 * @param good hosts that proved the release
 * @param failed hosts that failed or fell silent
 * @param total hosts in the plan
 * @param allowed orders that are possible now
 * @param blockedBy why nothing is happening, or what is; in sentences
 * @param waves in order
 */
public record RolloutView(
    String id,
    String release,
    String digest,
    String selector,
    String state,
    String stateText,
    String reason,
    boolean over,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Instant since,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Instant createdAt,
    String author,
    int maxFailed,
    int maxSwitching,
    String commit,
    long stageSeconds,
    long switchSeconds,
    long good,
    long failed,
    int total,
    List<String> allowed,
    List<String> blockedBy,
    List<WaveView> waves) {

  /**
   * A wave.
   *
   * @param number from 1
   * @param name {@code canary} or {@code rest}
   * @param open whether its hosts may be touched
   * @param gate what it takes to get past it, with the numbers
   * @param counts hosts by state, for people
   * @param hosts the worst first
   */
  public record WaveView(
      int number,
      String name,
      boolean open,
      String gate,
      Map<String, Long> counts,
      List<MemberView> hosts) {}

  /** A host in it. */
  public record MemberView(
      String id,
      String name,
      String state,
      String stateText,
      boolean finding,
      boolean goingBack,
      String proof,
      String from,
      String note,
      @JsonFormat(shape = JsonFormat.Shape.STRING) Instant since,
      @JsonFormat(shape = JsonFormat.Shape.STRING) Optional<Instant> deadline) {}

  /** A rollout in a state of the fleet, at a time. */
  public static RolloutView of(Rollout rollout, State fleet, Instant now) {
    Plan plan = rollout.plan();
    return new RolloutView(
        rollout.id().toString(),
        plan.release(),
        plan.digest(),
        plan.selector(),
        rollout.state().name(),
        rollout.state().text(),
        rollout.reason(),
        rollout.state().isTerminal(),
        rollout.since(),
        rollout.createdAt(),
        plan.author(),
        plan.maxFailed(),
        plan.maxSwitching(),
        SyncAnswer.word(plan.commit()),
        plan.stageTimeout().toSeconds(),
        plan.switchTimeout().toSeconds(),
        count(rollout.members().stream().toList(), RolloutView::isGood),
        count(rollout.members().stream().toList(), Member::failed),
        rollout.byHost().size(),
        RolloutTransitions.allowedOrders(rollout.state()).stream()
            .map(RolloutSignal::word)
            .toList(),
        WhyWaiting.sentences(fleet, rollout, now),
        IntStream.range(0, plan.waves()).mapToObj(n -> wave(rollout, n, fleet)).toList());
  }

  private static boolean isGood(Member member) {
    return member.state() == HostState.COMMITTED && member.direction() == Direction.FORWARD;
  }

  private static long count(List<Member> members, Predicate<Member> which) {
    return members.stream().filter(which).count();
  }

  private static WaveView wave(Rollout rollout, int number, State fleet) {
    List<Member> members = rollout.wave(number);
    boolean canary = rollout.plan().canary() && number == 0;
    var counts = new EnumMap<HostState, Long>(HostState.class);
    members.forEach(member -> counts.merge(member.state(), 1L, Long::sum));
    var words = new TreeMap<String, Long>();
    counts.forEach((state, count) -> words.put(state.text(), count));
    return new WaveView(
        number + 1,
        canary ? "canary" : rollout.plan().canary() ? "rest" : "all",
        number <= rollout.openWave(),
        gate(rollout, members, canary),
        words,
        members.stream()
            .map(member -> member(member, fleet))
            .sorted(
                Comparator.comparing((MemberView m) -> !m.finding())
                    .thenComparing(MemberView::name))
            .toList());
  }

  private static String gate(Rollout rollout, List<Member> members, boolean canary) {
    long good = count(members, RolloutView::isGood);
    long failed = count(members, Member::failed);
    int allowed = canary ? 0 : rollout.plan().maxFailed();
    return good
        + " of "
        + members.size()
        + " good, "
        + failed
        + " failed, "
        + allowed
        + " may fail"
        + (canary ? " (the canary never)" : "");
  }

  private static MemberView member(Member member, State fleet) {
    return new MemberView(
        member.host().value(),
        fleet.host(member.host()).map(host -> host.name()).orElse(member.host().value()),
        member.state().name(),
        member.state().text(),
        member.state().isFinding(),
        member.direction() == Direction.BACK,
        member.proof().word(),
        member.from().map(RolloutView::text).orElse(""),
        member.note(),
        member.since(),
        member.deadline());
  }

  private static String text(Origin origin) {
    String what =
        origin.release().isEmpty() ? HostView.shortened(origin.digest()) : origin.release();
    return origin.slot() + " " + what;
  }
}
