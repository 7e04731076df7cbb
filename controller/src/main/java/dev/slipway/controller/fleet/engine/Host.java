package dev.slipway.controller.fleet.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An enrolled host.
 *
 * @param id from its certificate
 * @param name for people, unique
 * @param labels set by its join token and by people, never by the host
 * @param desired what it should run
 * @param report the last one that counted
 * @param lastSeen when it last spoke
 * @param previousBootId of the boot before the one in the report: late messages of it are ignored
 * @param rollout the last one that includes this host, finished or not
 * @param revoked whether its certificate was taken back: it is never heard or asked again
 */
public record Host(
    HostId id,
    String name,
    SortedMap<String, String> labels,
    Desired desired,
    Optional<Report> report,
    Optional<Instant> lastSeen,
    Optional<String> previousBootId,
    Optional<RolloutId> rollout,
    boolean revoked) {
  /** Copies the labels. */
  public Host {
    labels = new TreeMap<>(labels);
  }

  static Host enrolled(HostId id, String name, SortedMap<String, String> labels) {
    return new Host(
        id,
        name,
        labels,
        Desired.nothing(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  @Override
  public SortedMap<String, String> labels() {
    return new TreeMap<>(labels);
  }

  Host named(String newName, SortedMap<String, String> newLabels) {
    return new Host(
        id, newName, newLabels, desired, report, lastSeen, previousBootId, rollout, revoked);
  }

  Host wanting(Desired newDesired) {
    return new Host(
        id, name, labels, newDesired, report, lastSeen, previousBootId, rollout, revoked);
  }

  Host seen(Instant at) {
    return new Host(
        id, name, labels, desired, report, Optional.of(at), previousBootId, rollout, revoked);
  }

  Host reporting(Report newReport, Instant at) {
    Optional<String> previous =
        report.map(Report::bootId).filter(boot -> !boot.equals(newReport.bootId()));
    return new Host(
        id,
        name,
        labels,
        desired,
        Optional.of(newReport),
        Optional.of(at),
        previous.or(() -> previousBootId),
        rollout,
        revoked);
  }

  Host in(RolloutId newRollout) {
    return new Host(
        id,
        name,
        labels,
        desired,
        report,
        lastSeen,
        previousBootId,
        Optional.of(newRollout),
        revoked);
  }

  /** Whether no later rollout includes it. */
  boolean isIn(RolloutId id) {
    return rollout.filter(id::equals).isPresent();
  }

  /** A revoked host leaves its name to the next that joins with it. */
  Host revokedAs(String newName) {
    return new Host(id, newName, labels, desired, report, lastSeen, previousBootId, rollout, true);
  }
}
