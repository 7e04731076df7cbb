package dev.slipway.controller.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real browser without a window: Chromium, spoken to by the Chrome DevTools Protocol. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 60;

  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final Process process;
  private final WebSocket tab;
  private int calls;

  /**
   * @param directory for its profile
   */
  Browser(Path directory) throws Exception {
    Path profile = Files.createDirectories(directory.resolve("profile"));
    process =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--ignore-certificate-errors",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("browser.log").toFile())
            .start();
    tab =
        http.newWebSocketBuilder()
            .buildAsync(tab(port(profile.resolve("DevToolsActivePort"))), new Answers())
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The first line of the file that Chromium writes once it listens. */
  private int port(Path file) throws Exception {
    for (int i = 0; i < PATIENCE_SECONDS * 10; i++) {
      if (Files.exists(file) && !Files.readString(file).isBlank()) {
        return Integer.parseInt(Files.readAllLines(file).get(0));
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(100);
    }
    throw new IOException("Chromium did not start; its exit code or last word is in browser.log.");
  }

  private URI tab(int port) throws Exception {
    HttpResponse<String> list =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build(),
            HttpResponse.BodyHandlers.ofString());
    for (JsonNode target : JSON.readTree(list.body())) {
      if (target.path("type").asText().equals("page")) {
        return URI.create(target.get("webSocketDebuggerUrl").asText());
      }
    }
    throw new IOException("Chromium has no tab: " + list.body());
  }

  private final class Answers implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          answers.add(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, data, last);
    }
  }

  private JsonNode call(String method, Map<String, Object> parameters) throws Exception {
    calls++;
    tab.sendText(
            JSON.writeValueAsString(Map.of("id", calls, "method", method, "params", parameters)),
            true)
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    while (true) {
      JsonNode answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IOException("Chromium did not answer " + method);
      }
      if (answer.path("id").asInt() == calls) {
        return answer;
      }
    }
  }

  /** Opens a page, with a header on every request. */
  void open(URI page, String authorization) throws Exception {
    call("Network.enable", Map.of());
    call("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Authorization", authorization)));
    call("Page.navigate", Map.of("url", page.toString()));
  }

  /** What a person reads in the element of that id; empty when there is none. */
  String text(String id) throws Exception {
    return evaluate("(document.getElementById('" + id + "') || {innerText: ''}).innerText");
  }

  /** The value of an expression. */
  String evaluate(String expression) throws Exception {
    return call("Runtime.evaluate", Map.of("expression", expression))
        .at("/result/result/value")
        .asText();
  }

  /** Waits until the element's text contains all of that, and returns it. */
  String await(String id, String... parts) throws Exception {
    for (int i = 0; i < PATIENCE_SECONDS * 5; i++) {
      String text = text(id);
      if (List.of(parts).stream().allMatch(text::contains)) {
        return text;
      }
      Thread.sleep(200);
    }
    throw new AssertionError(
        "'%s' did not come to say %s, but says: %s".formatted(id, List.of(parts), text(id)));
  }

  @Override
  public void close() throws InterruptedException {
    tab.abort();
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
