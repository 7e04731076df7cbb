package dev.slipway.controller.identity;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * How a host becomes known: it shows a join token, its public key, and by a signature that it has
 * the private one; it gets a name, an id and a certificate.
 *
 * <p>Repeating a join with the same key and token gives the same host another certificate and uses
 * nothing up, because an answer can get lost. A machine that is known under another key is refused:
 * it may be a copied disk.
 */
public final class Enrolment {
  private static final Pattern MACHINE_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
  private static final int P256_BITS = 256;

  private final Jdbi writer;
  private final JoinTokens tokens;
  private final CertificateAuthority authority;

  public Enrolment(Jdbi writer, JoinTokens tokens, CertificateAuthority authority) {
    this.writer = writer;
    this.tokens = tokens;
    this.authority = authority;
  }

  /**
   * What a host says of itself.
   *
   * @param token the whole text of the join token
   * @param machineId 32 hex digits, as in machine-id(5)
   * @param name its host name; another host of this name gets it a number behind
   * @param key the SubjectPublicKeyInfo of its EC key on P-256, in base64
   * @param proof signature, ECDSA with SHA-256 in DER form, in base64, over {@code
   *     "slipway-enrol\n" + token + "\n" + key}
   */
  public record Request(String token, String machineId, String name, String key, String proof) {}

  /** What a host is told; certificates are PEM. */
  public record Enrolled(UUID hostId, String name, String certificate, String ca) {}

  /** Lets a host join, or says why not. */
  public Enrolled enrol(Request request) {
    required("token", request.token());
    String machineId = required("machineId", request.machineId());
    String name = required("name", request.name()).toLowerCase(Locale.ROOT);
    if (!MACHINE_ID.matcher(machineId).matches()) {
      throw new BadRequestException("machineId has to be 32 of 0-9 and a-f.");
    }
    if (!HOST_NAME.matcher(name).matches()) {
      throw new BadRequestException(
          "The host name '" + name + "' is not possible: use 1 to 63 of a-z, 0-9, '-' and '.'.");
    }
    byte[] encodedKey = base64("key", required("key", request.key()));
    ECPublicKey key = publicKey(encodedKey);
    checkProof(request, key);
    Hosts.Known host =
        writer.inTransaction(handle -> join(handle, request, Secrets.sha256(encodedKey), name));
    return new Enrolled(
        host.id(),
        host.name(),
        CertificateAuthority.pem(authority.issueForHost(host.id(), key)),
        CertificateAuthority.pem(authority.certificate()));
  }

  private Hosts.Known join(Handle handle, Request request, String keySha256, String name) {
    String tokenSha256 = JoinTokens.hashOf(request.token());
    Optional<Hosts.Known> same = Hosts.byKey(handle, keySha256);
    if (same.isPresent() && same.get().tokenSha256().equals(tokenSha256)) {
      return same.get();
    }
    String labels = tokens.use(handle, tokenSha256);
    if (same.isPresent()) {
      return same.get();
    }
    Optional<Hosts.Known> machine = Hosts.byMachine(handle, request.machineId());
    if (machine.isPresent()) {
      throw new ClientErrorException(
          "This machine (machine id "
              + request.machineId()
              + ") has joined before with another key, as the host '"
              + machine.get().name()
              + "'. If its data partition was made anew, take the old host out with 'controller"
              + " host revoke "
              + machine.get().name()
              + "' and join again. If its disk is a copy, give the copy a machine id of its own.",
          Response.Status.CONFLICT);
    }
    Hosts.Known made =
        new Hosts.Known(UUID.randomUUID(), freeName(handle, name), keySha256, tokenSha256);
    Hosts.insert(handle, made, request.machineId(), labels);
    return made;
  }

  /** Disks built from one description start with one host name; people need to tell them apart. */
  private static String freeName(Handle handle, String wanted) {
    String name = wanted;
    for (int number = 2; Hosts.nameIsTaken(handle, name); number++) {
      name = wanted + "-" + number;
    }
    return name;
  }

  private static ECPublicKey publicKey(byte[] encoded) {
    try {
      ECPublicKey key =
          (ECPublicKey)
              KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
      if (key.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
        throw new BadRequestException("The key has to be on the curve P-256.");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new BadRequestException("The key is no SubjectPublicKeyInfo of an EC key.", e);
    }
  }

  private static void checkProof(Request request, ECPublicKey key) {
    byte[] proof = base64("proof", required("proof", request.proof()));
    String signed = "slipway-enrol\n" + request.token() + "\n" + request.key();
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initVerify(key);
      signature.update(signed.getBytes(StandardCharsets.UTF_8));
      if (signature.verify(proof)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new ForbiddenException("The proof is not the signature of this key.", e);
    }
    throw new ForbiddenException("The proof is not the signature of this key.");
  }

  private static byte[] base64(String field, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("The field " + field + " is not base64.", e);
    }
  }

  private static String required(String field, String value) {
    if (value == null || value.isBlank()) {
      throw new BadRequestException("The field " + field + " is missing.");
    }
    return value;
  }
}
