package dev.slipway.controller.osimage;

import dev.slipway.controller.spelling.Suggestion;
import dev.slipway.linux.OperatorError;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which of an image's kernels boots. */
public sealed interface KernelChoice {
  /** The newest that is complete. */
  KernelChoice NEWEST = new Newest();

  /**
   * The one that boots.
   *
   * @param installed versions of all complete kernels, the newest last; none when the image has
   *     none, which its preparation refuses, or when nobody has looked
   * @return empty when that is not known
   * @throws OperatorError when the pinned one is not among them, with those that are
   */
  Optional<String> among(List<String> installed);

  /** Whether one of this version may boot. */
  boolean allows(String version);

  /** See {@link #NEWEST}. */
  record Newest() implements KernelChoice {
    @Override
    public Optional<String> among(List<String> installed) {
      return installed.stream().reduce((older, newer) -> newer);
    }

    @Override
    public boolean allows(String version) {
      return true;
    }
  }

  /**
   * One that an operator named.
   *
   * @param version all of it, as uname -r says it
   * @param place where it was named, to begin a sentence with, such as {@code disk.yml, line 3:
   *     'slots[0].kernel'}
   */
  record Pinned(String version, String place) implements KernelChoice {
    private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9._+~-]{0,63}");

    /** Whether a kernel can have that version. */
    public static boolean isVersion(String text) {
      return VERSION.matcher(text).matches();
    }

    @Override
    public Optional<String> among(List<String> installed) {
      if (!installed.isEmpty() && !installed.contains(version)) {
        throw new OperatorError(
            place
                + " is \""
                + version
                + "\""
                + Suggestion.after(version, installed, "\"")
                + ", but the image has no such kernel with its modules; it has "
                + String.join(", ", installed)
                + ". Name one of them, or none for the newest.");
      }
      return Optional.of(version);
    }

    @Override
    public boolean allows(String other) {
      return other.equals(version);
    }
  }
}
