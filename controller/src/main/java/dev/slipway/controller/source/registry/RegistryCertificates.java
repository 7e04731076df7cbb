package dev.slipway.controller.source.registry;

import dev.slipway.linux.OperatorError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * Whom this machine trusts, and what it shows of itself, at single registries: a directory for each
 * HOST[:PORT] with authorities (*.crt) and client certificates (NAME.cert and NAME.key), as the
 * docker command has it (docs.docker.com, "Verify repository client with certificates").
 */
final class RegistryCertificates {
  private static final String AUTHORITY = ".crt";
  private static final String CERTIFICATE = ".cert";
  private static final String KEY = ".key";
  private static final char[] IN_MEMORY = {};

  private final Path directory;
  private final SSLContext usual;

  /**
   * @param directory such as {@code /etc/docker/certs.d}
   * @param usual for registries that have nothing of their own there
   */
  RegistryCertificates(Path directory, SSLContext usual) {
    this.directory = directory;
    this.usual = usual;
  }

  /**
   * By what a registry is spoken to: this machine's authorities are trusted, and its own ones too.
   *
   * @param host with its port, as references name it
   * @throws OperatorError when something in its directory is not what its name says
   */
  SSLContext tls(String host) {
    Path own = directory.resolve(host);
    if (!Files.isDirectory(own)) {
      return usual;
    }
    List<Path> files = list(own);
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(keys(files).getKeyManagers(), trust(files).getTrustManagers(), null);
      return tls;
    } catch (GeneralSecurityException | IOException e) {
      throw new OperatorError(
          "The certificates in " + own + " are of no use: " + e.getMessage() + ". Mend them.", e);
    }
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new OperatorError(directory + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static List<Path> named(List<Path> files, String ending) {
    return files.stream().filter(file -> file.toString().endsWith(ending)).toList();
  }

  private static TrustManagerFactory trust(List<Path> files)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = empty();
    for (X509Certificate known : ofThisMachine()) {
      trusted.setCertificateEntry("known-" + trusted.size(), known);
    }
    for (Path file : named(files, AUTHORITY)) {
      for (Certificate authority : certificates(file)) {
        trusted.setCertificateEntry("own-" + trusted.size(), authority);
      }
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    return trust;
  }

  private static List<X509Certificate> ofThisMachine() throws GeneralSecurityException {
    TrustManagerFactory usual = TrustManagerFactory.getInstance("PKIX");
    usual.init((KeyStore) null);
    return Arrays.stream(usual.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
        .toList();
  }

  private static KeyManagerFactory keys(List<Path> files)
      throws GeneralSecurityException, IOException {
    KeyStore own = empty();
    for (Path file : named(files, KEY)) {
      requireBeside(files, file, KEY, CERTIFICATE);
    }
    for (Path file : named(files, CERTIFICATE)) {
      Path key = requireBeside(files, file, CERTIFICATE, KEY);
      own.setKeyEntry(
          file.toString(), key(key), IN_MEMORY, certificates(file).toArray(new Certificate[0]));
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, IN_MEMORY);
    return keys;
  }

  private static Path requireBeside(List<Path> files, Path file, String ending, String other) {
    String name = file.getFileName().toString();
    Path wanted = file.resolveSibling(name.substring(0, name.length() - ending.length()) + other);
    if (!files.contains(wanted)) {
      throw new OperatorError(
          file
              + " is half of a client certificate: "
              + wanted.getFileName()
              + " is not beside it. Put it there; the certificate of an authority ends in .crt.");
    }
    return wanted;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!found.isEmpty()) {
        return found;
      }
      throw new OperatorError(file + " holds no certificate. It should be one in PEM.");
    } catch (GeneralSecurityException | IOException e) {
      throw new OperatorError(
          file + " is no certificate: " + e.getMessage() + ". It should be one in PEM.", e);
    }
  }

  private static PrivateKey key(Path file) {
    try (BufferedReader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      Object found = parser.readObject();
      // "EC PARAMETERS" may stand before a key of openssl ecparam.
      while (found != null && !(found instanceof PEMKeyPair || found instanceof PrivateKeyInfo)) {
        found = parser.readObject();
      }
      if (found instanceof PEMKeyPair pair) {
        return converter.getKeyPair(pair).getPrivate();
      }
      if (found instanceof PrivateKeyInfo info) {
        return converter.getPrivateKey(info);
      }
      throw new OperatorError(
          file + " holds no private key. It should be one in PEM, without a password.");
    } catch (IOException e) {
      // Its message may have a part of the key.
      throw new OperatorError(
          file
              + " is no private key that can be read. It should be one in PEM, without a password.",
          e);
    }
  }
}
