package dev.slipway.agent.link;

import dev.slipway.http.ArrivingBody;
import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** HTTPS to the controller: asking, and saying in a sentence why there was no answer. */
final class ControllerApi {
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int FIRST_ERROR = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final int LARGEST_DOCUMENT = 8 * 1024 * 1024;

  private final HttpClient client;
  private final URI controller;
  private final Duration silence;

  ControllerApi(URI controller, SSLContext tls) {
    this(controller, tls, Patience.USUAL.silence());
  }

  /**
   * @param silence how long an answer that has begun may bring no byte
   */
  ControllerApi(URI controller, SSLContext tls, Duration silence) {
    this.controller = controller;
    this.silence = silence;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Where an operator said the controller is: https, a host, perhaps a port, nothing more. */
  static URI address(String url) {
    try {
      URI uri = URI.create(url);
      boolean bare =
          (uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/"))
              && uri.getQuery() == null
              && uri.getUserInfo() == null;
      if ("https".equals(uri.getScheme()) && uri.getHost() != null && bare) {
        return URI.create("https://" + uri.getRawAuthority());
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new OperatorError(
        "'" + url + "' is no address of a controller: write https://HOST:PORT.");
  }

  /** Sends an object, gets an object. */
  JsonObject post(String path, JsonObject body) throws InterruptedException {
    HttpRequest request =
        request(path)
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.write()))
            .build();
    try {
      return Json.readObject(small(send(request)));
    } catch (JsonException e) {
      throw new OperatorError(
          controller + " does not answer as a Slipway controller: " + e.getMessage() + ".", e);
    }
  }

  /** A small document. */
  byte[] get(String path, String accept) throws InterruptedException {
    return small(send(request(path).timeout(ANSWER).header("Accept", accept).GET().build()));
  }

  /**
   * A document from an offset on, as it comes.
   *
   * @throws IOException when the connection fails before the answer, or the controller cannot
   *     answer now: asking again may help
   * @throws OperatorError when the controller refuses: asking again would not help
   */
  InputStream open(String path, long offset) throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).timeout(ANSWER).GET();
    if (offset > 0) {
      request.header("Range", "bytes=" + offset + "-");
    }
    HttpResponse<InputStream> answer = client.send(request.build(), this::body);
    int expected = offset > 0 ? 206 : 200;
    if (answer.statusCode() >= FIRST_SERVER_ERROR) {
      throw new NotNow(failure(answer).getMessage());
    }
    if (answer.statusCode() != expected) {
      throw failure(answer);
    }
    return answer.body();
  }

  /** The controller answered that it cannot answer. */
  private static final class NotNow extends IOException {
    NotNow(String sentence) {
      super(sentence);
    }
  }

  private BodySubscriber<InputStream> body(ResponseInfo head) {
    return new ArrivingBody(silence);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(controller.resolve(path));
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<InputStream> answer = client.send(request, this::body);
      if (answer.statusCode() >= FIRST_ERROR) {
        throw failure(answer);
      }
      return answer;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private byte[] small(HttpResponse<InputStream> answer) {
    try (InputStream body = answer.body()) {
      byte[] bytes = body.readNBytes(LARGEST_DOCUMENT + 1);
      if (bytes.length > LARGEST_DOCUMENT) {
        throw new OperatorError(controller + " sent a document of more than 8 MiB; refused.");
      }
      return bytes;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private OperatorError failure(HttpResponse<InputStream> answer) {
    String detail = detail(answer);
    if (answer.statusCode() == UNAUTHORIZED) {
      return new OperatorError(
          "The controller at "
              + controller
              + " does not know this host, or has revoked it. Join again with 'agent join --anew"
              + " URL TOKEN'.");
    }
    return new OperatorError(
        detail.isEmpty()
            ? "The controller at " + controller + " answered " + answer.statusCode() + "."
            : detail);
  }

  /** What problem+json, or the registry's errors, say. */
  private static String detail(HttpResponse<InputStream> answer) {
    try (InputStream body = answer.body()) {
      JsonObject problem = Json.readObject(body.readNBytes(LARGEST_DOCUMENT));
      return problem
          .optionalString("detail")
          .orElseGet(
              () ->
                  problem.objects("errors").stream()
                      .findFirst()
                      .flatMap(error -> error.optionalString("message"))
                      .orElse(""));
    } catch (IOException | JsonException e) {
      return "";
    }
  }

  /** Says in a sentence what an error on the way to the controller means. */
  OperatorError unreachable(IOException e) {
    String why;
    if (e instanceof NotNow) {
      why = e.getMessage();
    } else if (e instanceof SSLException) {
      why =
          "The controller at "
              + controller
              + " is not trusted: "
              + e.getMessage()
              + ". The name in the URL has to be one of the controller's 'hostnames', and the"
              + " token has to be of this controller.";
    } else if (e instanceof HttpConnectTimeoutException || e instanceof HttpTimeoutException) {
      why = "The controller at " + controller + " does not answer in time.";
    } else if (e instanceof ConnectException) {
      why = "Nothing answers at " + controller + ": is the controller running and reachable?";
    } else {
      why = "The connection to " + controller + " broke: " + e.getMessage() + ".";
    }
    return new OperatorError(why, e);
  }
}
