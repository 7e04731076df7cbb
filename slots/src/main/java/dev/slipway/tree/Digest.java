package dev.slipway.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest, written {@code sha256:} and 64 lower-case hexadecimal digits as in the OCI
 * image specification. It stands here rather than beside images because a tree's manifest has
 * digests too.
 *
 * @param hex the 64 digits
 */
public record Digest(String hex) implements Comparable<Digest> {
  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 128 * 1024;

  /** Checks the digits. */
  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not 64 lower-case hexadecimal digits: " + hex);
    }
  }

  /**
   * Reads {@code sha256:...}.
   *
   * @throws TreeException when it is something else, such as sha512
   */
  public static Digest parse(String text) {
    if (!text.startsWith(PREFIX) || !HEX.matcher(text.substring(PREFIX.length())).matches()) {
      throw new TreeException(
          "\""
              + text
              + "\" is not a digest that Slipway can check; it takes sha256: and 64 hexadecimal digits.");
    }
    return new Digest(text.substring(PREFIX.length()));
  }

  /** The digest of these bytes. */
  public static Digest of(byte[] bytes) {
    return ofRaw(sha256().digest(bytes));
  }

  /** The digest of everything that the stream still has. The stream stays open. */
  public static Digest of(InputStream stream) {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER];
    try {
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        sha256.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return finish(sha256);
  }

  /** A fresh SHA-256. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** The digest of what was put into this SHA-256, which is reset. */
  public static Digest finish(MessageDigest sha256) {
    return ofRaw(sha256.digest());
  }

  private static Digest ofRaw(byte[] raw) {
    return new Digest(HexFormat.of().formatHex(raw));
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  /** With the prefix. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
