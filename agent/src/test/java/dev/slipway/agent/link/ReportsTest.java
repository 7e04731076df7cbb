package dev.slipway.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.switching.HostStatus;
import dev.slipway.json.JsonObject;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of an order is about that order, and not about the one before. */
class ReportsTest {
  private static final Orders.Order SWITCH =
      new Orders.Order(7, "switch", "sha256:wanted", "web:2", "trust");

  @Test
  void anOrderThatIsBeingLookedAtHasNotEndedAsTheSwitchBeforeItDid() {
    JsonObject report = report("t1", attemptAfter("t1"));
    assertThat(report.string("phase")).isEqualTo("idle");
    assertThat(report.optionalObject("failure")).isEmpty();
  }

  @Test
  void anOrderThatNobodyHasBegunHasNotEndedAsTheSwitchBeforeItDid() {
    JsonObject report = report("t1", Optional.empty());
    assertThat(report.string("phase")).isEqualTo("idle");
    assertThat(report.optionalObject("failure")).isEmpty();
  }

  @Test
  void howTheSwitchOfTheOrderEndedIsTold() {
    JsonObject report = report("t2", attemptAfter("t1"));
    assertThat(report.string("phase")).isEqualTo("rolledback");
    assertThat(report.optionalObject("failure").orElseThrow().string("reason"))
        .isEqualTo("health:disk");
  }

  @Test
  void anOrderThatFailedBeforeItsSwitchHasFailed() {
    JsonObject report = report("t1", attemptAfter("t1").map(made -> made.failed("no slot")));
    assertThat(report.string("phase")).isEqualTo("failed");
    assertThat(report.optionalObject("failure").orElseThrow().string("reason"))
        .isEqualTo("no slot");
  }

  /** The controller has proved the release and asks for nothing more; then its cold trial fails. */
  @Test
  void aReleaseThatFailsAfterItsOrderWasFollowedHasFailed() {
    JsonObject report = report(idleWith("sha256:wanted"), "t1", Optional.empty());
    assertThat(report.string("phase")).isEqualTo("rolledback");
    assertThat(report.optionalObject("failure").orElseThrow().string("reason"))
        .isEqualTo("health:disk");
  }

  /** Told to stay with the release that it went back to. */
  @Test
  void aFailureThatTheControllerHasAnsweredIsNotToldAgain() {
    JsonObject report = report(idleWith("sha256:before"), "t1", Optional.empty());
    assertThat(report.string("phase")).isEqualTo("idle");
    assertThat(report.optionalObject("failure")).isEmpty();
  }

  private static Orders.Order idleWith(String digest) {
    return new Orders.Order(8, "idle", digest, "web:2", "next-natural");
  }

  private static Optional<Orders.Attempt> attemptAfter(String transaction) {
    return Optional.of(new Orders.Attempt("switch", transaction, Optional.empty()));
  }

  private static JsonObject report(String newest, Optional<Orders.Attempt> attempt) {
    return report(SWITCH, newest, attempt);
  }

  /** The report of a host whose newest switch, to the wanted release, was rolled back. */
  private static JsonObject report(
      Orders.Order order, String newest, Optional<Orders.Attempt> attempt) {
    HostStatus status =
        new HostStatus(
            "boot",
            "web1",
            "",
            "test",
            "slot1",
            "rolledback",
            "",
            1,
            "slot1",
            Optional.empty(),
            0,
            Phase.ROLLEDBACK,
            Proof.COLD,
            newest,
            Optional.of(new HostStatus.Failure(Phase.CHECKING, "health:disk", "sha256:wanted")),
            List.of(),
            List.of(),
            List.of());
    return new Reports().of(status, order, attempt, "");
  }
}
