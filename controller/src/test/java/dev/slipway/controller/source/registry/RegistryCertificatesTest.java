package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against real registries by HTTPS, one of which wants to see who asks. */
class RegistryCertificatesTest {
  @TempDir private static Path directory;
  private static TestAuthority authority;
  private static DockerRegistry open;
  private static DockerRegistry closed;
  private static TestImage.Stored stored;

  @TempDir private Path work;
  private Path certificates;

  @BeforeAll
  static void registries() throws Exception {
    authority = new TestAuthority(Files.createDirectory(directory.resolve("authority")));
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Files.writeString(tree.resolve("os"), "small");
    TestImage image = new TestImage();
    stored = image.image("amd64", TestImage.tar(tree));
    open =
        DockerRegistry.withTlsIn(Files.createDirectory(directory.resolve("open")), authority, false)
            .with("os", "1", image, stored);
    closed =
        DockerRegistry.withTlsIn(
                Files.createDirectory(directory.resolve("closed")), authority, true)
            .with("os", "1", image, stored);
  }

  @AfterAll
  static void stop() throws Exception {
    open.close();
    closed.close();
  }

  @BeforeEach
  void noCertificates() throws IOException {
    certificates = Files.createDirectory(work.resolve("certs.d"));
  }

  private Path of(DockerRegistry registry) throws IOException {
    return Files.createDirectories(certificates.resolve(registry.host()));
  }

  private void pull(DockerRegistry registry) throws Exception {
    try (Image image =
        new Pull(work.resolve("docker"))
            .open(
                registry.host() + "/os:1",
                new RegistryCertificates(certificates, SSLContext.getDefault()))) {
      assertThat(image.digest()).isEqualTo(stored.digest());
    }
  }

  @Test
  void aRegistryOfAnAuthorityOfItsOwnIsTrustedOnceThatLiesInItsDirectory() throws Exception {
    assertThatThrownBy(() -> pull(open))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("The registry " + open.host() + " is not trusted")
        .hasMessageContaining("/etc/docker/certs.d/" + open.host() + "/ca.crt");

    Files.copy(authority.certificate(), of(open).resolve("ca.crt"));
    pull(open);
    assertThatThrownBy(() -> pull(closed))
        .as("another registry")
        .hasMessageContaining("not trusted");
  }

  @Test
  void aRegistryThatAsksWhoComesIsShownTheCertificateInItsDirectory() throws Exception {
    Files.copy(authority.certificate(), of(closed).resolve("ca.crt"));
    assertThatThrownBy(() -> pull(closed))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("The registry " + closed.host() + " wants a client certificate")
        .hasMessageContaining("/etc/docker/certs.d/" + closed.host() + "/client.cert");

    Files.copy(authority.certificate("client"), of(closed).resolve("client.cert"));
    Files.copy(authority.key("client"), of(closed).resolve("client.key"));
    pull(closed);
  }

  @Test
  void aKeyInTheOldFormOfOpensslIsReadToo() throws Exception {
    Files.copy(authority.certificate(), of(closed).resolve("ca.crt"));
    Files.copy(authority.certificate("client"), of(closed).resolve("client.cert"));
    authority.openssl("rsa -traditional -in client.key -out " + of(closed).resolve("client.key"));
    assertThat(of(closed).resolve("client.key")).content().contains("BEGIN RSA PRIVATE KEY");
    pull(closed);
  }

  @Test
  void halfOfAClientCertificateIsRefusedByItsName() throws Exception {
    Files.copy(authority.certificate("client"), of(open).resolve("client.cert"));
    assertThatThrownBy(() -> pull(open))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("client.cert is half of a client certificate: client.key is not");

    Files.delete(of(open).resolve("client.cert"));
    Files.copy(authority.key("client"), of(open).resolve("client.key"));
    assertThatThrownBy(() -> pull(open)).hasMessageContaining("client.cert is not beside it");
  }

  @Test
  void whatIsNeitherCertificateNorKeyIsRefusedByItsName() throws Exception {
    Files.writeString(of(open).resolve("ca.crt"), "no certificate");
    assertThatThrownBy(() -> pull(open))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("ca.crt");

    Files.copy(authority.certificate(), of(closed).resolve("ca.crt"));
    Files.copy(authority.certificate("client"), of(closed).resolve("client.cert"));
    authority.openssl(
        "rsa -aes128 -passout pass:secret -in client.key -out " + of(closed).resolve("client.key"));
    assertThatThrownBy(() -> pull(closed))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("client.key holds no private key")
        .hasMessageContaining("without a password");
  }
}
