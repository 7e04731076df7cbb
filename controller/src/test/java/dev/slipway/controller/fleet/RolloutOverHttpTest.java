package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whole rollouts: the waves, what halts them, and what they are told meanwhile. */
class RolloutOverHttpTest extends FleetOfFour {
  @Test
  void aGoodCanaryLetsTheRestFollowAndOneAtATimeIsAway() throws Exception {
    String id = start("");
    turns(3);
    assertThat(rest())
        .as("nobody is asked before the canary proved it")
        .allSatisfy(this::wasLeftAlone);
    for (int i = 0; i < 40 && !state(id).equals("SUCCEEDED"); i++) {
      turns(1);
      long switching = IntStream.range(0, 4).filter(n -> isSwitching(n)).count();
      assertThat(switching).isLessThanOrEqualTo(1);
    }
    assertThat(state(id)).isEqualTo("SUCCEEDED");
    assertThat(hosts).extracting(SimulatedHost::runs).containsOnly(web2);
    assertThat(rollout(id).get("good").asInt()).isEqualTo(4);
  }

  private boolean isSwitching(int host) {
    try {
      return List.of("SWITCHING", "TRIAL_BOOTED", "CHECKING")
          .contains(hostState("web" + (host + 1)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBrokenCanaryHaltsAndTheRestIsNotTouched() throws Exception {
    canary.fate = SimulatedHost.Fate.BREAKS;
    String id = start("");
    turns(8);
    assertThat(state(id)).isEqualTo("HALTED");
    assertThat(rollout(id).get("reason").asText())
        .contains("web1 fell back", "web.sh: no answer on port 80");
    assertThat(rest()).allSatisfy(this::wasLeftAlone);
    assertThat(canary.runs()).isEqualTo(OS1);

    HttpResponse<String> resumed =
        server.asOperator("POST", "/api/v1/rollouts/" + id + "/resume", "");
    assertThat(resumed.statusCode()).isEqualTo(409);
    assertThat(resumed.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(JSON.readTree(resumed.body()).get("state").asText()).isEqualTo("HALTED");
    assertThat(resumed.body())
        .contains("resume is not possible", "never goes on", "rollback, cancel");
  }

  @Test
  void aSilentCanaryIsLostAtItsDeadlineAndHalts() throws Exception {
    canary.fate = SimulatedHost.Fate.DIES;
    String id = start("\"switchSeconds\":2");
    turns(5);
    assertThat(hostState("web1")).isEqualTo("SWITCHING");
    await(id, "HALTED");
    assertThat(hostState("web1")).isEqualTo("LOST");
    assertThat(rest()).allSatisfy(this::wasLeftAlone);

    canary.revive();
    turns(2);
    assertThat(hostState("web1")).as("back in its old OS").isEqualTo("ROLLED_BACK");
    assertThat(canary.answers.get(canary.answers.size() - 1).get("want").asText())
        .as("and it is not sent off again")
        .isEqualTo("idle");
    assertThat(state(id)).as("a halted rollout stays halted").isEqualTo("HALTED");
  }

  @Test
  void aHostThatRefusesToSwitchCountsAsFailed() throws Exception {
    canary.fate = SimulatedHost.Fate.REFUSES;
    String id = start("");
    turns(6);
    assertThat(state(id)).isEqualTo("HALTED");
    assertThat(hostState("web1")).isEqualTo("REFUSED");
    assertThat(rollout(id).get("reason").asText()).contains("the battery is empty");
  }

  @Test
  void aPausedRolloutBeginsNothingUntilItIsResumed() throws Exception {
    String id = start("");
    turns(1);
    assertThat(order(id, 0, "pause").statusCode()).isEqualTo(200);
    turns(6);
    assertThat(canary.runs()).as("staged, but not told to switch").isEqualTo(OS1);
    assertThat(rollout(id).get("blockedBy").toString()).contains("Paused by operator");
    order(id, 0, "resume");
    turnsUntil(id, "SUCCEEDED");
  }

  @Test
  void aRestartedControllerGoesOn() throws Exception {
    String id = start("");
    for (int i = 0; i < 30 && !state(id).equals("SUCCEEDED"); i++) {
      turns(2);
      restartController();
    }
    assertThat(state(id)).isEqualTo("SUCCEEDED");
    assertThat(hosts).extracting(SimulatedHost::runs).containsOnly(web2);
    assertThat(hosts).extracting(host -> host.staged).containsOnly(1);
  }

  @Test
  void aGenerationNeverFallsAndARepeatedReportIsAnsweredTheSame() throws Exception {
    start("");
    for (int i = 0; i < 12; i++) {
      turns(1);
      JsonNode first = canary.sync();
      assertThat(canary.send(canary.report())).isEqualTo(first);
    }
    for (SimulatedHost host : hosts) {
      List<Long> generations =
          host.answers.stream().map(answer -> answer.get("generation").asLong()).toList();
      assertThat(generations).isSorted();
    }
  }

  @Test
  void whatCannotBeStartedIsRefusedInASentence() throws Exception {
    assertRefused("{\"release\":\"web:9\",\"selector\":\"all\"}", 404, "no release web:9");
    assertRefused("{\"release\":\"web:2\"}", 400, "Say which hosts");
    assertRefused("{\"release\":\"web:2\",\"selector\":\"rack=\\\"\"}", 400, "not understood");
    assertRefused("{\"release\":\"web:2\",\"selector\":\"rack=r9\"}", 400, "No host has");
    assertRefused(
        "{\"release\":\"web:2\",\"selector\":\"all\",\"maxSwitching\":0}", 400, "maxSwitching");
    assertRefused("{\"release\":\"web:2\",\"selector\":\"all\",\"cannary\":2}", 400, "");
    String id = start("");
    HttpResponse<String> unknown =
        server.asOperator("POST", "/api/v1/rollouts/" + id + "/stop", "");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("'stop' is no order", "pause, resume, rollback");
    assertRefused("{\"release\":\"web:2\",\"selector\":\"rack=r1\"}", 409, "one rollout at a time");
  }

  private void assertRefused(String request, int status, String sentence) throws Exception {
    HttpResponse<String> answer = server.asOperator("POST", "/api/v1/rollouts", request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(sentence);
  }
}
