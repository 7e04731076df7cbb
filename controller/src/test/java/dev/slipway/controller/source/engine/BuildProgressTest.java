package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.BuildResponseItem;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By answers as Docker 20.10 and Podman 4.3 send them. */
class BuildProgressTest {
  private final List<String> lines = new ArrayList<>();
  private final BuildProgress progress =
      new BuildProgress(
          new DockerfileBuild(Path.of("/srv/db"), Path.of("Dockerfile"), BuildOptions.NONE),
          lines::add);

  private BuildProgress sent(String... items) throws JsonProcessingException {
    ObjectMapper json =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    for (String item : items) {
      progress.onNext(json.readValue(item, BuildResponseItem.class));
    }
    return progress;
  }

  @Test
  void piecesBecomeLinesWithoutColoursAndTheImageIsNamedAtTheEnd() throws Exception {
    sent(
        "{\"stream\":\"Step 1/2 : FROM scratch\"}",
        "{\"stream\":\"\\n\"}",
        "{\"stream\":\"\\u001b[91mwarned\\u001b[0m\\n ---\\u003e 0123\\n\"}",
        "{\"aux\":{\"ID\":\"sha256:%s\"}}".formatted("0".repeat(64)),
        "{\"stream\":\"Successfully built 0123456789ab\\n\"}");
    assertThat(lines)
        .containsExactly(
            "Step 1/2 : FROM scratch", "warned", "---> 0123", "Successfully built 0123456789ab");
    assertThat(progress.imageId()).isEqualTo("0123456789ab");
  }

  @Test
  void aFailingStepIsNamedWithItsOwnLastLines() throws Exception {
    sent(
        "{\"stream\":\"STEP 1/2: FROM scratch\\n\"}",
        "{\"stream\":\"of the first step\\n\"}",
        "{\"stream\":\"STEP 2/2: RUN make\\n\"}");
    for (int i = 1; i <= 12; i++) {
      sent("{\"stream\":\"line " + i + "\\n\"}");
    }
    sent("{\"error\":\"building at STEP \\\"RUN make\\\": exit status 2\"}");
    assertThatThrownBy(progress::imageId)
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith(
            "dockerfile:/srv/db cannot be built: the step \"RUN make\" failed: building at STEP \"RUN"
                + " make\": exit status 2. Mend its Dockerfile or what it copies. The step's last"
                + " lines:\n    line 3\n")
        .hasMessageEndingWith("\n    line 12");
  }

  @Test
  void theProgressOfEachPartOfABaseImageIsNotTold() throws Exception {
    sent(
        "{\"status\":\"Pulling from library/debian\",\"id\":\"12\"}",
        "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":1,\"total\":9},\"id\":\"ab\"}",
        "{\"status\":\"Pull complete\",\"progressDetail\":{},\"id\":\"ab\"}");
    assertThat(lines).containsExactly("12: Pulling from library/debian", "ab: Pull complete");
  }

  @Test
  void anOptionThatNeedsBuildKitIsAnsweredWithTheWayToBuildWithIt() throws Exception {
    sent(
        "{\"stream\":\"Step 2/2 : RUN --mount=type=cache,target=/x make\"}",
        "{\"stream\":\"\\n\"}",
        "{\"errorDetail\":{\"message\":\"the --mount option requires BuildKit. Refer to"
            + " https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit"
            + " enabled\"}}");
    assertThatThrownBy(progress::imageId)
        .isInstanceOf(OperatorError.class)
        .hasMessageEndingWith(
            "with BuildKit enabled. Mend its Dockerfile, or build it with BuildKit, which the docker"
                + " command has and Slipway does not speak to: run \"DOCKER_BUILDKIT=1 docker build"
                + " -t NAME '/srv/db'\" and name the result, docker-daemon:NAME, as the image.");
  }

  @Test
  void anEndWithoutAnImageIsAnError() {
    assertThatThrownBy(progress::imageId)
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("does not say which image it built");
  }
}
