package dev.slipway.agent.link;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Connections to one controller and no other: its authority is the only one trusted, whatever the
 * slot's own store of authorities says. That the certificate is for the name in the URL is checked
 * by java.net.http on top.
 */
final class Tls {
  private static final char[] NO_PASSWORD = new char[0];

  private Tls() {}

  /** For a host that has joined: knows the authority, and shows its own certificate. */
  static SSLContext ofHost(X509Certificate authority, PrivateKey key, X509Certificate own) {
    try {
      KeyStore identity = emptyStore();
      identity.setKeyEntry("host", key, NO_PASSWORD, new Certificate[] {own, authority});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(identity, NO_PASSWORD);
      return context(keys.getKeyManagers(), trusting(authority));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a host that wants to join: knows only the authority's fingerprint. */
  static SSLContext pinned(String authorityFingerprint) {
    try {
      return context(new KeyManager[0], new Pinned(authorityFingerprint));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext context(KeyManager[] keys, TrustManager trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {trust}, null);
    return context;
  }

  private static X509ExtendedTrustManager trusting(X509Certificate authority)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = emptyStore();
    trusted.setCertificateEntry("ca", authority);
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(trusted);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** Trusts the authority of that fingerprint, which the server has to send along. */
  private static final class Pinned extends X509ExtendedTrustManager {
    private final String fingerprint;

    Pinned(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    private X509ExtendedTrustManager authorityIn(X509Certificate[] chain)
        throws CertificateException {
      try {
        for (X509Certificate certificate : chain) {
          if (Fingerprint.of(certificate).equals(fingerprint)) {
            return trusting(certificate);
          }
        }
      } catch (GeneralSecurityException | IOException e) {
        throw new CertificateException(e);
      }
      throw new CertificateException(
          "its certificate is not from the authority that the join token names");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      authorityIn(chain).checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      authorityIn(chain).checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("without a connection no name can be checked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("the agent serves nobody");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("the agent serves nobody");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("the agent serves nobody");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
