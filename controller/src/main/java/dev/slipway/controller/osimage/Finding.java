package dev.slipway.controller.osimage;

import java.util.Locale;

/**
 * What one check found in an image.
 *
 * @param check its name
 * @param text a full sentence, or a {@link Change} with its reason
 */
public record Finding(String check, Kind kind, String text) {
  public Finding {
    text = PrintableText.of(text);
  }

  /** The line that tells a note, for output that is about more than one image. */
  public String noteOn(String subject) {
    return "Note on " + subject + " (" + check + "): " + text;
  }

  /** Whether an image with it is refused. */
  public boolean prevents(CheckChoice choice) {
    return kind == Kind.FATAL || (kind == Kind.MENDED && !choice.mending());
  }

  /** What it takes. */
  public enum Kind {
    /** The image does not boot, and only its author can change that. */
    FATAL,
    /** It is mended whenever the image is prepared. */
    MENDED,
    /** It stays as it is and is worth knowing. */
    NOTE;

    /** As it is printed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
