package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.source.registry.TestImage.Stored;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way to a registry is by the proxy that the environment names, or direct. */
@Timeout(60)
class ProxyTest {
  private static final String REGISTRY = "registry.invalid:5000";

  @TempDir private Path work;
  private final TestImage image = new TestImage();
  private Stored top;

  @BeforeEach
  void makeAnImage() throws IOException {
    Path tree = Files.createDirectories(work.resolve("image"));
    Files.write(tree.resolve("data"), new byte[100_000]);
    top = image.image("amd64", TestImage.tar(tree));
  }

  private void unpack(Image opened) throws IOException {
    try (opened) {
      LayerStack.unpack(opened, Files.createDirectory(work.resolve("tree")));
    }
    assertThat(work.resolve("tree/data")).hasSize(100_000);
  }

  @Test
  void httpsGoesThroughATunnelOfTheProxy() throws Exception {
    SSLContext tls = TestCertificate.of(work, "registry.invalid");
    try (ScriptedRegistry registry = ScriptedRegistry.secure(image, top, tls);
        SmallProxy proxy = new SmallProxy(Map.of(REGISTRY, registry.port()))) {
      unpack(
          new Pull(work.resolve("docker"))
              .by(Map.of("https_proxy", proxy.address()))
              .open(REGISTRY + "/os:1", tls));
      assertThat(proxy.requests())
          .isNotEmpty()
          .allMatch(line -> line.startsWith("CONNECT " + REGISTRY));
    }
  }

  @Test
  void plainHttpIsPassedOnByTheProxy() throws Exception {
    try (ScriptedRegistry registry = new ScriptedRegistry(image, top);
        SmallProxy proxy = new SmallProxy(Map.of(REGISTRY, registry.port()))) {
      unpack(
          new Pull(work.resolve("docker"), Set.of(REGISTRY))
              .by(Map.of("HTTP_PROXY", proxy.address()))
              .open(REGISTRY + "/os:1"));
      assertThat(proxy.requests())
          .anyMatch(line -> line.startsWith("GET http://" + REGISTRY + "/v2/os/manifests/1 "))
          .noneMatch(line -> line.startsWith("CONNECT"));
    }
  }

  @Test
  void thisMachineIsNeverSpokenToByAProxy() throws Exception {
    try (ScriptedRegistry registry = new ScriptedRegistry(image, top);
        SmallProxy proxy = new SmallProxy(Map.of())) {
      unpack(
          new Pull(work.resolve("docker"))
              .by(Map.of("HTTP_PROXY", proxy.address(), "HTTPS_PROXY", proxy.address()))
              .open(registry.host() + "/os:1"));
      assertThat(proxy.requests()).isEmpty();
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws Exception {
    String proxy;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      proxy = "localhost:" + free.getLocalPort();
    }
    assertRefused(proxy, "The proxy " + proxy + ", by which docker://" + REGISTRY + "/os:1");
    assertRefused("proxy.invalid:3128", "The proxy proxy.invalid:3128, by which");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"socks5://h:1080", "https://h", "http://ada:secret@h:3128", "h:99999", "http://"})
  void aProxyOfAnotherKindIsRefusedWithoutQuotingItsPassword(String proxy) {
    assertThatThrownBy(() -> open(proxy))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("HTTPS_PROXY names no proxy that images can be pulled by")
        .hasMessageContaining("http://HOST:PORT")
        .hasMessageNotContaining("secret");
  }

  private Image open(String proxy) {
    return new Pull(work.resolve("docker"))
        .by(Map.of("HTTPS_PROXY", proxy))
        .open(REGISTRY + "/os:1");
  }

  private void assertRefused(String proxy, String message) {
    assertThatThrownBy(() -> open(proxy))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining(message)
        .hasMessageContaining("Check HTTPS_PROXY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "registry.example; https://registry.example; true",
        "QUAY.io; https://quay.IO; true",
        "registry.example; https://cdn.registry.example; true",
        "registry.example; https://notregistry.example; false",
        ".registry.example; https://cdn.registry.example; true",
        ".registry.example; https://registry.example; false",
        "*.registry.example; https://cdn.registry.example; true",
        "a.example, registry.example ,; https://registry.example; true",
        "*; https://registry.example; true",
        "registry.example:443; https://registry.example; true",
        "registry.example:443; https://registry.example:5000; false",
        "10.0.0.5; https://10.0.0.5:5000; true",
        "10.0.0.5; https://10.0.0.55:5000; false",
        "fd00::5; https://[fd00::5]:5000; true",
        "[fd00::5]:5000; https://[fd00::5]:5000; true",
        ",; https://registry.example; false",
      })
  void noProxyListsWhatIsSpokenToDirectly(String noProxy, URI uri, boolean direct) {
    EnvironmentProxies proxies =
        new EnvironmentProxies(Map.of("HTTPS_PROXY", "http://proxy:3128/", "NO_PROXY", noProxy));
    assertThat(proxies.proxy(uri).isEmpty()).isEqualTo(direct);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://localhost", "https://127.0.0.2:5000", "https://[::1]:5000"})
  void loopbackNeedsNoListing(URI uri) {
    assertThat(new EnvironmentProxies(Map.of("HTTPS_PROXY", "proxy")).proxy(uri)).isEmpty();
  }
}
