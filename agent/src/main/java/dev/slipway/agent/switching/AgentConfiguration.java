package dev.slipway.agent.switching;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code agent.conf} on the data partition: a JSON object. Every key may be missing. A time is a
 * whole number of seconds, 86400 (a day) at most.
 *
 * @param healthDeadline {@code healthDeadlineSeconds}: how long after its boot a trial may take to
 *     prove itself
 * @param soak {@code soakSeconds}: how long it must stay healthy once all checks have passed
 * @param checkLimit {@code checkSeconds}: how long one executable of health.d may run
 * @param commit {@code commit}: the policy when a switch names none
 */
public record AgentConfiguration(
    Duration healthDeadline, Duration soak, Duration checkLimit, CommitPolicy commit) {

  public static final AgentConfiguration DEFAULT =
      new AgentConfiguration(
          Duration.ofSeconds(300),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          CommitPolicy.NEXT_NATURAL);

  /** The script trial-deadline reads the same file and takes numbers of at most seven digits. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final Set<String> KEYS =
      Set.of("healthDeadlineSeconds", "soakSeconds", "checkSeconds", "commit");

  /**
   * Reads the file.
   *
   * @return the defaults when there is no file
   * @throws OperatorError (refused) when it is not understood; nothing is guessed
   */
  public static AgentConfiguration read(Path file) {
    if (!Files.exists(file)) {
      return DEFAULT;
    }
    try {
      return of(Json.readObject(Files.readAllBytes(file)));
    } catch (JsonException | OperatorError e) {
      throw OperatorError.refused(
          "%s is not understood: %s. Correct it; without it no trial is begun or judged."
              .formatted(file, OperatorError.withoutFinalStop(e.getMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AgentConfiguration of(JsonObject object) {
    Set<String> unknown = new TreeSet<>(object.members().keySet());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new JsonException(
          "it has no key %s; the keys are %s"
              .formatted(String.join(", ", unknown), String.join(", ", new TreeSet<>(KEYS))));
    }
    return new AgentConfiguration(
        seconds(object, "healthDeadlineSeconds", DEFAULT.healthDeadline),
        seconds(object, "soakSeconds", DEFAULT.soak),
        seconds(object, "checkSeconds", DEFAULT.checkLimit),
        object.optionalString("commit").map(CommitPolicy::ofWord).orElse(DEFAULT.commit));
  }

  private static Duration seconds(JsonObject object, String key, Duration otherwise) {
    long seconds = object.optionalInteger(key).orElse(otherwise.toSeconds());
    if (seconds < 0) {
      throw new JsonException(key + " is below 0");
    }
    if (seconds > LONGEST.toSeconds()) {
      throw new JsonException(key + " is above %d".formatted(LONGEST.toSeconds()));
    }
    return Duration.ofSeconds(seconds);
  }
}
