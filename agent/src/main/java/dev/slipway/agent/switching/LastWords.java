package dev.slipway.agent.switching;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Why a trial ended where no agent was there to say so: what its initrd or its deadline wrote down
 * just before it rebooted the host. The file is one line, {@code TRANSACTION REASON}, and is
 * overwritten by the next.
 *
 * @param transaction the switch
 * @param reason {@code trial-no-root} or {@code trial-deadline}
 */
public record LastWords(String transaction, String reason) {
  private static final Set<String> REASONS = Set.of(Reason.TRIAL_NO_ROOT, Reason.TRIAL_DEADLINE);

  /** Reads the file; empty when there is none or it is not understood: it only explains. */
  public static Optional<LastWords> read(Path file) {
    try {
      String[] words = Files.exists(file) ? Files.readString(file).split("\\s+") : new String[0];
      return words.length == 2 && REASONS.contains(words[1])
          ? Optional.of(new LastWords(words[0], words[1]))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
