package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that break off, send something else, or are none. */
@Timeout(60)
class BrokenEngineTest {
  private static final int TAR_BLOCK = 512;

  @TempDir private Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private Path work;

  @BeforeEach
  void start() throws IOException {
    work = Files.createDirectory(directory.resolve("work"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private DockerEngine engine() {
    return DockerEngine.at("tcp://127.0.0.1:" + server.getAddress().getPort(), new WorkSpace(work));
  }

  private void answers(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private void hasAnImage() {
    answers("/_ping", 200, "OK");
    answers(
        "/images/os:1/json",
        200,
        "{\"Id\":\"sha256:%s\",\"Os\":\"linux\",\"Architecture\":\"amd64\",\"Size\":100}"
            .formatted("0".repeat(64)));
  }

  private void sends(int length, byte[] part) {
    server.createContext("/images/sha256:", exchange -> send(exchange, length, part));
  }

  private static void send(HttpExchange exchange, int length, byte[] part) throws IOException {
    exchange.sendResponseHeaders(200, length);
    exchange.getResponseBody().write(part);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private void assertRefused(String... saying) {
    assertThatThrownBy(() -> engine().open("os:1").close())
        .isInstanceOf(OperatorError.class)
        .message()
        .contains(saying)
        .endsWith(".");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anImageThatBreaksOffIsNamed() throws IOException {
    hasAnImage();
    byte[] tar = Files.readAllBytes(tar());
    sends(tar.length, Arrays.copyOf(tar, 3 * TAR_BLOCK));
    assertRefused("docker-daemon:os:1 cannot be read", "The tar archive", "again");
  }

  private Path tar() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.write(tree.resolve("file"), new byte[100_000]);
    Path tar = directory.resolve("tree.tar");
    Command.of("tar", "-C", tree.toString(), "-cf", tar.toString(), ".").run();
    return tar;
  }

  @Test
  void anInterruptEndsTheWaitForASilentEngineAtOnce() {
    hasAnImage();
    Thread reader = Thread.currentThread();
    server.createContext(
        "/images/sha256:",
        exchange -> {
          reader.interrupt();
          try {
            Thread.sleep(Long.MAX_VALUE);
          } catch (InterruptedException e) {
            exchange.close();
          }
        });
    assertThatThrownBy(() -> engine().open("os:1").close())
        .isInstanceOf(OperatorError.class)
        .hasMessage("Reading docker-daemon:os:1 from the Docker Engine was stopped.");
    assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anArchiveThatIsNoImageIsNamed() throws IOException {
    hasAnImage();
    byte[] tar = Files.readAllBytes(tar());
    sends(tar.length, tar);
    assertRefused("docker-daemon:os:1 is no archive of docker save");
  }

  @Test
  void somethingElseThanAnArchiveIsNamed() {
    hasAnImage();
    byte[] page = "<html>".repeat(200).getBytes(StandardCharsets.UTF_8);
    sends(page.length, page);
    assertRefused("docker-daemon:os:1 cannot be read", "no tar archive");
  }

  @Test
  void anEngineThatRefusesIsToldInItsOwnWords() {
    hasAnImage();
    answers("/images/sha256:", 500, "{\"message\":\"no space left on its device\"}");
    assertRefused("did not give docker-daemon:os:1: no space left on its device. See");
  }

  @Test
  void whatIsNoEngineIsToldAsNone() {
    answers("/", 404, "<html>not found</html>");
    assertRefused("No Docker Engine answers at tcp://127.0.0.1:", "DOCKER_HOST");
  }

  @Test
  void aBuildWhoseAnswerBreaksOffIsAnError() throws IOException {
    hasAnImage();
    Path context = Files.createDirectory(directory.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n");
    server.createContext(
        "/build",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          send(
              exchange,
              1000,
              "{\"stream\":\"Step 1/1 : FROM scratch\\n\"}\n".getBytes(StandardCharsets.UTF_8));
        });
    assertThatThrownBy(() -> engine().build(context, BuildOptions.NONE, line -> {}).close())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("dockerfile:" + context + " cannot be built");
  }
}
