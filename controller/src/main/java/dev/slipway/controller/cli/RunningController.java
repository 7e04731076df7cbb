package dev.slipway.controller.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.controller.identity.Authentication;
import dev.slipway.controller.identity.CertificateAuthority;
import dev.slipway.controller.identity.OperatorToken;
import dev.slipway.controller.progress.Counted;
import dev.slipway.controller.server.ControllerConfiguration;
import dev.slipway.controller.server.ControllerServer;
import dev.slipway.linux.OperatorError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The controller's server, as a command on the same machine talks to it: over HTTPS, as operator,
 * with the token and the certificate authority that lie in the server's data directory.
 */
final class RunningController {
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int FIRST_ERROR = 400;
  private static final String JSON_TYPE = "application/json";

  private final HttpClient client;
  private final String authorization;
  private final ObjectMapper json = new ObjectMapper();
  private final Path configFile;
  private final int port;

  private RunningController(HttpClient client, String authorization, Path configFile, int port) {
    this.client = client;
    this.authorization = authorization;
    this.configFile = configFile;
    this.port = port;
  }

  /**
   * Gets ready to talk to the server that runs with this configuration.
   *
   * @throws OperatorError when there is no such configuration, or its server never ran
   */
  static RunningController of(Path configFile) {
    ControllerConfiguration configuration = ControllerServer.read(configFile);
    OperatorToken token = OperatorToken.read(configuration.data());
    String credentials = Authentication.OPERATOR + ":" + token.text();
    return new RunningController(
        HttpClient.newBuilder()
            .sslContext(trusting(configuration.data()))
            .connectTimeout(Duration.ofSeconds(10))
            .build(),
        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)),
        configFile,
        configuration.port());
  }

  /** The answer to a GET, as JSON. */
  JsonNode get(String path) {
    return json(send(request(path).GET(), path));
  }

  /** The answer to a POST of something that Jackson can write. */
  JsonNode post(String path, Object body) {
    try {
      BodyPublisher publisher = BodyPublishers.ofString(json.writeValueAsString(body));
      return json(send(request(path).header("Content-Type", JSON_TYPE).POST(publisher), path));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Posts nothing to an address that acts by being asked. */
  void post(String path) {
    send(request(path).POST(BodyPublishers.noBody()), path);
  }

  /** Whether something is there. */
  boolean exists(String path) {
    HttpResponse<byte[]> answer =
        exchange(request(path).method("HEAD", BodyPublishers.noBody()).build());
    if (answer.statusCode() == NOT_FOUND) {
      return false;
    }
    check(answer, path);
    return true;
  }

  /**
   * Sends a file to an address.
   *
   * @param sent is told how many bytes are on their way
   */
  void put(String path, Path file, LongConsumer sent) {
    try {
      BodyPublisher content = BodyPublishers.ofInputStream(() -> opened(file, sent));
      send(
          request(path)
              .header("Content-Type", "application/octet-stream")
              .PUT(BodyPublishers.fromPublisher(content, Files.size(file))),
          path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream opened(Path file, LongConsumer read) {
    try {
      return Counted.stream(Files.newInputStream(file), read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a small document to an address. */
  void put(String path, byte[] content, String mediaType) {
    send(
        request(path).header("Content-Type", mediaType).PUT(BodyPublishers.ofByteArray(content)),
        path);
  }

  /**
   * The lines of a stream of server-sent events, from the first event on and then as they come. The
   * caller closes it.
   */
  Stream<String> events(String path) {
    HttpRequest request =
        request(path)
            .setHeader("Accept", "text/event-stream")
            .header("Last-Event-ID", "0")
            .GET()
            .build();
    try {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      if (answer.statusCode() >= FIRST_ERROR) {
        try (InputStream body = answer.body()) {
          throw failure(answer.statusCode(), body.readAllBytes(), path);
        }
      }
      return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))
          .lines();
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorError("Interrupted.", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
        .header("Authorization", authorization)
        .header("Accept", JSON_TYPE);
  }

  private byte[] send(HttpRequest.Builder request, String path) {
    HttpResponse<byte[]> answer = exchange(request.build());
    check(answer, path);
    return answer.body();
  }

  private void check(HttpResponse<byte[]> answer, String path) {
    if (answer.statusCode() >= FIRST_ERROR) {
      throw failure(answer.statusCode(), answer.body(), path);
    }
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorError("Interrupted.", e);
    }
  }

  private OperatorError unreachable(IOException e) {
    if (e instanceof ConnectException) {
      return new OperatorError(
          "The controller's server does not answer on port "
              + port
              + ". Start it with 'controller server "
              + configFile
              + "'.",
          e);
    }
    return new OperatorError(
        "The connection to the controller's server broke: " + e.getMessage() + ".", e);
  }

  private OperatorError failure(int status, byte[] body, String path) {
    String detail = detail(body);
    String sentence =
        detail.isEmpty() ? "The server answered " + status + " to " + path + "." : detail;
    return status == CONFLICT ? OperatorError.refused(sentence) : new OperatorError(sentence);
  }

  /** What problem+json or the registry's errors say. */
  private String detail(byte[] body) {
    try {
      JsonNode problem = json.readTree(body);
      return problem.has("detail")
          ? problem.path("detail").asText()
          : problem.path("errors").path(0).path("message").asText();
    } catch (IOException e) {
      return "";
    }
  }

  private JsonNode json(byte[] body) {
    try {
      return json.readTree(body);
    } catch (IOException e) {
      throw new OperatorError(
          "What answers on port " + port + " is not a Slipway controller: it sent no JSON.", e);
    }
  }

  private static SSLContext trusting(Path data) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "ca",
          CertificateAuthority.readCertificate(
              data.resolve(CertificateAuthority.CERTIFICATE_FILE)));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
