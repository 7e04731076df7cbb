package dev.slipway.controller.source.registry;

import dev.slipway.http.ArrivingBody;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** HTTP as pulling needs it: no waiting for ever, and no login for a host that it is not for. */
final class RegistryHttp {
  static final int OK = 200;
  static final int PARTIAL = 206;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int TOO_MANY_REQUESTS = 429;

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration PROBE = Duration.ofSeconds(5);
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 5;

  /** RFC 8446, 6.2, as the runtime writes them; before TLS 1.3 bad_certificate is for none, too. */
  private static final Set<String> ALERTS_ABOUT_CLIENT =
      Set.of("certificate_required", "bad_certificate", "unknown_ca");

  private final HttpClient client;
  private final EnvironmentProxies proxies;
  private final Patience patience;

  RegistryHttp(SSLContext tls, EnvironmentProxies proxies, Patience patience) {
    this.proxies = proxies;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls)
            .proxy(proxies)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.patience = patience;
  }

  Patience patience() {
    return patience;
  }

  /**
   * Asks whether anything answers there at all, whatever it says.
   *
   * @throws IOException when nothing does
   */
  void probe(URI uri) throws IOException {
    send(HttpRequest.newBuilder(uri).timeout(PROBE).GET().build()).body().close();
  }

  /**
   * Gets a document, wherever it is by now.
   *
   * @param authorization for the host of {@code uri} only; no other one that it leads to sees it
   * @throws RegistryBusy when a server is overloaded or out of order
   * @throws IOException when the connection fails before the answer
   */
  HttpResponse<InputStream> get(
      URI uri, Map<String, String> headers, Optional<String> authorization) throws IOException {
    URI at = uri;
    for (int hops = 0; ; hops++) {
      HttpRequest.Builder request = request(at);
      headers.forEach(request::header);
      if (isSameServer(at, uri)) {
        authorization.ifPresent(it -> request.header("Authorization", it));
      }
      HttpResponse<InputStream> answer = ready(request.GET().build());
      Optional<String> location = answer.headers().firstValue("Location");
      if (!REDIRECTS.contains(answer.statusCode()) || location.isEmpty()) {
        return answer;
      }
      answer.body().close();
      if (hops == MOST_REDIRECTS) {
        throw new IOException(uri.getHost() + " leads from one address to another without end");
      }
      at = next(at, location.get());
    }
  }

  /** Sends a form. */
  HttpResponse<InputStream> post(URI uri, String form) throws IOException {
    return ready(
        request(uri)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  /** Whether both are the same server: scheme, host and port (RFC 9110, 4.3.1). */
  static boolean isSameServer(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  /** Written or not. */
  static int port(URI uri) {
    int usual = uri.getScheme().equals("https") ? HTTPS : HTTP;
    return uri.getPort() < 0 ? usual : uri.getPort();
  }

  /** Whether somebody answered by TLS whose certificate nobody trusted here has signed. */
  static boolean isUntrusted(IOException failure) {
    return causes(failure).anyMatch(CertificateException.class::isInstance);
  }

  /**
   * Whether somebody answered by TLS who wants to see another client certificate, or one at all.
   */
  static boolean isClientUnknown(IOException failure) {
    return causes(failure)
        .filter(SSLException.class::isInstance)
        .flatMap(each -> Stream.ofNullable(each.getMessage()))
        .anyMatch(message -> ALERTS_ABOUT_CLIENT.stream().anyMatch(message::contains));
  }

  static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  private HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(patience.silence()).header("User-Agent", "slipway");
  }

  private static URI next(URI from, String location) throws IOException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      // Without the error underneath: it quotes the address, which may be as good as a login.
      throw noAddress(from);
    }
    boolean web = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
    if (!web || to.getHost() == null) {
      throw noAddress(from);
    }
    if (from.getScheme().equals("https") && !to.getScheme().equals("https")) {
      throw new InsecureRedirect(from.getHost(), to.getHost());
    }
    return to;
  }

  private static IOException noAddress(URI from) {
    return new IOException(from.getHost() + " leads to something that is no address");
  }

  private HttpResponse<InputStream> ready(HttpRequest request) throws IOException {
    HttpResponse<InputStream> answer = send(request);
    int status = answer.statusCode();
    if (status >= FIRST_SERVER_ERROR || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT) {
      answer.body().close();
      throw new RegistryBusy(request.uri().getHost(), status, retryAfter(answer));
    }
    return answer;
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, head -> new ArrivingBody(patience.silence()));
    } catch (InterruptedException e) {
      throw Attempts.interrupted();
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw explained(request.uri(), e);
    }
  }

  private IOException explained(URI uri, IOException failure) {
    Optional<InetSocketAddress> proxy = proxies.proxy(uri);
    if (proxy.isPresent()) {
      return new ProxyUnreachable(proxy.get(), failure);
    }
    if (causes(failure).noneMatch(UnresolvedAddressException.class::isInstance)) {
      return failure;
    }
    // The client does not say which host it was that nobody knows.
    UnknownHostException unknown = new UnknownHostException(uri.getHost());
    unknown.initCause(failure);
    return unknown;
  }

  /** RFC 9110, 10.2.3: seconds, or a date. */
  private static Optional<Duration> retryAfter(HttpResponse<?> answer) {
    return answer.headers().firstValue("Retry-After").flatMap(RegistryHttp::duration);
  }

  private static Optional<Duration> duration(String text) {
    try {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())));
    } catch (NumberFormatException notSeconds) {
      try {
        Instant then =
            ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return Optional.of(Duration.between(Instant.now(), then));
      } catch (DateTimeException noDate) {
        return Optional.empty();
      }
    }
  }
}
