package dev.slipway.controller.server;

import io.dropwizard.jetty.HttpsConnectorFactory;
import java.security.KeyStore;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * HTTPS with keys that are in memory only. A client may show a certificate and need not: browsers
 * have none.
 */
final class Tls extends HttpsConnectorFactory {
  private KeyStore identity;
  private KeyStore trusted;
  private String password;

  Tls() {
    // Clients check the name themselves; a connection by another alias is theirs to refuse.
    setDisableSniHostCheck(true);
    setWantClientAuth(true);
  }

  void use(KeyStore serverIdentity, String keyPassword, KeyStore clientAuthorities) {
    identity = serverIdentity;
    password = keyPassword;
    trusted = clientAuthorities;
  }

  /** There are no key store files to ask about. */
  @Override
  public boolean isValidKeyStorePath() {
    return true;
  }

  @Override
  public boolean isValidKeyStorePassword() {
    return true;
  }

  @Override
  protected SslContextFactory.Server configureSslContextFactory(SslContextFactory factory) {
    SslContextFactory.Server configured = super.configureSslContextFactory(factory);
    configured.setKeyStore(identity);
    configured.setKeyStorePassword(password);
    configured.setKeyManagerPassword(password);
    configured.setTrustStore(trusted);
    return configured;
  }
}
