package dev.slipway.controller.source.engine;

import java.util.regex.Pattern;

/** What only BuildKit understands of a Dockerfile, and engines refuse that build without it. */
final class BuildKitSyntax {
  /** Docker names it for some options; for all else it and Podman only say what they don't know. */
  private static final Pattern NAMED = Pattern.compile("(?i)\\brequires BuildKit\\b");

  /** The last one is Podman's, which looks for a file of a here-document's name. */
  private static final Pattern NOT_UNDERSTOOD =
      Pattern.compile("(?i)unknown (?:instruction|flag)|only supports the --|\"/<<");

  private static final Pattern IN_DOCKERFILE =
      Pattern.compile(
          "(?im)^[ \\t]*(?:"
              + "#[ \\t]*syntax[ \\t]*="
              + "|(?:RUN|COPY|ADD)[ \\t]+(?:--\\S+[ \\t]+)*"
              + "--(?:mount|network|security|link|chmod|checksum|exclude|parents|keep-git-dir)\\b"
              // The word may stand behind others and in a later line of the instruction.
              + "|[^#\\s].*[ \\t][0-9]*<<-?[\"']?[a-z_]"
              + ")");

  private BuildKitSyntax() {}

  /**
   * Whether an engine refused a Dockerfile because it is written for BuildKit.
   *
   * @param refusal the engine's words
   */
  static boolean isRefused(String refusal, String dockerfile) {
    return NAMED.matcher(refusal).find()
        || (NOT_UNDERSTOOD.matcher(refusal).find() && IN_DOCKERFILE.matcher(dockerfile).find());
  }
}
