package dev.slipway.controller.fleet.engine;

import dev.slipway.release.Proof;
import java.time.Instant;
import java.util.Optional;

/**
 * One host in one rollout.
 *
 * @param host which
 * @param wave its number, from 0
 * @param state where it stands
 * @param since when it came there
 * @param note one sentence for people about the state; may be empty
 * @param way where it goes
 * @param progress how far it has come on that way
 */
public record Member(
    HostId host,
    int wave,
    HostState state,
    Instant since,
    String note,
    Way way,
    Progress progress) {

  /**
   * Where a host is sent.
   *
   * @param direction which way it goes
   * @param from what it ran when the rollout first touched it: where it would be taken back to
   * @param leaving what it ran when it was last sent on its way
   */
  public record Way(Direction direction, Optional<Origin> from, Optional<Origin> leaving) {}

  /**
   * How far a host has come on its way.
   *
   * @param deadline until when it must have come further
   * @param bootIdBefore the boot in which it was last told to switch: success needs another one.
   *     When it is let go after that, the boot in which it was last heard, which it may have left
   *     unheard
   * @param proof of what it was brought to
   * @param failure why it did not get there
   */
  public record Progress(
      Optional<Instant> deadline,
      Optional<String> bootIdBefore,
      Proof proof,
      Optional<Failure> failure) {
    private static Progress begun(Optional<Instant> deadline, Optional<String> bootIdBefore) {
      return new Progress(deadline, bootIdBefore, Proof.NONE, Optional.empty());
    }
  }

  static Member untouched(HostId host, int wave, Instant at) {
    return idle(host, wave, at, Optional.empty(), Optional.empty());
  }

  /**
   * Nothing more is expected of it; where it came from is still where it would be taken back to.
   *
   * @param lastHeard the boot in which it was last heard
   */
  Member letGo(Instant at, Optional<String> lastHeard) {
    return idle(host, wave, at, from(), bootIdBefore().flatMap(before -> lastHeard));
  }

  private static Member idle(
      HostId host, int wave, Instant at, Optional<Origin> from, Optional<String> bootIdBefore) {
    return new Member(
        host,
        wave,
        HostState.IDLE,
        at,
        "",
        new Way(Direction.FORWARD, from, Optional.empty()),
        Progress.begun(Optional.empty(), bootIdBefore));
  }

  /** Which way it goes. */
  public Direction direction() {
    return way.direction();
  }

  /** What it ran when the rollout first touched it. */
  public Optional<Origin> from() {
    return way.from();
  }

  /** What it ran when it was last sent on its way. */
  public Optional<Origin> leaving() {
    return way.leaving();
  }

  /** Until when it must have come further. */
  public Optional<Instant> deadline() {
    return progress.deadline();
  }

  /** The boot in which it was last told to switch, or last heard before it was let go. */
  public Optional<String> bootIdBefore() {
    return progress.bootIdBefore();
  }

  /** The proof of what it was brought to. */
  public Proof proof() {
    return progress.proof();
  }

  /** Why it did not get there. */
  public Optional<Failure> failure() {
    return progress.failure();
  }

  /** Whether it counts against the limits: it failed, and has not proved itself since. */
  public boolean failed() {
    return failure().isPresent();
  }

  /** Whether it was told to switch, and nobody knows yet what came of it. */
  boolean mayBeAway() {
    return state.isSwitching() || state == HostState.LOST;
  }

  /** The digest that it is to show: the plan's, or on the way back what it came from. */
  public String target(Plan plan) {
    return direction() == Direction.FORWARD
        ? plan.digest()
        : from().map(Origin::digest).orElseThrow();
  }

  /** The name of what it is to show. */
  public String targetRelease(Plan plan) {
    return direction() == Direction.FORWARD
        ? plan.release()
        : from().map(Origin::release).orElseThrow();
  }

  Member state(HostState newState, Instant at, String newNote) {
    return new Member(host, wave, newState, at, newNote, way, progress);
  }

  Member sentOn(Direction direction, Origin running, Instant until) {
    var sent = new Way(direction, from().or(() -> Optional.of(running)), Optional.of(running));
    Progress begun = Progress.begun(Optional.of(until), bootIdBefore());
    return new Member(host, wave, state, since, note, sent, begun);
  }

  Member switching(String bootId, Instant until) {
    return progressed(new Progress(Optional.of(until), Optional.of(bootId), proof(), failure()));
  }

  Member until(Optional<Instant> newDeadline) {
    return progressed(new Progress(newDeadline, bootIdBefore(), proof(), failure()));
  }

  Member proved(Proof newProof) {
    return progressed(new Progress(Optional.empty(), bootIdBefore(), newProof, Optional.empty()));
  }

  Member failing(Optional<Failure> newFailure) {
    return progressed(new Progress(Optional.empty(), bootIdBefore(), proof(), newFailure));
  }

  private Member progressed(Progress newProgress) {
    return new Member(host, wave, state, since, note, way, newProgress);
  }
}
