package dev.slipway.agent.link;

import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * Becoming a host of a controller (docs/protocol.md, "Enrolment"). The key is made here and never
 * leaves; it is kept from the first attempt on, so that repeating a join whose answer got lost
 * gives the same host.
 */
public final class Joining {
  /** The public half of {@link Enrolment#KEY}, because Java cannot work it out again. */
  private static final String PUBLIC_KEY = "host.pub";

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
   * @param anew whether to forget a controller that was joined before, with the key
   * @throws OperatorError when the controller cannot be reached, is another one than the token
   *     names, or refuses; and (refused) when this host has joined already
   */
  public Enrolment join(String url, String tokenText, boolean anew) throws InterruptedException {
    URI controller = ControllerApi.address(url);
    JoinToken token = JoinToken.parse(tokenText);
    if (anew) {
      forget();
    } else {
      refuseWhenJoined();
    }
    KeyPair pair = keyPair();
    JsonObject answer =
        new ControllerApi(controller, Tls.pinned(token.authorityFingerprint()))
            .post("/agent/v1/enrol", request(token, pair));
    keep(controller, token, pair.getPublic(), answer);
    return Enrolment.read(files.path()).orElseThrow();
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

  /** Also what that controller asked for: another counts its generations anew. */
  private void forget() {
    for (String name :
        new String[] {
          Enrolment.CERTIFICATE,
          Enrolment.CONTROLLER,
          Enrolment.AUTHORITY,
          Orders.FILE,
          Enrolment.KEY,
          PUBLIC_KEY
        }) {
      files.delete(name);
    }
  }

  private KeyPair keyPair() {
    try {
      Optional<String> key = files.read(Enrolment.KEY);
      Optional<String> pub = files.read(PUBLIC_KEY);
      if (key.isPresent() && pub.isPresent()) {
        byte[] encoded = Base64.getDecoder().decode(pub.get().strip());
        return new KeyPair(
            KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded)),
            Pem.privateKey(key.get()));
      }
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair made = generator.generateKeyPair();
      files.write(Enrolment.KEY, Pem.write(made.getPrivate()));
      files.write(PUBLIC_KEY, base64(made.getPublic().getEncoded()) + "\n");
      return made;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new OperatorError(
          "The key of this host in "
              + files.path()
              + " is damaged. Make another one with 'agent join --anew'.",
          e);
    }
  }

  private JsonObject request(JoinToken token, KeyPair pair) {
    String key = base64(pair.getPublic().getEncoded());
    return JsonObject.EMPTY
        .with("token", token.text())
        .with("machineId", machineId)
        .with("name", hostname)
        .with("key", key)
        .with("proof", proof("slipway-enrol\n" + token.text() + "\n" + key, pair.getPrivate()));
  }

  private static String proof(String text, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void keep(URI controller, JoinToken token, PublicKey key, JsonObject answer) {
    try {
      String authority = answer.string("ca");
      String certificate = answer.string("certificate");
      X509Certificate own = Pem.certificate(certificate);
      X509Certificate ca = Pem.certificate(authority);
      own.verify(ca.getPublicKey());
      if (!Fingerprint.of(ca).equals(token.authorityFingerprint())
          || !own.getPublicKey().equals(key)) {
        throw new GeneralSecurityException("it is of another authority or for another key");
      }
      files.write(Enrolment.AUTHORITY, authority);
      files.write(
          Enrolment.CONTROLLER,
          JsonObject.EMPTY
              .with("url", controller.toString())
              .with("hostId", answer.string("hostId"))
              .with("name", answer.string("name"))
              .writePretty());
      files.write(Enrolment.CERTIFICATE, certificate);
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

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
