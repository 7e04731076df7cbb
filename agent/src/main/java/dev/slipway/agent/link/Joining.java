package dev.slipway.agent.link;

import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Becoming a host of a controller (docs/protocol.md, "Enrolment"). The key is made here and never
 * leaves. An enrolment that was there before holds until the new one is complete.
 */
public final class Joining {
  private final PrivateDirectory files;
  private final String machineId;
  private final String hostname;

  /**
   * @param directory {@code agent} on the data partition
   * @param machineId as in machine-id(5)
   * @param hostname what the host calls itself; the controller may add a number
   */
  public Joining(Path directory, String machineId, String hostname) {
    this.files = new PrivateDirectory(directory);
    this.machineId = machineId;
    this.hostname = hostname;
  }

  /**
   * Joins.
   *
   * @param url of the controller
   * @param tokenText as {@code controller token create} printed it
   * @param anew whether to leave a controller that was joined before, and make another key
   * @throws OperatorError when the controller cannot be reached, is another one than the token
   *     names, or refuses; and (refused) when this host has joined already. Then everything is as
   *     it was.
   */
  public Enrolment join(String url, String tokenText, boolean anew) throws InterruptedException {
    URI controller = ControllerApi.address(url);
    JoinToken token = JoinToken.parse(tokenText);
    if (!anew) {
      refuseWhenJoined();
    }
    JoiningKey key = JoiningKey.readOrMake(files, token, anew);
    JsonObject answer =
        new ControllerApi(controller, Tls.pinned(token.authorityFingerprint()))
            .post("/agent/v1/enrol", request(token, key));
    Enrolment enrolment = enrolment(controller, token, key, answer);
    enrolment.write(files.path());
    files.delete(JoiningKey.FILE);
    return enrolment;
  }

  private void refuseWhenJoined() {
    Optional<Enrolment> joined = Enrolment.read(files.path());
    if (joined.isPresent()) {
      throw OperatorError.refused(
          "This host has joined "
              + joined.get().controller()
              + " already, as "
              + joined.get().name()
              + ". To leave that controller and join this one, use 'agent join --anew'.");
    }
  }

  private JsonObject request(JoinToken token, JoiningKey key) {
    String open = key.openInBase64();
    return JsonObject.EMPTY
        .with("token", token.text())
        .with("machineId", machineId)
        .with("name", hostname)
        .with("key", open)
        .with("proof", key.sign("slipway-enrol\n" + token.text() + "\n" + open));
  }

  private static Enrolment enrolment(
      URI controller, JoinToken token, JoiningKey key, JsonObject answer) {
    try {
      X509Certificate own = Pem.certificate(answer.string("certificate"));
      X509Certificate authority = Pem.certificate(answer.string("ca"));
      own.verify(authority.getPublicKey());
      if (!Fingerprint.of(authority).equals(token.authorityFingerprint())
          || !own.getPublicKey().equals(key.open())) {
        throw new GeneralSecurityException("it is of another authority or for another key");
      }
      return new Enrolment(
          controller, answer.string("hostId"), answer.string("name"), authority, key.secret(), own);
    } catch (GeneralSecurityException | JsonException e) {
      throw new OperatorError(
          "The controller at "
              + controller
              + " sent a certificate that cannot be used: "
              + e.getMessage()
              + ".",
          e);
    }
  }
}
