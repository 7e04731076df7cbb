package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineSocketTest {
  private static final Map<String, String> USER = Map.of("XDG_RUNTIME_DIR", "/run/user/1000");

  @TempDir private Path root;
  private final List<ServerSocketChannel> listening = new ArrayList<>();

  /** One where somebody listens. */
  private Path socket(String path) throws IOException {
    Path socket = leftBehind(path);
    Files.delete(socket);
    listening.add(
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(socket)));
    return socket;
  }

  /** One of an engine that has gone. */
  private Path leftBehind(String path) throws IOException {
    Path socket = root.resolve(path);
    Files.createDirectories(socket.getParent());
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    assertThat(socket).exists();
    return socket;
  }

  private Optional<Path> found(Map<String, String> environment) {
    return EngineSocket.listening(EngineSocket.places(environment, root));
  }

  @AfterEach
  void stopListening() throws IOException {
    for (ServerSocketChannel each : listening) {
      each.close();
    }
  }

  @Test
  void dockerComesBeforeThePodmanOfTheUserAndThatBeforeTheOneOfTheSystem() throws IOException {
    assertThat(found(USER)).isEmpty();
    Path system = socket("run/podman/podman.sock");
    assertThat(found(USER)).contains(system);
    Path user = socket("run/user/1000/podman/podman.sock");
    assertThat(found(USER)).contains(user);
    Path docker = socket("var/run/docker.sock");
    assertThat(found(USER)).contains(docker);
  }

  @Test
  void whereNobodyListensTheNextIsTried() throws IOException {
    leftBehind("var/run/docker.sock");
    Files.createDirectories(root.resolve("run/user/1000/podman/podman.sock"));
    assertThat(found(USER)).isEmpty();
    Path system = socket("run/podman/podman.sock");
    assertThat(found(USER)).contains(system);
  }

  @Test
  void whenNobodyListensAllPlacesAreNamed() throws IOException {
    leftBehind("var/run/docker.sock");
    DockerEngine engine =
        DockerEngine.atOneOf(EngineSocket.places(USER, root), new WorkSpace(root));
    assertThatThrownBy(() -> engine.open("web:1"))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith(
            "No Docker Engine answers at unix://%1$s/var/run/docker.sock or unix://%1$s/run/user/1000/podman/podman.sock or unix://%1$s/run/podman/podman.sock ("
                .formatted(root));
  }

  @Test
  void withoutALoginSessionOnlyTheOnesOfTheSystemAreLookedFor() throws IOException {
    socket("run/user/1000/podman/podman.sock");
    assertThat(found(Map.of())).isEmpty();
    Path system = socket("run/podman/podman.sock");
    assertThat(found(Map.of())).contains(system);
  }
}
