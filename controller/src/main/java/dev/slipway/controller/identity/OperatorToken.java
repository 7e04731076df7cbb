package dev.slipway.controller.identity;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * The password of the user {@code operator}: one file in the controller's data directory, which
 * only its owner may read. To change it, delete the file and start the server again.
 *
 * @param text the token
 */
public record OperatorToken(String text) {
  /** The file's name in the data directory. */
  public static final String FILE = "operator.token";

  /** Reads the token; the server makes one at its first start. */
  public static OperatorToken openOrCreate(Path dataDirectory) {
    Path file = dataDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      SecretFile.write(file, Secrets.random() + "\n");
    }
    return read(dataDirectory);
  }

  /**
   * Reads the token.
   *
   * @throws OperatorError when there is none yet, or this user may not read it
   */
  public static OperatorToken read(Path dataDirectory) {
    Path file = dataDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      throw new OperatorError(
          "There is no " + file + ": the controller makes it when its server starts first.");
    }
    if (!Files.isReadable(file)) {
      throw new OperatorError(
          file + " may not be read by this user: run the command as the user of the server.");
    }
    try {
      return new OperatorToken(Files.readString(file, StandardCharsets.US_ASCII).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Whether somebody who says this knows the token; takes as long for any wrong one. */
  boolean is(String said) {
    return MessageDigest.isEqual(
        text.getBytes(StandardCharsets.UTF_8), said.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "OperatorToken";
  }
}
