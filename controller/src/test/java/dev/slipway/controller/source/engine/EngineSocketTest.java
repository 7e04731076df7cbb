package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineSocketTest {
  private static final Map<String, String> USER = Map.of("XDG_RUNTIME_DIR", "/run/user/1000");

  @TempDir private Path root;

  private Path socket(String path) throws IOException {
    Path socket = root.resolve(path);
    Files.createDirectories(socket.getParent());
    return Files.createFile(socket);
  }

  @Test
  void dockerComesBeforeThePodmanOfTheUserAndThatBeforeTheOneOfTheSystem() throws IOException {
    assertThat(EngineSocket.find(USER, root)).isEmpty();
    Path system = socket("run/podman/podman.sock");
    assertThat(EngineSocket.find(USER, root)).contains(system);
    Path user = socket("run/user/1000/podman/podman.sock");
    assertThat(EngineSocket.find(USER, root)).contains(user);
    Path docker = socket("var/run/docker.sock");
    assertThat(EngineSocket.find(USER, root)).contains(docker);
  }

  @Test
  void withoutALoginSessionOnlyTheOnesOfTheSystemAreLookedFor() throws IOException {
    socket("run/user/1000/podman/podman.sock");
    assertThat(EngineSocket.find(Map.of(), root)).isEmpty();
    Path system = socket("run/podman/podman.sock");
    assertThat(EngineSocket.find(Map.of(), root)).contains(system);
  }
}
