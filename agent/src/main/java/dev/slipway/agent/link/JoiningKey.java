package dev.slipway.agent.link;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * The key that this host tries to join with: {@code joining.json}, beside the enrolment that still
 * holds, from the first attempt until one succeeds. A join whose answer got lost is repeated with
 * it, and gives the same host.
 *
 * @param token digest of the join token it was made for
 * @param open its public half, kept too because Java cannot work it out again
 */
record JoiningKey(Digest token, PrivateKey secret, PublicKey open) {
  static final String FILE = "joining.json";

  /**
   * The key of an earlier attempt, or a new one, which is kept.
   *
   * @param anew whether to keep to an earlier attempt only if it was made with the same token
   * @throws OperatorError when the key that was kept is damaged, and not to be made anew
   */
  static JoiningKey readOrMake(PrivateDirectory files, JoinToken token, boolean anew) {
    Digest wanted = Digest.of(token.text().getBytes(StandardCharsets.UTF_8));
    try {
      Optional<JoiningKey> kept = files.read(FILE).map(JoiningKey::parse);
      if (kept.isPresent() && (!anew || kept.get().token().equals(wanted))) {
        return kept.get();
      }
    } catch (JsonException | IllegalArgumentException e) {
      if (!anew) {
        throw new OperatorError(
            "The key of this host in "
                + files.path().resolve(FILE)
                + " is damaged. Make another one with 'agent join --anew'.",
            e);
      }
    }
    JoiningKey made = make(wanted);
    files.write(FILE, made.text());
    return made;
  }

  private static JoiningKey make(Digest token) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new JoiningKey(token, pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JoiningKey parse(String text) {
    JsonObject json = Json.readObject(text);
    try {
      byte[] open = Base64.getDecoder().decode(json.string("public"));
      return new JoiningKey(
          new Digest(json.string("token")),
          Pem.privateKey(json.string("key")),
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(open)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private String text() {
    return JsonObject.EMPTY
        .with("token", token.hex())
        .with("public", openInBase64())
        .with("key", Pem.write(secret))
        .writePretty();
  }

  /** The public half as SubjectPublicKeyInfo. */
  String openInBase64() {
    return Base64.getEncoder().encodeToString(open.getEncoded());
  }

  /** The signature over this text, in base64. */
  String sign(String text) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(secret);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "JoiningKey";
  }
}
