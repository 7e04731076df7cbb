package dev.slipway.controller.goldendisk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/**
 * A public SSH key as a .pub file and authorized_keys have it: type, base64 and a comment
 * (sshd(8)).
 *
 * @param line with no blanks around it
 */
record PublicKeyLine(String line) {
  private static final Set<String> TYPES =
      Set.of(
          "ssh-ed25519",
          "ssh-rsa",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "sk-ssh-ed25519@openssh.com",
          "sk-ecdsa-sha2-nistp256@openssh.com");

  /** Whether it belongs to nobody but its owner. */
  boolean isPrivate() {
    return line.contains("PRIVATE KEY");
  }

  /** Whether it is one line with a whole key of a type that sshd knows. */
  boolean isWhole() {
    String[] parts = line.split(" +", 3);
    return line.chars().noneMatch(c -> c < ' ')
        && parts.length >= 2
        && TYPES.contains(parts[0])
        && blobNames(parts[1], parts[0]);
  }

  /**
   * Whether a key's base64 is whole and of the type that stands before it (RFC 4253, section 6.6).
   */
  private static boolean blobNames(String base64, String type) {
    try {
      ByteBuffer blob = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
      byte[] expected = type.getBytes(StandardCharsets.US_ASCII);
      if (blob.remaining() < 4 + expected.length + 4 || blob.getInt() != expected.length) {
        return false;
      }
      byte[] named = new byte[expected.length];
      blob.get(named);
      if (!Arrays.equals(named, expected)) {
        return false;
      }
      while (blob.remaining() >= 4) {
        int length = blob.getInt();
        if (length < 0 || length > blob.remaining()) {
          return false;
        }
        blob.position(blob.position() + length);
      }
      // Ends on a field's end, else a part of the line got lost in copying. FIDO keys have all
      // their fields as strings too.
      return !blob.hasRemaining();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
