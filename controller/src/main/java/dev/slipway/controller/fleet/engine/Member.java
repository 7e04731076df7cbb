package dev.slipway.controller.fleet.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * One host in one rollout.
 *
 * @param host which
 * @param wave its number, from 0
 * @param state where it stands
 * @param since when it came there
 * @param direction which way it goes
 * @param from what it ran when the rollout first touched it: where it would be taken back to
 * @param leaving what it ran when it was last sent on its way
 * @param deadline until when it must have come further
 * @param bootIdBefore the boot in which it was told to switch: success needs another one
 * @param proof of what it was brought to
 * @param failure why it did not get there
 * @param note one sentence for people about the state; may be empty
 */
public record Member(
    HostId host,
    int wave,
    HostState state,
    Instant since,
    Direction direction,
    Optional<Origin> from,
    Optional<Origin> leaving,
    Optional<Instant> deadline,
    Optional<String> bootIdBefore,
    Proof proof,
    Optional<Failure> failure,
    String note) {

  static Member untouched(HostId host, int wave, Instant at) {
    return new Member(
        host,
        wave,
        HostState.IDLE,
        at,
        Direction.FORWARD,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Proof.NONE,
        Optional.empty(),
        "");
  }

  /** Whether it counts against the limits: it failed, and has not proved itself since. */
  public boolean failed() {
    return failure.isPresent();
  }

  /** The digest that it is to show: the plan's, or on the way back what it came from. */
  public String target(Plan plan) {
    return direction == Direction.FORWARD ? plan.digest() : from.map(Origin::digest).orElseThrow();
  }

  /** The name of what it is to show. */
  public String targetRelease(Plan plan) {
    return direction == Direction.FORWARD
        ? plan.release()
        : from.map(Origin::release).orElseThrow();
  }

  Member state(HostState newState, Instant at, String newNote) {
    return new Member(
        host,
        wave,
        newState,
        at,
        direction,
        from,
        leaving,
        deadline,
        bootIdBefore,
        proof,
        failure,
        newNote);
  }

  Member sentOn(Direction way, Origin running, Instant until) {
    return new Member(
        host,
        wave,
        state,
        since,
        way,
        from.or(() -> Optional.of(running)),
        Optional.of(running),
        Optional.of(until),
        Optional.empty(),
        Proof.NONE,
        Optional.empty(),
        note);
  }

  Member switching(String bootId, Instant until) {
    return new Member(
        host,
        wave,
        state,
        since,
        direction,
        from,
        leaving,
        Optional.of(until),
        Optional.of(bootId),
        proof,
        failure,
        note);
  }

  Member until(Optional<Instant> newDeadline) {
    return new Member(
        host,
        wave,
        state,
        since,
        direction,
        from,
        leaving,
        newDeadline,
        bootIdBefore,
        proof,
        failure,
        note);
  }

  Member proved(Proof newProof) {
    return new Member(
        host,
        wave,
        state,
        since,
        direction,
        from,
        leaving,
        Optional.empty(),
        bootIdBefore,
        newProof,
        Optional.empty(),
        note);
  }

  Member failing(Optional<Failure> newFailure) {
    return new Member(
        host,
        wave,
        state,
        since,
        direction,
        from,
        leaving,
        Optional.empty(),
        bootIdBefore,
        proof,
        newFailure,
        note);
  }
}
