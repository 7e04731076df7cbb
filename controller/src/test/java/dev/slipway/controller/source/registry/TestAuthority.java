package dev.slipway.controller.source.registry;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** A certificate authority of a test's own, whose files openssl makes as an operator would. */
final class TestAuthority {
  private final Path directory;
  private final SSLContext tls;

  /** Makes one, with a certificate for a server on localhost and one for a client. */
  TestAuthority(Path directory) throws Exception {
    this.directory = directory;
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.crt");
    issue("server", "subjectAltName=DNS:localhost");
    issue("client", "extendedKeyUsage=clientAuth");
    Path own = Files.createDirectories(directory.resolve("certs.d/localhost"));
    Files.copy(certificate(), own.resolve("ca.crt"));
    Files.copy(certificate("client"), own.resolve("client.cert"));
    Files.copy(key("client"), own.resolve("client.key"));
    this.tls = new RegistryCertificates(own.getParent(), SSLContext.getDefault()).tls("localhost");
  }

  private void issue(String name, String extension) throws IOException {
    Files.writeString(directory.resolve(name + ".ext"), extension + "\n");
    openssl("req -new -newkey rsa:2048 -nodes -subj /CN=NAME -keyout NAME.key -out NAME.csr", name);
    openssl(
        "x509 -req -in NAME.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile NAME.ext"
            + " -out NAME.crt",
        name);
  }

  private void openssl(String arguments, String name) {
    openssl(arguments.replace("NAME", name));
  }

  void openssl(String arguments) {
    Command.of(("openssl " + arguments).split(" ", -1)).directory(directory).run();
  }

  /** Its own. */
  Path certificate() {
    return directory.resolve("ca.crt");
  }

  /** One that it gave. */
  Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** Trusts it, and shows its client's certificate. */
  SSLContext tls() {
    return tls;
  }
}
