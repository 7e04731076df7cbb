package dev.slipway.controller.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.controller.server.TestServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A machine with an agent, as far as the controller can see one: it joins over TLS, reports by
 * HTTP, keeps slots, and boots. What it does with a release can be chosen.
 */
public final class SimulatedHost {
  /** What the machine does when it is told to switch. */
  public enum Fate {
    /** Boots it, and it is good. */
    GOOD,
    /** Boots it, finds it broken and goes back. */
    BREAKS,
    /** Is never heard again. */
    DIES,
    /** Says that it will not. */
    REFUSES
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  final String name;
  final List<JsonNode> answers = new ArrayList<>();
  int staged;
  public Fate fate = Fate.GOOD;

  private final TestServer.Joining joining;
  private final String certificate;
  private final Map<String, String> slots = new LinkedHashMap<>();
  private TestServer server;
  private HttpClient client;
  private String running = "slot1";
  private String defaultSlot = "slot1";
  private boolean trusting;
  private String bootId = UUID.randomUUID().toString();
  private String mode = "committed";
  private String phase = "idle";
  private String proof = "cold";
  private String failure = "";
  private long seq;
  private long generation;
  private boolean dead;

  public SimulatedHost(TestServer server, String name, String token, String os) throws Exception {
    this.name = name;
    this.joining = new TestServer.Joining();
    HttpResponse<String> answer = server.enrol(joining.request(token, name));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
    certificate = JSON.readTree(answer.body()).get("certificate").asText();
    slots.put("slot1", os);
    slots.put("slot2", "");
    connect(server);
  }

  /** Talks to this controller from now on. */
  void connect(TestServer to) throws Exception {
    server = to;
    client = to.client(joining.identity(certificate));
  }

  public String runs() {
    return slots.get(running);
  }

  /** Reports, and does what it is told; as one turn of an agent's loop. */
  public void turn() throws Exception {
    if (dead) {
      return;
    }
    JsonNode answer = sync();
    if (answer.get("generation").asLong() > generation) {
      generation = answer.get("generation").asLong();
      failure = "";
      if (!phase.equals("good")) {
        phase = "idle";
      }
    }
    trusting = answer.get("commit").asText().equals("trust");
    String digest = answer.get("digest").asText();
    switch (answer.get("want").asText()) {
      case "stage" -> stage(digest);
      case "switch" -> switchTo(digest);
      default -> {}
    }
    if (phase.equals("checking")) {
      judge();
    }
  }

  private void stage(String digest) {
    if (slots.containsValue(digest)) {
      phase = "staged";
    } else if (phase.equals("staging")) {
      slots.put(running.equals("slot1") ? "slot2" : "slot1", digest);
      staged++;
      phase = "staged";
    } else {
      phase = "staging";
    }
  }

  private void switchTo(String digest) {
    if (runs().equals(digest) || !failure.isEmpty()) {
      return;
    }
    switch (fate) {
      case DIES -> dead = true;
      case REFUSES -> {
        phase = "failed";
        failure = fail("preflight", "the battery is empty", digest);
      }
      case GOOD, BREAKS -> {
        running =
            slots.entrySet().stream()
                .filter(s -> s.getValue().equals(digest))
                .findFirst()
                .orElseThrow()
                .getKey();
        boot("warmtrial");
        phase = "checking";
        proof = "none";
      }
    }
  }

  private void judge() throws Exception {
    sync();
    if (fate == Fate.BREAKS) {
      leaveTrial("web.sh: no answer on port 80");
    } else {
      phase = "good";
      proof = "warm";
      if (trusting) {
        defaultSlot = running;
      }
    }
  }

  /** Boots by firmware some time later, fails a check there, and is back in its other slot. */
  void failColdTrial() {
    leaveTrial("cold-health:web");
  }

  /** The agent gives a trial up before it reboots, so GRUB sees none, and says "committed". */
  private void leaveTrial(String reason) {
    failure = fail("checking", reason, runs());
    running = running.equals("slot1") ? "slot2" : "slot1";
    boot("committed");
    phase = "rolledback";
    proof = "cold";
  }

  private void boot(String kind) {
    bootId = UUID.randomUUID().toString();
    mode = kind;
    seq = 0;
  }

  private static String fail(String phase, String reason, String digest) {
    return "{\"phase\":\"%s\",\"reason\":\"%s\",\"digest\":\"%s\"}"
        .formatted(phase, reason, digest);
  }

  JsonNode sync() throws Exception {
    return send(nextReport());
  }

  String nextReport() {
    seq++;
    return report();
  }

  String report() {
    var slotList = new ArrayList<String>();
    slots.forEach(
        (slot, digest) ->
            slotList.add(
                "{\"name\":\"%s\",\"state\":\"%s\",\"digest\":\"%s\",\"release\":\"\"}"
                    .formatted(slot, digest.isEmpty() ? "empty" : "ready", digest)));
    return """
        {"seq":%d,"bootId":"%s","generation":%d,"runningSlot":"%s","mode":"%s","why":"",\
        "transaction":"","defaultSlot":"%s","trySlot":"","slots":[%s],"phase":"%s",\
        "proof":"%s",%s"checks":[],"agentVersion":"test","name":"%s"}"""
        .formatted(
            seq,
            bootId,
            generation,
            running,
            mode,
            defaultSlot,
            String.join(",", slotList),
            phase,
            proof,
            failure.isEmpty() ? "" : "\"failure\":" + failure + ",",
            name);
  }

  JsonNode send(String report) throws IOException, InterruptedException {
    HttpResponse<String> answer = post(report);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    JsonNode told = JSON.readTree(answer.body());
    answers.add(told);
    return told;
  }

  /** The same, whatever is answered. */
  HttpResponse<String> post(String report) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.uri("/agent/v1/sync"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(report))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** As if its power came back. */
  void revive() {
    dead = false;
    fate = Fate.GOOD;
    boot("committed");
  }
}
