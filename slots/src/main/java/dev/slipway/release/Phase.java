package dev.slipway.release;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a host stands between one release and the next, as its agent tells the controller
 * (docs/protocol.md).
 */
public enum Phase {
  /** Nothing is under way, and nothing has happened that is still to be told. */
  IDLE,
  /** A slot is being written or read back. */
  STAGING,
  /** A verified slot waits to be switched to. */
  STAGED,
  /** A switch has been ordered and this boot is ending. */
  SWITCHING,
  /** The new OS runs and is being judged. */
  CHECKING,
  /** The running slot passed its checks; {@link Proof} says which. */
  GOOD,
  /** Staging or switching ended without the slot being tried. */
  FAILED,
  /** The new OS was left again. */
  ROLLEDBACK;

  /** The word in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The phase that a word stands for, if it is one. */
  public static Optional<Phase> of(String word) {
    return Arrays.stream(values()).filter(phase -> phase.word().equals(word)).findFirst();
  }
}
