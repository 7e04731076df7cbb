package dev.slipway.controller.identity;

import io.dropwizard.auth.PolymorphicAuthDynamicFeature;
import io.dropwizard.auth.PolymorphicAuthValueFactoryProvider;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Tells who makes a request: a host by the certificate of its connection, the operator by name and
 * token.
 *
 * <p>The handshake has shown that a certificate is of our authority and that the peer has its key.
 * Whether the host is revoked is looked up on every request, because a connection can outlive that.
 */
public final class Authentication {
  /** The operator's user name. */
  public static final String OPERATOR = "operator";

  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
  private static final String BASIC = "Basic ";
  private static final String CHALLENGE = "Basic realm=\"Slipway\", charset=\"UTF-8\"";

  private final OperatorToken operatorToken;
  private final Hosts hosts;

  public Authentication(OperatorToken operatorToken, Hosts hosts) {
    this.operatorToken = operatorToken;
    this.hosts = hosts;
  }

  /** Makes {@code @Auth Operator}, {@code @Auth EnrolledHost} and {@code @Auth Caller} work. */
  public void register(JerseyEnvironment jersey) {
    Map<Class<? extends Caller>, ContainerRequestFilter> filters =
        Map.of(
            Operator.class, filter(this::operator),
            EnrolledHost.class, filter(this::host),
            Caller.class, filter(request -> host(request).or(() -> operator(request))));
    jersey.register(new PolymorphicAuthDynamicFeature<>(filters));
    jersey.register(
        new PolymorphicAuthValueFactoryProvider.Binder<>(
            Set.of(Operator.class, EnrolledHost.class, Caller.class)));
  }

  /** What the other side of the connection showed in the handshake. */
  static Optional<X509Certificate> certificateOf(ContainerRequestContext request) {
    return request.getProperty(CERTIFICATES) instanceof X509Certificate[] chain
        ? Arrays.stream(chain).findFirst()
        : Optional.empty();
  }

  private Optional<Caller> host(ContainerRequestContext request) {
    return certificateOf(request).flatMap(this::host);
  }

  private Optional<EnrolledHost> host(X509Certificate shown) {
    String keySha256 = Secrets.sha256(shown.getPublicKey().getEncoded());
    return CertificateAuthority.hostIn(shown).flatMap(id -> hosts.authenticate(id, keySha256));
  }

  private Optional<Caller> operator(ContainerRequestContext request) {
    String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
      String said = new String(decoded, StandardCharsets.UTF_8);
      String prefix = OPERATOR + ":";
      return said.startsWith(prefix) && operatorToken.is(said.substring(prefix.length()))
          ? Optional.of(new Operator())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ContainerRequestFilter filter(
      Function<ContainerRequestContext, Optional<Caller>> authenticate) {
    return request -> {
      Caller caller =
          authenticate
              .apply(request)
              .orElseThrow(
                  () ->
                      new NotAuthorizedException(
                          "Hosts show a certificate that is not revoked; operators give the user"
                              + " 'operator' and the token in operator.token of the data"
                              + " directory.",
                          CHALLENGE));
      boolean secure = request.getSecurityContext().isSecure();
      request.setSecurityContext(new Known(caller, secure));
    };
  }

  private record Known(Caller caller, boolean secure) implements SecurityContext {
    @Override
    public Caller getUserPrincipal() {
      return caller;
    }

    @Override
    public boolean isUserInRole(String role) {
      return false;
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public String getAuthenticationScheme() {
      return caller instanceof Operator ? BASIC_AUTH : CLIENT_CERT_AUTH;
    }
  }
}
