package dev.slipway.boot;

import java.util.Locale;
import java.util.Optional;

/** What kind of boot this is, as {@code slipway.mode=} on the kernel command line says it. */
public enum BootMode {
  /** GRUB booted the default slot, with no trial pending. */
  COMMITTED,
  /** The agent jumped here by kexec; GRUB knows nothing of it and never writes this mode. */
  WARMTRIAL,
  /** GRUB booted the slot on trial and has counted one try down. */
  COLDTRIAL,
  /** The trial was given up and this is the slot before it; {@code slipway.why=} says why. */
  ROLLEDBACK,
  /** GRUB could not write its count, so it did not start the trial and booted the default slot. */
  SAVEERR,
  /** Neither copy of the boot environment was valid; this is the first slot that could be read. */
  ENVBAD;

  /** Finds the mode written as on the command line, in small letters. */
  public static Optional<BootMode> of(String token) {
    for (BootMode mode : values()) {
      if (mode.token().equals(token)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /** As written on the command line. */
  public String token() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the running system still has to prove itself. */
  public boolean isTrial() {
    return this == WARMTRIAL || this == COLDTRIAL;
  }
}
