package dev.slipway.agent.link;

import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * A new certificate for the same key, in time before the old one ends (docs/protocol.md,
 * "Renewal"). Until the new one is stored, the old one is used.
 */
final class Renewal {
  private static final int PARTS_OF_A_LIFE = 3;

  private Renewal() {}

  /** Whether less than a third of the certificate's life is left. */
  static boolean isDue(X509Certificate certificate, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    Duration life = Duration.between(certificate.getNotBefore().toInstant(), end);
    return now.isAfter(end.minus(life.dividedBy(PARTS_OF_A_LIFE)));
  }

  /**
   * Asks for it.
   *
   * @param api of the controller, with the old certificate
   * @throws OperatorError when there is no answer, or what came is for another key or of another
   *     authority
   */
  static Enrolment renewed(ControllerApi api, Enrolment old) throws InterruptedException {
    JsonObject answer = api.post("/agent/v1/renew", JsonObject.EMPTY);
    try {
      X509Certificate certificate = Pem.certificate(answer.string("certificate"));
      certificate.verify(old.authority().getPublicKey());
      if (!certificate.getPublicKey().equals(old.certificate().getPublicKey())) {
        throw new GeneralSecurityException("it is for another key");
      }
      return new Enrolment(
          old.controller(), old.hostId(), old.name(), old.authority(), old.key(), certificate);
    } catch (GeneralSecurityException | JsonException e) {
      throw new OperatorError(
          "The controller at "
              + old.controller()
              + " sent a new certificate that cannot be used: "
              + e.getMessage()
              + ".",
          e);
    }
  }
}
