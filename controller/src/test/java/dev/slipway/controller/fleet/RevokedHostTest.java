package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** A host that was revoked is no part of the fleet any more. */
class RevokedHostTest extends FleetOfFour {
  @Test
  void aRolloutDoesNotWaitForAHostThatWasRevoked() throws Exception {
    SimulatedHost leaver = hosts.get(2);
    String id = start("");
    turns(1);
    revoke(leaver);
    hosts.remove(leaver);
    turnsUntil(id, "SUCCEEDED");
    assertThat(rollout(id).get("reason").asText()).isEqualTo("3 of 4 hosts run web:2");
    order(id, 0, "rollback");
    turnsUntil(id, "ROLLED_BACK");
  }

  @Test
  void aHostThatFailedAndWasRevokedIsNotCountedAsFailed() throws Exception {
    SimulatedHost broken = hosts.get(1);
    broken.fate = SimulatedHost.Fate.BREAKS;
    hosts.get(3).fate = SimulatedHost.Fate.BREAKS;
    String id = start("\"maxFailed\":1,\"maxSwitching\":1");
    for (int i = 0; i < 40 && !hostState(broken.name).equals("ROLLED_BACK"); i++) {
      turns(1);
    }
    assertThat(rollout(id).get("failed").asInt()).isEqualTo(1);
    revoke(broken);
    hosts.remove(broken);
    assertThat(rollout(id).get("failed").asInt()).isZero();

    turnsUntil(id, "SUCCEEDED");
    assertThat(rollout(id).get("reason").asText()).isEqualTo("2 of 4 hosts run web:2");
  }

  @Test
  void aRevokedCanaryProvesNothing() throws Exception {
    String id = start("");
    turns(1);
    revoke(canary);

    assertThat(rollout(id).get("reason").asText())
        .isEqualTo("no host of the canary could prove the release");
    assertThat(state(id)).isEqualTo("HALTED");
    assertThat(rest()).allSatisfy(this::wasLeftAlone);
  }

  @Test
  void aRevokedHostIsNoPartOfTheFleetAndItsNameIsFree() throws Exception {
    revoke(canary);
    hosts.remove(canary);
    restartController();

    assertThat(server.asOperator("GET", "/", "").body())
        .doesNotContain(">web1")
        .contains("<strong>3</strong> hosts", "Not shown: 1 revoked");
    JsonNode known = JSON.readTree(server.asOperator("GET", "/api/v1/hosts", "").body());
    assertThat(known).hasSize(3);
    JsonNode all = JSON.readTree(server.asOperator("GET", "/api/v1/hosts?revoked=true", "").body());
    assertThat(all.get(0).get("name").asText()).isEqualTo("web1 (revoked 1)");
    assertThat(all.get(0).get("state").asText()).isEqualTo("REVOKED");

    new SimulatedHost(server, "web1", server.joinToken(1, 600), OS1).turn();
    assertThat(hostState("web1")).isEqualTo("IDLE");
    assertThat(rollout(start("")).get("total").asInt()).isEqualTo(4);
  }
}
