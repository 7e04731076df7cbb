package dev.slipway.agent.switching;

import dev.slipway.linux.OperatorError;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * When a slot that is healthy after a warm switch gets its cold proof, and so becomes the default.
 */
public enum CommitPolicy {
  /** At the next boot through the firmware, whenever that comes. The host is not interrupted. */
  NEXT_NATURAL("next-natural"),
  /** At once: the host boots through the firmware right after the warm checks. */
  IMMEDIATE("immediate"),
  /** Never: the warm proof is enough, and the slot is the default right away. */
  TRUST("trust");

  private final String word;

  CommitPolicy(String word) {
    this.word = word;
  }

  /** The word used on the command line, in agent.conf and in the fleet protocol. */
  public String word() {
    return word;
  }

  /** The policy of that word, or an error which lists the words there are. */
  public static CommitPolicy ofWord(String word) {
    return Arrays.stream(values())
        .filter(policy -> policy.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new OperatorError(
                    "There is no commit policy \"%s\"; the policies are %s."
                        .formatted(
                            word,
                            Arrays.stream(values())
                                .map(CommitPolicy::word)
                                .collect(Collectors.joining(", ")))));
  }
}
