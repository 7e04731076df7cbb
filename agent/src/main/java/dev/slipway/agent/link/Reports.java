package dev.slipway.agent.link;

import dev.slipway.agent.switching.HostStatus;
import dev.slipway.json.JsonObject;
import dev.slipway.release.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the host says of itself in a sync.
 *
 * <p>The phase and failure are about the order whose generation is echoed. What the journal still
 * tells of an earlier order is not repeated, or the controller would take it for the answer to the
 * new one. An order to be idle has no answer of its own: with it, what became of the release that
 * it names is told.
 */
final class Reports {
  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final Set<Phase> ENDED_BADLY = Set.of(Phase.FAILED, Phase.ROLLEDBACK);

  private long lastSeq;

  /**
   * The next report.
   *
   * @param working {@code stage} or {@code switch} while the order is being followed, else empty
   */
  JsonObject of(
      HostStatus status, Orders.Order order, Optional<Orders.Attempt> attempt, String working) {
    JsonObject report =
        JsonObject.EMPTY
            .with("seq", nextSeq())
            .with("bootId", status.bootId())
            .with("generation", order.generation())
            .with("runningSlot", status.runningSlot())
            .with("mode", status.mode())
            .with("why", status.why())
            .with("transaction", status.transaction())
            .with("defaultSlot", status.defaultSlot())
            .with("trySlot", status.trySlot().orElse(""))
            .with("slots", status.slots().stream().map(Reports::slot).toList())
            .with("phase", phase(status, order, attempt, working))
            .with("proof", status.proof().word())
            .with("checks", status.checks().stream().map(Reports::check).toList())
            .with("agentVersion", status.agentVersion())
            .with("name", status.hostname());
    return failure(status, order, attempt)
        .map(failure -> report.with("failure", failure))
        .orElse(report);
  }

  private static String phase(
      HostStatus status, Orders.Order order, Optional<Orders.Attempt> attempt, String working) {
    if (working.equals("stage")) {
      return Phase.STAGING.word();
    }
    if (attempt.flatMap(Orders.Attempt::failure).isPresent()) {
      return Phase.FAILED.word();
    }
    boolean old =
        isOfAnEarlierOrder(status, order, attempt) && ENDED_BADLY.contains(status.phase());
    return old ? Phase.IDLE.word() : status.phase().word();
  }

  private static Optional<JsonObject> failure(
      HostStatus status, Orders.Order order, Optional<Orders.Attempt> attempt) {
    Optional<Orders.Attempt> failed = attempt.filter(made -> made.failure().isPresent());
    if (failed.isPresent()) {
      return failed.map(
          made -> failure(made.phase(), made.failure().orElseThrow(), order.digest()));
    }
    if (isOfAnEarlierOrder(status, order, attempt)) {
      return Optional.empty();
    }
    return status
        .failure()
        .filter(seen -> seen.digest().isEmpty() || seen.digest().equals(order.digest()))
        .map(seen -> failure(seen.phase().word(), seen.reason(), seen.digest()));
  }

  /** Whether the journal's newest switch is one from before the order. */
  private static boolean isOfAnEarlierOrder(
      HostStatus status, Orders.Order order, Optional<Orders.Attempt> attempt) {
    if (order.want().equals("idle") && failedWith(status, order.digest())) {
      return false;
    }
    return attempt.filter(made -> made.wasJournaled(status.transaction())).isEmpty();
  }

  /**
   * Such as in the cold trial of a release that was proved warm: days after the order that began it
   * was followed.
   */
  private static boolean failedWith(HostStatus status, String digest) {
    return !digest.isEmpty()
        && status.failure().filter(seen -> seen.digest().equals(digest)).isPresent();
  }

  private static JsonObject failure(String phase, String reason, String digest) {
    return JsonObject.EMPTY.with("phase", phase).with("reason", reason).with("digest", digest);
  }

  private static JsonObject slot(HostStatus.SlotStatus slot) {
    return JsonObject.EMPTY
        .with("name", slot.name())
        .with("state", slot.state())
        .with("digest", slot.digest())
        .with("release", slot.release());
  }

  private static JsonObject check(HostStatus.Check check) {
    return JsonObject.EMPTY
        .with("name", check.name())
        .with("outcome", check.outcome())
        .with("reason", check.reason());
  }

  /** Rises within one boot, also when the daemon is started again: milliseconds since the boot. */
  private long nextSeq() {
    try {
      String uptime = Files.readString(UPTIME);
      long millis = (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1000);
      lastSeq = Math.max(lastSeq + 1, millis);
      return lastSeq;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
