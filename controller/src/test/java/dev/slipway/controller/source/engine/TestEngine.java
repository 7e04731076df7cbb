package dev.slipway.controller.source.engine;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A real container engine of a test's own, which ends with the test. */
public interface TestEngine extends AutoCloseable {
  /** As DOCKER_HOST names it. */
  String host();

  /** The docker command, talking to this engine. */
  default Command docker(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("docker", "--host", host()));
    argv.addAll(List.of(arguments));
    return Command.of(argv);
  }

  @Override
  void close() throws IOException, InterruptedException;
}
