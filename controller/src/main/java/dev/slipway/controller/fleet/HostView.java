package dev.slipway.controller.fleet;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.slipway.controller.fleet.engine.Host;
import dev.slipway.controller.fleet.engine.HostState;
import dev.slipway.controller.fleet.engine.Member;
import dev.slipway.controller.fleet.engine.Report;
import dev.slipway.controller.fleet.engine.SlotReport;
import dev.slipway.controller.fleet.engine.State;
import dev.slipway.controller.fleet.engine.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A host as operators see it.
 *
 * @param id from its certificate
 * @param name for people
 * @param labels from its join token
 * @param state where it stands in its last rollout; IDLE without one, REVOKED for good
 * @param stateText the same for people
 * @param finding whether something is wrong that should be looked at first
 * @param note why it stands there; may be empty
 * @param runs what it runs, for people: release, or digest, or nothing known
 * @param runningSlot the slot it runs
 * @param defaultSlot the slot that firmware boots
 * @param trySlot the slot on trial; may be empty
 * @param mode what kind of boot this is
 * @param proof how far what it runs has proved itself
 * @param slots all of them
 * @param generation of what it should run
 * @param want what it is asked to do
 * @param desired the release or digest it should run; may be empty
 * @param rollout the last rollout that includes it; may be empty
 * @param lastSeen when it last spoke
 * @param agentVersion of its agent
 * @param held what is held against releases on this host
 */
public record HostView(
    String id,
    String name,
    Map<String, String> labels,
    String state,
    String stateText,
    boolean finding,
    String note,
    String runs,
    String runningSlot,
    String defaultSlot,
    String trySlot,
    String mode,
    String proof,
    List<SlotView> slots,
    long generation,
    String want,
    String desired,
    String rollout,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Optional<Instant> lastSeen,
    String agentVersion,
    List<String> held) {

  /**
   * A slot of it.
   *
   * @param role {@code running}, {@code default}, {@code on trial}, in words; may be empty
   */
  public record SlotView(
      String name, String state, String digest, String release, String holds, String role) {}

  /** A host in a state of the fleet. */
  public static HostView of(Host host, State fleet) {
    Optional<Report> report = host.report();
    Optional<Member> member = fleet.member(host);
    HostState state =
        host.revoked() ? HostState.REVOKED : member.map(Member::state).orElse(HostState.IDLE);
    return new HostView(
        host.id().value(),
        host.name(),
        host.labels(),
        state.name(),
        state == HostState.IDLE ? idleText(report) : state.text(),
        state.isFinding(),
        member.map(Member::note).orElse(""),
        report.flatMap(Report::running).map(HostView::holds).orElse("not known"),
        report.map(Report::runningSlot).orElse(""),
        report.map(Report::defaultSlot).orElse(""),
        report.map(Report::trySlot).orElse(""),
        report.map(Report::mode).orElse(""),
        report.map(r -> r.proof().word()).orElse(""),
        report.map(r -> r.slots().stream().map(slot -> slot(slot, r)).toList()).orElse(List.of()),
        host.desired().generation(),
        host.desired().want().name().toLowerCase(Locale.ROOT),
        host.desired().release().isEmpty()
            ? shortened(host.desired().digest())
            : host.desired().release(),
        host.rollout().map(Object::toString).orElse(""),
        host.lastSeen(),
        report.map(Report::agentVersion).orElse(""),
        held(host, fleet));
  }

  private static String idleText(Optional<Report> report) {
    return report.isPresent() ? "idle" : "never heard";
  }

  private static List<String> held(Host host, State fleet) {
    return fleet.verdicts().entrySet().stream()
        .filter(entry -> entry.getKey().host().equals(host.id()))
        .filter(entry -> entry.getValue().blocks())
        .map(entry -> shortened(entry.getKey().digest()) + " " + text(entry.getValue()))
        .toList();
  }

  private static String text(Verdict verdict) {
    return verdict.kind().name() + ": " + verdict.reason();
  }

  private static SlotView slot(SlotReport slot, Report report) {
    var roles = new ArrayList<String>();
    if (slot.name().equals(report.runningSlot())) {
      roles.add("running");
    }
    if (slot.name().equals(report.defaultSlot())) {
      roles.add("default");
    }
    if (slot.name().equals(report.trySlot())) {
      roles.add("on trial");
    }
    return new SlotView(
        slot.name(),
        slot.state(),
        slot.digest(),
        slot.release(),
        slot.state().equals("ready") ? holds(slot) : slot.state(),
        String.join(", ", roles));
  }

  private static String holds(SlotReport slot) {
    if (!slot.release().isEmpty()) {
      return slot.release();
    }
    return slot.digest().isEmpty() ? "not known" : shortened(slot.digest());
  }

  /** A digest as people compare it: the first twelve digits. */
  static String shortened(String digest) {
    int colon = digest.indexOf(':');
    return digest.length() > colon + 13 ? digest.substring(colon + 1, colon + 13) : digest;
  }
}
