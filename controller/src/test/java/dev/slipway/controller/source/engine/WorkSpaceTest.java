package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkSpaceTest {
  @TempDir private Path directory;

  @Test
  void imagesThatComeTogetherAreHeldToTheRoomForAllOfThem() throws IOException {
    WorkSpace space = new WorkSpace(directory);
    long most = Files.getFileStore(directory).getUsableSpace() / 3 * 2;
    try (WorkSpace.Room first = space.promise("docker-daemon:first", most)) {
      assertThatThrownBy(() -> space.promise("docker-daemon:second", most))
          .isInstanceOf(OperatorError.class)
          .hasMessageStartingWith("Reading docker-daemon:second from the Docker Engine may take ")
          .hasMessageContaining(" MiB free, of which other images may take ")
          .hasMessageEndingWith("Make room there, or name another directory with --work.");
    }
    assertThatCode(() -> space.promise("docker-daemon:second", most).close())
        .doesNotThrowAnyException();
  }
}
