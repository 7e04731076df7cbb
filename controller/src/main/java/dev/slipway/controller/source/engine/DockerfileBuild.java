package dev.slipway.controller.source.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageCmd;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * An image that a Dockerfile describes. The engine's API builds it with what the engine has built
 * in: Docker's classic builder, or Podman's Buildah. BuildKit is only to be had through a client of
 * its own.
 *
 * @param directory absolute
 * @param dockerfile in the directory
 */
record DockerfileBuild(Path directory, Path dockerfile, BuildOptions options) {
  private static final String USUAL_NAME = "Dockerfile";

  /**
   * Checks what can be checked before an engine is asked.
   *
   * @throws OperatorError when there is no such directory, or no Dockerfile in it
   */
  static DockerfileBuild in(Path place, BuildOptions options) {
    Path directory = place.toAbsolutePath().normalize();
    Path dockerfile = directory.resolve(options.dockerfile().orElse(USUAL_NAME)).normalize();
    if (!Files.isDirectory(directory)) {
      throw new OperatorError(
          "dockerfile:"
              + place
              + " should be a directory with a Dockerfile, but "
              + (Files.exists(directory)
                  ? directory
                      + " is none. Name the directory that it lies in; --dockerfile, or build:"
                      + " {dockerfile: NAME} in disk.yml, names a Dockerfile of another name."
                  : directory + " does not exist."));
    }
    if (!dockerfile.startsWith(directory) || !Files.isRegularFile(dockerfile)) {
      throw new OperatorError(
          "dockerfile:"
              + place
              + " has no Dockerfile: "
              + dockerfile
              + (dockerfile.startsWith(directory) ? " is no file." : " lies outside the directory.")
              + " --dockerfile, or build: {dockerfile: NAME} in disk.yml, names one of another name in"
              + " the directory.");
    }
    return new DockerfileBuild(directory, directory.relativize(dockerfile), options);
  }

  /** What messages call the image. */
  String reference() {
    return "dockerfile:" + directory;
  }

  /**
   * What to do when the engine did not build it, in a sentence.
   *
   * @param refusal the engine's words
   */
  String remedy(String refusal) {
    if (!BuildKitSyntax.isRefused(refusal, text())) {
      return "Mend its " + dockerfile + " or what it copies.";
    }
    String file =
        dockerfile.toString().equals(USUAL_NAME)
            ? ""
            : "--file '" + directory.resolve(dockerfile) + "' ";
    return "Mend its "
        + dockerfile
        + ", or build it with BuildKit, which the docker command has and Slipway does not speak to: run"
        + " \"DOCKER_BUILDKIT=1 docker build -t NAME "
        + file
        + "'"
        + directory
        + "'\""
        + (options.arguments().isEmpty() && options.target().isEmpty()
            ? ""
            : ", with --build-arg and --target as here,")
        + " and name the result, docker-daemon:NAME, as the image.";
  }

  private String text() {
    try {
      return Files.readString(directory.resolve(dockerfile), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // The engine's words are what is to be told, not that the Dockerfile is gone by now.
      return "";
    }
  }

  /**
   * Builds.
   *
   * @param progress takes each line that the build says
   * @return the image's id
   * @throws OperatorError when a step fails
   */
  String run(DockerClient client, Consumer<String> progress) {
    BuildProgress build = new BuildProgress(this, progress);
    try (BuildContext context = BuildContext.of(directory, dockerfile);
        build) {
      command(client, context).exec(build);
      try {
        build.awaitCompletion();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new OperatorError("Building " + reference() + " was stopped.", e);
      }
      context.throwFailure();
      return build.imageId();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BuildImageCmd command(DockerClient client, BuildContext context) {
    BuildImageCmd command =
        client
            .buildImageCmd(context.tar())
            .withDockerfilePath(dockerfile.toString())
            .withPlatform("linux/amd64")
            .withRemove(true)
            .withForcerm(true);
    options.arguments().forEach(command::withBuildArg);
    options.target().ifPresent(command::withTarget);
    return command;
  }
}
