package dev.slipway.controller.fleet;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.slipway.controller.fleet.engine.CommitPolicy;
import dev.slipway.controller.fleet.engine.Desired;
import dev.slipway.controller.fleet.engine.Host;
import dev.slipway.controller.fleet.engine.HostId;
import dev.slipway.controller.fleet.engine.Report;
import dev.slipway.controller.fleet.engine.RolloutId;
import dev.slipway.controller.fleet.engine.Want;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** A row of the table {@code host_state}. */
public record HostRow(
    String hostId,
    String name,
    String labelsJson,
    long generation,
    String want,
    String desiredDigest,
    String desiredRelease,
    String commitPolicy,
    Optional<String> reportJson,
    Optional<Long> lastSeen,
    Optional<String> previousBootId,
    Optional<Long> rolloutNo,
    boolean revoked) {
  private static final TypeReference<TreeMap<String, String>> LABELS = new TypeReference<>() {};

  static HostRow of(Host host, FleetJson json) {
    Desired desired = host.desired();
    return new HostRow(
        host.id().value(),
        host.name(),
        json.write(host.labels()),
        desired.generation(),
        desired.want().name(),
        desired.digest(),
        desired.release(),
        desired.commit().name(),
        host.report().map(json::write),
        host.lastSeen().map(Instant::toEpochMilli),
        host.previousBootId(),
        host.rollout().map(RolloutId::number),
        host.revoked());
  }

  Host host(FleetJson json) {
    return new Host(
        new HostId(hostId),
        name,
        json.read(labelsJson, LABELS, "the labels of " + name),
        new Desired(
            generation,
            Want.valueOf(want),
            desiredDigest,
            desiredRelease,
            CommitPolicy.valueOf(commitPolicy)),
        reportJson.map(text -> json.read(text, Report.class, "the last report of " + name)),
        lastSeen.map(Instant::ofEpochMilli),
        previousBootId,
        rolloutNo.map(RolloutId::new),
        revoked);
  }
}
