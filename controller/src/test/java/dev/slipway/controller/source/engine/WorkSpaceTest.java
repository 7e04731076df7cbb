package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class WorkSpaceTest {
  @TempDir private Path directory;

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void anImageThatMayNotFitBesideAnotherWaitsUntilThatOneIsIn() throws Exception {
    WorkSpace space = new WorkSpace(directory);
    long most = Files.getFileStore(directory).getUsableSpace() / 3 * 2;
    Thread second = new Thread(() -> space.promise("docker-daemon:second", most).close(), "second");
    try (WorkSpace.Room first = space.promise("docker-daemon:first", most)) {
      second.start();
      while (second.getState() != Thread.State.WAITING) {
        assertThat(second.isAlive()).as("it has not got its room").isTrue();
        Thread.onSpinWait();
      }
      space.promise("docker-daemon:small", 1).close();
    }
    second.join();
  }

  @Test
  void anImageThatMayNotFitByItselfIsRefusedWithBothNumbers() throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();

    assertThatThrownBy(() -> new WorkSpace(directory).promise("docker-daemon:large", 2 * free))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith("Reading docker-daemon:large from the Docker Engine may take ")
        .hasMessageEndingWith(" MiB free. Make room there, or name another directory with --work.");
  }
}
