package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Fleets go back, and a release that failed on a host is not offered there again. */
class RollbackOverHttpTest extends FleetOfFour {
  @Test
  void theWholeFleetGoesBackWithoutADownload() throws Exception {
    String id = start("");
    turnsUntil(id, "SUCCEEDED");
    int downloads = hosts.stream().mapToInt(host -> host.staged).sum();
    assertThat(order(id, 0, "rollback").statusCode()).isEqualTo(200);
    turnsUntil(id, "ROLLED_BACK");
    assertThat(hosts).extracting(SimulatedHost::runs).containsOnly(OS1);
    assertThat(hosts.stream().mapToInt(host -> host.staged).sum()).isEqualTo(downloads);
  }

  @Test
  void theFleetGoesBackEvenAfterALaterRolloutHaltedAndWasCancelled() throws Exception {
    String good = start("\"commit\":\"trust\"");
    turnsUntil(good, "SUCCEEDED");
    TestRelease.publish(server, "web:3");
    canary.fate = SimulatedHost.Fate.BREAKS;
    String broken = start("\"release\":\"web:3\"");
    turns(8);
    assertThat(state(broken)).isEqualTo("HALTED");
    assertThat(order(good, 0, "rollback").statusCode())
        .as("while another rollout has them, hosts are not taken from it")
        .isEqualTo(409);
    order(broken, 0, "cancel");
    assertThat(order(good, 0, "rollback").statusCode()).isEqualTo(200);
    canary.fate = SimulatedHost.Fate.GOOD;
    turnsUntil(good, "ROLLED_BACK");
    assertThat(rest()).extracting(SimulatedHost::runs).containsOnly(OS1);
  }

  @Test
  void aHaltedRolloutTakesBackOnlyWhatItTouched() throws Exception {
    hosts.get(2).fate = SimulatedHost.Fate.BREAKS;
    String id = start("\"maxSwitching\":1");
    turnsUntil(id, "HALTED");
    assertThat(canary.runs()).isEqualTo(web2);
    order(id, 0, "rollback");
    turns(20);
    assertThat(state(id)).isEqualTo("ROLLED_BACK");
    assertThat(hosts).extracting(SimulatedHost::runs).containsOnly(OS1);
  }

  @Test
  void aReleaseThatFailedOnAHostIsNotOfferedThereAgainUntilAPersonClearsIt() throws Exception {
    canary.fate = SimulatedHost.Fate.BREAKS;
    order(start(""), 8, "cancel");
    canary.fate = SimulatedHost.Fate.GOOD;
    int before = canary.staged;
    String second = start("\"canary\":0");
    turnsUntil(second, "SUCCEEDED");
    assertThat(hostState("web1")).isEqualTo("QUARANTINED");
    assertThat(canary.staged).isEqualTo(before);
    assertThat(canary.runs()).isEqualTo(OS1);

    assertThat(server.asOperator("POST", "/api/v1/hosts/web1/clear", "{}").statusCode())
        .isEqualTo(400);
    assertThat(
            server
                .asOperator("POST", "/api/v1/hosts/web1/clear", "{\"reason\":\"new disk\"}")
                .statusCode())
        .isEqualTo(200);
    String third = start("\"canary\":0");
    turns(10);
    assertThat(state(third)).isEqualTo("SUCCEEDED");
    assertThat(canary.runs()).isEqualTo(web2);
  }

  @Test
  void aReleaseThatFailsItsColdTrialAfterTheRolloutIsNotOfferedThereAgain() throws Exception {
    String id = start("");
    turnsUntil(id, "SUCCEEDED");
    canary.failColdTrial();
    turns(1);
    assertThat(hostState("web1")).isEqualTo("ROLLED_BACK");
    assertThat(rollout(id).toString()).contains("cold-health:web");

    String second = start("\"canary\":0");
    turns(10);
    assertThat(state(second)).isEqualTo("SUCCEEDED");
    assertThat(hostState("web1")).isEqualTo("QUARANTINED");
    assertThat(canary.runs()).isEqualTo(OS1);
  }

  @Test
  void aReportOfASlotThatIsNotThereIsRefusedAndChangesNothing() throws Exception {
    String id = start("\"commit\":\"trust\"");
    turnsUntil(id, "SUCCEEDED");
    HttpResponse<String> answer =
        canary.post(
            canary.nextReport().replace("\"runningSlot\":\"slot2\"", "\"runningSlot\":\"slot9\""));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("The report says that slot 'slot9' runs, and lists only slot1, slot2.");

    assertThat(order(id, 0, "rollback").statusCode()).isEqualTo(200);
    turnsUntil(id, "ROLLED_BACK");
  }
}
