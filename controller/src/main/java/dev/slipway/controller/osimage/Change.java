package dev.slipway.controller.osimage;

import java.util.Locale;

/**
 * One thing that is not as the image has it.
 *
 * @param path in the slot, absolute
 * @param reason why, as a clause without a full stop
 */
public record Change(Kind kind, String path, String reason) {

  /** What happened to the path. */
  public enum Kind {
    ADDED,
    CHANGED,
    REMOVED
  }

  /** The line for it in {@code /usr/lib/slipway/changes}; control characters are octal there. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT)
        + " "
        + PrintableText.of(path)
        + ": "
        + PrintableText.of(reason);
  }
}
