package dev.slipway.agent.link;

import dev.slipway.linux.OperatorError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code controller token create} printed: a secret, a dot, and the SHA-256 of the certificate
 * of the controller's authority.
 */
record JoinToken(String text, String authorityFingerprint) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{20,100}\\.([0-9a-f]{64})");

  static JoinToken parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new OperatorError(
          "This is not a join token. Copy all of what 'controller token create' printed: a secret,"
              + " a dot and 64 hexadecimal digits.");
    }
    return new JoinToken(text.strip(), matcher.group(1));
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "JoinToken";
  }
}
