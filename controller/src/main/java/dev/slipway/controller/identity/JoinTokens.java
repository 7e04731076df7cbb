package dev.slipway.controller.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.linux.OperatorError;
import jakarta.ws.rs.ForbiddenException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What lets a host join: a secret that is shown once, and kept here only as its SHA-256, with how
 * often and until when it may be used and the labels that it gives to hosts.
 *
 * <p>The text is {@code SECRET.FINGERPRINT}. The second half is the SHA-256 of the authority's
 * certificate: with it, a host knows the controller before it has ever talked to it.
 */
public final class JoinTokens {
  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");
  private static final int MOST_USES = 1_000_000;
  private static final Duration LONGEST = Duration.ofDays(366);

  private final Jdbi writer;
  private final String authorityFingerprint;
  private final ObjectMapper json;
  private final Clock clock;

  public JoinTokens(Jdbi writer, String authorityFingerprint, ObjectMapper json, Clock clock) {
    this.writer = writer;
    this.authorityFingerprint = authorityFingerprint;
    this.json = json;
    this.clock = clock;
  }

  /**
   * A new token.
   *
   * @param labels what every host gets that joins with it
   * @param uses how many hosts may join with it, at least 1
   * @param life how long it can be used
   * @return the text to hand to {@code agent join}; it cannot be asked for again
   */
  public String create(Map<String, String> labels, int uses, Duration life) {
    if (uses < 1 || uses > MOST_USES) {
      throw new OperatorError(
          "A join token can be used 1 to " + MOST_USES + " times, not " + uses + ".");
    }
    if (life.isNegative() || life.isZero() || life.compareTo(LONGEST) > 0) {
      throw new OperatorError(
          "A join token lives for at least a second and at most " + LONGEST.toDays() + " days.");
    }
    labels.forEach(JoinTokens::check);
    String secret = Secrets.random();
    Instant now = clock.instant();
    writer.useTransaction(
        handle ->
            handle
                .createUpdate(
                    "insert into join_token (sha256, labels_json, uses_left, created_at,"
                        + " expires_at) values (:sha256, :labels, :uses, :now, :expires)")
                .bind("sha256", Secrets.sha256(secret))
                .bind("labels", write(labels))
                .bind("uses", uses)
                .bind("now", now.getEpochSecond())
                .bind("expires", now.plus(life).getEpochSecond())
                .execute());
    return secret + "." + authorityFingerprint;
  }

  /** The secret half of a token's text, as it is kept. */
  static String hashOf(String token) {
    int dot = token.indexOf('.');
    return Secrets.sha256(dot < 0 ? token : token.substring(0, dot));
  }

  /**
   * Uses a token once.
   *
   * @return the labels it gives, as JSON
   * @throws ForbiddenException when it is unknown, expired or used up
   */
  String use(Handle handle, String sha256) {
    Token token =
        handle
            .createQuery(
                "select labels_json, uses_left, expires_at from join_token where sha256 = :sha256")
            .bind("sha256", sha256)
            .map(
                (row, context) ->
                    new Token(
                        row.getString("labels_json"),
                        row.getInt("uses_left"),
                        Instant.ofEpochSecond(row.getLong("expires_at"))))
            .findOne()
            .orElseThrow(
                () ->
                    new ForbiddenException(
                        "The controller does not know this join token. Make one with 'controller"
                            + " token create' and copy all of it."));
    if (!clock.instant().isBefore(token.expires())) {
      throw new ForbiddenException(
          "This join token expired at "
              + token.expires()
              + ". Make a new one with 'controller token create'.");
    }
    if (token.usesLeft() == 0) {
      throw new ForbiddenException(
          "This join token has been used as often as it may be. Make a new one with 'controller"
              + " token create', with --uses for several hosts.");
    }
    handle
        .createUpdate("update join_token set uses_left = uses_left - 1 where sha256 = :sha256")
        .bind("sha256", sha256)
        .execute();
    return token.labelsJson();
  }

  private record Token(String labelsJson, int usesLeft, Instant expires) {}

  private static void check(String key, String value) {
    for (String part : new String[] {key, value}) {
      if (!LABEL.matcher(part).matches()) {
        throw new OperatorError(
            "The label '"
                + key
                + "="
                + value
                + "' is not possible: keys and values are 1 to 63 of letters, digits, '.', '_',"
                + " '/' and '-', and begin and end with a letter or digit.");
      }
    }
  }

  private String write(Map<String, String> labels) {
    try {
      return json.writeValueAsString(new TreeMap<>(labels));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
