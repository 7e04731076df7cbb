package dev.slipway.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A host does what its controller orders: once, in order, and also where it was killed over it. */
class FollowedOrdersTest extends LinkedHost {
  @Test
  void rolloutIsStagedThenSwitchedToOnceAndReportedByTheNewSystem() throws Exception {
    join(token(1));
    ControllerLink link = link();
    link.sync();
    Published published = publish("web:2");
    HttpResponse<String> started =
        asOperator(
            "POST",
            "/api/v1/rollouts",
            "{\"release\":\"web:2\",\"selector\":\"all\",\"commit\":\"trust\"}");
    assertThat(started.statusCode()).as(started.body()).isLessThan(300);

    syncUntil(link, () -> host.switchedTo.equals(List.of("slot2")));
    assertThat(manifestOf(host.slot("slot2")).digest()).isEqualTo(published.tree());
    for (int i = 0; i < 5; i++) {
      link.sync();
      Thread.sleep(100);
    }
    assertThat(host.switchedTo).as("an order is followed once").hasSize(1);

    host.bootInto("slot2", "warmtrial", Phase.GOOD, Proof.WARM);
    ControllerLink next = link();
    syncUntil(next, () -> rollouts().contains("SUCCEEDED"));
    assertThat(host.switchedTo).hasSize(1);
  }

  @Test
  void failureToStageIsReportedAndNotRepeated() throws Exception {
    join(token(1));
    ControllerLink link = link();
    link.sync();
    publish("web:2");
    host.refusal = Optional.of("The slot is on fire.");
    asOperator(
        "POST",
        "/api/v1/rollouts",
        "{\"release\":\"web:2\",\"selector\":\"all\",\"commit\":\"trust\"}");
    syncUntil(link, () -> rollouts().contains("on fire") || hosts().contains("on fire"));
    int attempts = host.stagings;
    for (int i = 0; i < 5; i++) {
      link.sync();
      Thread.sleep(100);
    }
    assertThat(host.stagings).isEqualTo(attempts);
    assertThat(host.switchedTo).isEmpty();
  }

  @Test
  void switchThatACrashCutOffBeforeItWasOrderedIsOrderedByTheNextAgent() throws Exception {
    join(token(1));
    host.dies = DirectoryHost.Dies.BEFORE_THE_JOURNAL;
    orderSwitch();
    syncUntil(link(), () -> host.switchesBegun.get() == 1);

    host.dies = DirectoryHost.Dies.NOT;
    syncUntil(link(), () -> host.switchedTo.equals(List.of("slot2")));
  }

  @Test
  void switchThatACrashCutOffAfterItWasOrderedIsLeftToTheJournal() throws Exception {
    join(token(1));
    host.dies = DirectoryHost.Dies.AFTER_THE_JOURNAL;
    orderSwitch();
    syncUntil(link(), () -> host.switchesBegun.get() == 1);

    host.dies = DirectoryHost.Dies.NOT;
    ControllerLink next = link();
    for (int i = 0; i < 5; i++) {
      next.sync();
      Thread.sleep(100);
    }
    assertThat(host.switchesBegun).hasValue(1);
  }

  private void orderSwitch() throws Exception {
    link().sync();
    publish("web:2");
    HttpResponse<String> started =
        asOperator(
            "POST",
            "/api/v1/rollouts",
            "{\"release\":\"web:2\",\"selector\":\"all\",\"commit\":\"trust\"}");
    assertThat(started.statusCode()).as(started.body()).isLessThan(300);
  }

  @Test
  void generationNeverGoesBack() throws Exception {
    Enrolment joined = join(token(1));
    Orders orders = Orders.read(host.enrolmentDirectory(), joined);
    Orders.Order seventh = new Orders.Order(7, "stage", "sha256:a", "web:2", "trust");
    assertThat(orders.take(seventh)).isTrue();
    assertThat(orders.take(new Orders.Order(6, "switch", "sha256:b", "web:1", "trust"))).isFalse();

    Orders afterReboot = Orders.read(host.enrolmentDirectory(), joined);
    assertThat(afterReboot.order()).isEqualTo(seventh);
    assertThat(afterReboot.take(new Orders.Order(6, "idle", "", "", "trust"))).isFalse();
    Orders.Attempt failed = new Orders.Attempt("stage", "01SWITCH", Optional.of("no room"));
    afterReboot.attempted(7, failed);
    assertThat(Orders.read(host.enrolmentDirectory(), joined).attempt()).contains(failed);
    assertThat(afterReboot.take(new Orders.Order(8, "stage", "sha256:a", "web:2", "trust")))
        .isTrue();
    assertThat(afterReboot.attempt()).isEmpty();
  }

  @Test
  void ordersOfAnotherEnrolmentAreNeitherReadNorWritten() throws Exception {
    Enrolment first = join(token(1));
    Orders old = Orders.read(host.enrolmentDirectory(), first);
    old.take(new Orders.Order(7, "stage", "sha256:a", "web:2", "trust"));
    asOperator("POST", "/api/v1/hosts/" + first.hostId() + "/revoke", "");
    Enrolment second = joining().join(url(), token(1), true);
    Orders.Order third = new Orders.Order(3, "stage", "sha256:b", "web:3", "trust");
    Orders now = Orders.read(host.enrolmentDirectory(), second);
    assertThat(now.order()).isEqualTo(Orders.Order.NONE);
    assertThat(now.take(third)).isTrue();

    old.take(new Orders.Order(8, "switch", "sha256:a", "web:2", "trust"));
    old.attempted(8, new Orders.Attempt("switch", "", Optional.empty()));
    assertThat(Orders.read(host.enrolmentDirectory(), second).order()).isEqualTo(third);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void syncUntil(ControllerLink link, Condition condition) throws Exception {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(rollouts() + hosts()).isLessThan(deadline);
      link.sync();
      Thread.sleep(100);
    }
  }

  private String rollouts() throws Exception {
    return asOperator("GET", "/api/v1/rollouts/r1", "").body();
  }

  private String hosts() throws Exception {
    return asOperator("GET", "/api/v1/hosts", "").body();
  }
}
