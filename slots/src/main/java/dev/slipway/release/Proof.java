package dev.slipway.release;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far the OS that a host runs has proved itself there; in rising order. */
public enum Proof {
  /** Not at all. */
  NONE,
  /** It passed its checks after a kexec. */
  WARM,
  /** It passed its checks after a boot through the firmware, or was the default from the start. */
  COLD;

  /** The word in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The proof that a word stands for, if it is one. */
  public static Optional<Proof> of(String word) {
    return Arrays.stream(values()).filter(proof -> proof.word().equals(word)).findFirst();
  }
}
