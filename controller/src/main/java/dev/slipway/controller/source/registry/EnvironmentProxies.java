package dev.slipway.controller.source.registry;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The HTTP proxies that the environment names, as the docker command reads it: HTTPS_PROXY for
 * HTTPS, HTTP_PROXY for plain HTTP, NO_PROXY for hosts that are spoken to directly; each in lower
 * case when it is not there in upper case. This machine is never spoken to by a proxy.
 */
final class EnvironmentProxies extends ProxySelector {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:http://)?(?<host>[^/:@\\[\\]]+|\\[[0-9a-fA-F:]+])(?::(?<port>[0-9]{1,5}))?/?");
  private static final int USUAL_PORT = 80;
  private static final int HIGHEST_PORT = 65535;

  private final Map<String, String> environment;
  private final List<Direct> direct;

  EnvironmentProxies(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.direct =
        Stream.of(value("NO_PROXY").orElse("").split(",", -1))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .map(Direct::parse)
            .toList();
  }

  private Optional<String> value(String name) {
    return Stream.of(name, name.toLowerCase(Locale.ROOT))
        .flatMap(each -> Stream.ofNullable(environment.get(each)))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /**
   * Which proxy leads there.
   *
   * @throws OperatorError when it is none that can be used
   */
  @Override
  public List<Proxy> select(URI uri) {
    return List.of(proxy(uri).map(it -> new Proxy(Proxy.Type.HTTP, it)).orElse(Proxy.NO_PROXY));
  }

  /** The same, with a name that is not looked up yet; empty when the way is direct. */
  Optional<InetSocketAddress> proxy(URI uri) {
    if (RegistryReference.isLoopback(uri.getHost())
        || direct.stream().anyMatch(each -> each.matches(uri))) {
      return Optional.empty();
    }
    String name = uri.getScheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY";
    return value(name).map(value -> address(name, value));
  }

  private static InetSocketAddress address(String name, String value) {
    Matcher address = ADDRESS.matcher(value);
    if (address.matches()) {
      int port =
          Optional.ofNullable(address.group("port")).map(Integer::parseInt).orElse(USUAL_PORT);
      if (port <= HIGHEST_PORT) {
        return InetSocketAddress.createUnresolved(address.group("host"), port);
      }
    }
    // Not quoted, because a password may be in it.
    throw new OperatorError(
        "The environment variable "
            + name
            + " names no proxy that images can be pulled by. Set it to http://HOST:PORT (no other"
            + " kind of proxy, and no password), or unset it, or list the registry in NO_PROXY.");
  }

  /** Nothing to learn from: there is one proxy or none. */
  @Override
  public void connectFailed(URI uri, SocketAddress proxy, IOException failure) {}

  /**
   * An entry of NO_PROXY.
   *
   * @param host itself and what lies below it; with a dot in front only what lies below; or {@code
   *     *} for every host
   * @param port only this one, when there is one
   */
  private record Direct(String host, Optional<Integer> port) {
    private static final Pattern WITH_PORT =
        Pattern.compile("(?<host>[^:]+|\\[.+]):(?<port>[0-9]{1,5})");

    static Direct parse(String entry) {
      Matcher withPort = WITH_PORT.matcher(entry);
      String host = withPort.matches() ? withPort.group("host") : entry;
      boolean address = host.indexOf(':') >= 0 && !host.startsWith("[");
      return new Direct(
          (address ? "[" + host + "]" : host).toLowerCase(Locale.ROOT).replaceFirst("^\\*\\.", "."),
          withPort.matches()
              ? Optional.of(Integer.valueOf(withPort.group("port")))
              : Optional.empty());
    }

    boolean matches(URI uri) {
      String name = uri.getHost().toLowerCase(Locale.ROOT);
      boolean fits =
          host.equals("*")
              || name.equals(host)
              || name.endsWith(host.startsWith(".") ? host : "." + host);
      return fits && port.map(it -> it == RegistryHttp.port(uri)).orElse(true);
    }
  }
}
