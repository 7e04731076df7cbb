package dev.slipway.controller.identity;

import dev.slipway.linux.OperatorError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * The controller's own certificate authority: {@code ca.key} (0600) and {@code ca.crt} in its data
 * directory, made at the first start. It signs the server's certificate and those of hosts, all on
 * the curve P-256.
 *
 * <p>Whoever has {@code ca.key} can be any host and can be the controller. Losing it means that
 * every host has to join again.
 */
public final class CertificateAuthority {
  /** The file in the data directory that holds the authority's certificate, as PEM. */
  public static final String CERTIFICATE_FILE = "ca.crt";

  private static final String KEY_FILE = "ca.key";
  private static final String SIGNATURE = "SHA256withECDSA";

  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  private static final Duration SERVER_LIFE = Duration.ofDays(825);
  private static final Duration HOST_LIFE = Duration.ofDays(90);

  /** Certificates begin a little in the past, for hosts whose clocks are slow. */
  private static final Duration BACK_DATED = Duration.ofHours(1);

  /** Of a URI in a host's certificate: {@code urn:uuid:} and the host's id. */
  private static final String HOST_URI = "urn:uuid:";

  private static final int SUBJECT_ALTERNATIVE_URI = 6;

  /** RFC 1123, so without underscores: a URI with one names no host (RFC 2396, and Java's URI). */
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

  private final PrivateKey key;
  private final X509Certificate certificate;

  private CertificateAuthority(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /** Reads the authority from the data directory, or makes a new one there. */
  public static CertificateAuthority openOrCreate(Path dataDirectory) {
    Path keyFile = dataDirectory.resolve(KEY_FILE);
    Path certificateFile = dataDirectory.resolve(CERTIFICATE_FILE);
    try {
      if (!Files.exists(certificateFile)) {
        // The certificate is written last: without it, hosts cannot have joined.
        create(keyFile, certificateFile);
      }
      return new CertificateAuthority(readKey(keyFile), readCertificate(certificateFile));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new OperatorError(
          "The controller's certificate authority in "
              + dataDirectory
              + " cannot be used ("
              + e.getMessage()
              + "): bring "
              + KEY_FILE
              + " and "
              + CERTIFICATE_FILE
              + " back from a backup. If both are lost, delete them; every host then has to join"
              + " again.",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the certificate authority: " + e.getMessage(), e);
    }
  }

  /** Reads only the certificate, for a command that talks to the server. */
  public static X509Certificate readCertificate(Path file) {
    try {
      return certificate(Files.readAllBytes(file));
    } catch (IOException | GeneralSecurityException e) {
      throw new OperatorError(
          "Cannot read the controller's certificate "
              + file
              + " ("
              + e.getMessage()
              + "): the server makes it when it starts first.",
          e);
    }
  }

  /** The authority's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** SHA-256 of the certificate's DER form, in hex: what join tokens carry. */
  public String fingerprint() {
    try {
      return Secrets.sha256(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A certificate as PEM. */
  public static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key store with the authority alone in it, against which peers' certificates are checked. */
  public KeyStore trusted() {
    try {
      KeyStore store = emptyKeyStore();
      store.setCertificateEntry("ca", certificate);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A fresh key and certificate for the server. They are made at every start and never touch the
   * disk: clients know the authority, not them.
   *
   * @param hostnames DNS names and IP addresses that clients use
   * @param password protects the key inside the returned key store
   */
  public KeyStore serverIdentity(List<String> hostnames, String password) {
    try {
      KeyPair pair = newKeyPair();
      GeneralName[] names =
          hostnames.stream()
              .map(
                  name ->
                      new GeneralName(
                          isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
              .toArray(GeneralName[]::new);
      X509Certificate issued =
          issue(
              "CN=Slipway controller",
              pair.getPublic(),
              SERVER_LIFE,
              new GeneralNames(names),
              KeyPurposeId.id_kp_serverAuth);
      KeyStore store = emptyKeyStore();
      store.setKeyEntry(
          "server",
          pair.getPrivate(),
          password.toCharArray(),
          new Certificate[] {issued, certificate});
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot make the server's certificate.", e);
    }
  }

  /** A certificate for 90 days that says: who has this key is this host. */
  public X509Certificate issueForHost(UUID hostId, PublicKey hostKey) {
    GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, HOST_URI + hostId);
    try {
      return issue(
          "CN=" + hostId,
          hostKey,
          HOST_LIFE,
          new GeneralNames(name),
          KeyPurposeId.id_kp_clientAuth);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot make a host's certificate.", e);
    }
  }

  /** The host that a certificate of this authority was issued for, if it was for a host. */
  static Optional<UUID> hostIn(X509Certificate presented) {
    try {
      if (presented.getSubjectAlternativeNames() == null) {
        return Optional.empty();
      }
      return presented.getSubjectAlternativeNames().stream()
          .filter(name -> name.get(0).equals(SUBJECT_ALTERNATIVE_URI))
          .map(name -> (String) name.get(1))
          .filter(uri -> uri.startsWith(HOST_URI))
          .map(uri -> UUID.fromString(uri.substring(HOST_URI.length())))
          .findFirst();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private X509Certificate issue(
      String subject, PublicKey publicKey, Duration life, GeneralNames names, KeyPurposeId purpose)
      throws GeneralSecurityException, CertIOException {
    JcaX509v3CertificateBuilder builder =
        builder(certificate.getSubjectX500Principal(), new X500Principal(subject), publicKey, life);
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    builder.addExtension(Extension.subjectAlternativeName, false, names);
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(certificate));
    return sign(builder, key);
  }

  private static void create(Path keyFile, Path certificateFile)
      throws GeneralSecurityException, CertIOException {
    KeyPair pair = newKeyPair();
    X500Principal name = new X500Principal("CN=Slipway controller's certificate authority");
    JcaX509v3CertificateBuilder builder = builder(name, name, pair.getPublic(), AUTHORITY_LIFE);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    X509Certificate made = sign(builder, pair.getPrivate());
    SecretFile.write(keyFile, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    SecretFile.write(certificateFile, pem(made));
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer, X500Principal subject, PublicKey publicKey, Duration life) {
    Instant now = Instant.now();
    BigInteger serial = new BigInteger(127, new SecureRandom()).add(BigInteger.ONE);
    return new JcaX509v3CertificateBuilder(
        issuer,
        serial,
        Date.from(now.minus(BACK_DATED)),
        Date.from(now.plus(life)),
        subject,
        publicKey);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey signer)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(signer)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static KeyPair newKeyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static KeyStore emptyKeyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** Whether a certificate can be for this name: a DNS name or an IP address. */
  public static boolean canName(String name) {
    return isAddress(name) ? IPAddress.isValid(name) : DNS_NAME.matcher(name).matches();
  }

  private static boolean isAddress(String name) {
    return name.indexOf(':') >= 0 || name.matches("[0-9]+(\\.[0-9]+){3}");
  }

  private static PrivateKey readKey(Path file) throws GeneralSecurityException, IOException {
    String pem = Files.readString(file, StandardCharsets.US_ASCII);
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "");
    byte[] der = Base64.getMimeDecoder().decode(base64);
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static X509Certificate certificate(byte[] pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  private static String pem(String what, byte[] der) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
  }
}
