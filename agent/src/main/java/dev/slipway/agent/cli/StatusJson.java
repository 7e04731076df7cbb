package dev.slipway.agent.cli;

import dev.slipway.agent.switching.HostStatus;
import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;

/** The status as a JSON object; its keys are described in docs/man/agent.md. */
final class StatusJson {
  private StatusJson() {}

  static JsonObject of(HostStatus status) {
    JsonObject object =
        JsonObject.EMPTY
            .with("runningSlot", status.runningSlot())
            .with("mode", status.mode())
            .with("why", status.why())
            .with("phase", status.phase().word())
            .with("proof", status.proof().word())
            .with("defaultSlot", status.defaultSlot())
            .with("trySlot", status.trySlot().<Json>map(Json.Text::new).orElseGet(Json.Null::new))
            .with("tries", status.tries())
            .with("generation", status.generation())
            .with("transaction", status.transaction())
            .with(
                "failure",
                status.failure().<Json>map(StatusJson::failure).orElseGet(Json.Null::new))
            .with("checks", status.checks().stream().map(StatusJson::check).toList())
            .with("slots", status.slots().stream().map(StatusJson::slot).toList());
    return object
        .with("hostname", status.hostname())
        .with("machineId", status.machineId())
        .with("bootId", status.bootId())
        .with("agentVersion", status.agentVersion())
        .withStrings("notes", status.notes());
  }

  private static JsonObject failure(HostStatus.Failure failure) {
    return JsonObject.EMPTY
        .with("phase", failure.phase().word())
        .with("reason", failure.reason())
        .with("digest", failure.digest());
  }

  private static JsonObject check(HostStatus.Check check) {
    return JsonObject.EMPTY
        .with("name", check.name())
        .with("outcome", check.outcome())
        .with("reason", check.reason());
  }

  private static JsonObject slot(HostStatus.SlotStatus slot) {
    return JsonObject.EMPTY
        .with("name", slot.name())
        .with("state", slot.state())
        .with("reference", slot.reference())
        .with("release", slot.release())
        .with("digest", slot.digest())
        .with("kernelVersion", slot.kernelVersion())
        .with("filesystem", slot.filesystem())
        .with("size", slot.size());
  }
}
