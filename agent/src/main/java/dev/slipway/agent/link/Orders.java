package dev.slipway.agent.link;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The last order of the controller and how far it was followed: {@code state.json}. It outlives
 * reboots, so that the next OS knows what this one was told, and no order is followed twice.
 *
 * <p>It belongs to one enrolment: another controller, or the same one after joining anew, counts
 * its generations afresh.
 */
final class Orders {
  static final String FILE = "state.json";

  private final PrivateDirectory files;
  private final Enrolment enrolment;
  private Order order;
  private Optional<Attempt> attempt;

  /**
   * What this host should run.
   *
   * @param generation of the order; never falls
   * @param want {@code idle}, {@code stage} or {@code switch}
   * @param digest of the release's manifest; empty with idle
   * @param release NAME:VERSION
   * @param commit a commit policy's word
   */
  record Order(long generation, String want, String digest, String release, String commit) {
    static final Order NONE = new Order(0, "idle", "", "", "next-natural");
  }

  /**
   * That the order was begun.
   *
   * @param phase {@code stage} or {@code switch}
   * @param transactionBefore the host's newest switch at that time; empty when there was none
   * @param failure why it did not work; empty while nothing speaks against it
   */
  record Attempt(String phase, String transactionBefore, Optional<String> failure) {
    /**
     * Whether it got as far as the journal, which explains the rest. Until then, and that takes
     * seconds in which the slot is looked at, the journal's newest switch is an earlier order's.
     */
    boolean wasJournaled(String newestTransaction) {
      return !transactionBefore.equals(newestTransaction);
    }

    Attempt failed(String reason) {
      return new Attempt(phase, transactionBefore, Optional.of(reason));
    }
  }

  private Orders(
      PrivateDirectory files, Enrolment enrolment, Order order, Optional<Attempt> attempt) {
    this.files = files;
    this.enrolment = enrolment;
    this.order = order;
    this.attempt = attempt;
  }

  /**
   * What is known from before. A damaged file, and one of another enrolment, count as none: the
   * controller will say it again.
   */
  static Orders read(Path directory, Enrolment enrolment) {
    PrivateDirectory files = new PrivateDirectory(directory);
    Optional<String> text = files.read(FILE);
    if (text.isPresent()) {
      try {
        JsonObject json = Json.readObject(text.get());
        if (json.string("hostId").equals(enrolment.hostId())) {
          return new Orders(
              files, enrolment, order(json), json.optionalObject("attempt").map(Orders::attempt));
        }
      } catch (JsonException e) {
        System.err.println(
            "What the controller last asked for is lost (" + e.getMessage() + "); asking again.");
      }
    }
    return new Orders(files, enrolment, Order.NONE, Optional.empty());
  }

  synchronized Order order() {
    return order;
  }

  synchronized Optional<Attempt> attempt() {
    return attempt;
  }

  /**
   * Takes a new order.
   *
   * @return whether it was taken: one of an earlier generation never is, and of the same generation
   *     there is only one
   */
  synchronized boolean take(Order next) {
    if (next.generation() < order.generation()) {
      return false;
    }
    if (!next.equals(order)) {
      if (next.generation() > order.generation()) {
        attempt = Optional.empty();
      }
      order = next;
      write();
    }
    return true;
  }

  /** Notes that following the order of that generation has begun or failed. */
  synchronized void attempted(long generation, Attempt made) {
    if (generation == order.generation()) {
      attempt = Optional.of(made);
      write();
    }
  }

  static Order order(JsonObject json) {
    return new Order(
        json.integer("generation"),
        json.string("want"),
        json.optionalString("digest").orElse(""),
        json.optionalString("release").orElse(""),
        json.optionalString("commit").orElse("next-natural"));
  }

  private static Attempt attempt(JsonObject json) {
    return new Attempt(
        json.string("phase"), json.string("transactionBefore"), json.optionalString("failure"));
  }

  private void write() {
    if (!enrolment.holdsIn(files.path())) {
      // The host has joined anew; what this enrolment was told is nobody's business any more.
      return;
    }
    JsonObject json =
        JsonObject.EMPTY
            .with("hostId", enrolment.hostId())
            .with("generation", order.generation())
            .with("want", order.want())
            .with("digest", order.digest())
            .with("release", order.release())
            .with("commit", order.commit());
    if (attempt.isPresent()) {
      json =
          json.with(
              "attempt",
              JsonObject.EMPTY
                  .with("phase", attempt.get().phase())
                  .with("transactionBefore", attempt.get().transactionBefore())
                  .withOptional("failure", attempt.get().failure()));
    }
    files.write(FILE, json.writePretty());
  }
}
