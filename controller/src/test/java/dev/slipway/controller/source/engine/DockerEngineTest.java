package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.image.Image;
import dev.slipway.linux.Command;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Docker Engine. */
class DockerEngineTest {
  /** A line that tells of progress. */
  private static final String STEP =
      "(open|look|unpack|prepare) .*( \\.\\.\\.|: [0-9.]+ s.*)|In all: [0-9.]+ s|Time of each step:| +[0-9.]+ s  .*";

  @TempDir private static Path directory;
  @TempDir private static Path engineDirectory;
  @TempDir private Path work;
  private static PrivateEngine engine;

  @BeforeAll
  static void engineWithAnImage() throws Exception {
    engine = new PrivateEngine(engineDirectory);
    SmallImage.importInto(engine, directory);
    Files.writeString(directory.resolve("Dockerfile"), "FROM scratch\nCOPY tree.tar /\n");
    engine
        .docker("build", "--platform", "linux/arm64", "--tag", "arm:1", directory.toString())
        .environment(Map.of("DOCKER_BUILDKIT", "0"))
        .run();
  }

  @AfterAll
  static void stop() throws Exception {
    engine.close();
  }

  private Image open(String name) {
    return DockerEngine.at(engine.host(), new WorkSpace(work)).open(name);
  }

  @Test
  void anImageArrivesWithItsConfigurationAndCapabilities() throws Exception {
    Path target = Files.createDirectory(directory.resolve("unpacked"));
    try (Image image = open(SmallImage.NAME)) {
      SmallImage.requireWhole(image, target);
    }
    // No leftovers of a container, as an export would have them.
    assertThat(target.resolve(".dockerenv")).doesNotExist();
  }

  @Test
  void theCommandThatReadsAnImageSaysWhatIsWrongWithItAndNothingElse() {
    Command.Result result = prepared("docker-daemon:small:1");
    assertThat(result.exit()).isEqualTo(1);
    String said = result.out() + result.err();
    assertThat(said.lines().filter(line -> !line.matches(STEP)))
        .containsExactly(
            "controller: docker-daemon:small:1: The image has no kernel. Install a Linux kernel in"
                + " the image.");
  }

  @Test
  void theCommandWhoseBuildIsRefusedSaysSoAndNothingElse() throws Exception {
    Path context = Files.createDirectory(directory.resolve("refused"));
    Files.writeString(context.resolve("Dockerfile"), "FORM scratch\n");
    Command.Result result = prepared("dockerfile:" + context);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("open dockerfile:" + context + " ...\nIn all: ")
        .contains("\ncontroller: dockerfile:" + context + " cannot be built: ")
        .contains("unknown instruction: FORM")
        .hasLineCount(3);
  }

  private Command.Result prepared(String image) {
    return Command.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-Dslipway.home=" + System.getProperty("slipway.home"),
            "-Dslipway.bundle=" + work,
            "-cp",
            classPathOfTheProgram(),
            "dev.slipway.controller.cli.Main",
            "image",
            "prepare",
            image,
            "--no-agent",
            "-o",
            work.resolve("out.tar").toString())
        .environment(Map.of("DOCKER_HOST", engine.host()))
        .runUnchecked();
  }

  /** Without the tests' own classes and resources, their configuration of logging above all. */
  private static String classPathOfTheProgram() {
    return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(":"));
  }

  @Test
  void theCopyHasNoNameThatCouldBeLeft() {
    try (Image image = open(SmallImage.NAME)) {
      assertThat(image.layers()).hasSize(1);
      assertThat(work).isEmptyDirectory();
    }
  }

  @Test
  void anImageThatMayNotFitIsRefusedBeforeItIsCopied() throws Exception {
    Path large = Files.createDirectory(directory.resolve("large"));
    Files.write(large.resolve("data"), new byte[3 << 20]);
    Files.writeString(large.resolve("Dockerfile"), "FROM scratch\nCOPY data /\n");
    engine
        .docker("build", "--tag", "large:1", large.toString())
        .environment(Map.of("DOCKER_BUILDKIT", "0"))
        .run();
    Path small = Files.createDirectory(directory.resolve("small"));
    try (Mount mount = Mount.of(Path.of("tmpfs"), small, "tmpfs", Set.of(), "size=2m")) {
      DockerEngine withLittleRoom = DockerEngine.at(engine.host(), new WorkSpace(mount.target()));
      assertThatThrownBy(() -> withLittleRoom.open("large:1"))
          .isInstanceOf(OperatorError.class)
          .hasMessage(
              "Reading docker-daemon:large:1 from the Docker Engine may take 3 MiB in "
                  + small
                  + ", which has 2 MiB free. Make room there, or name another directory with"
                  + " --work.");
    }
  }

  @Test
  void aPlaceWhereNothingCanBeKeptIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("no-directory"), "");
    DockerEngine withoutRoom = DockerEngine.at(engine.host(), new WorkSpace(file));
    assertThatThrownBy(() -> withoutRoom.open(SmallImage.NAME))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("Reading docker-daemon:small:1")
        .hasMessageContaining(file.toString())
        .hasMessageContaining("--work");
  }

  @Test
  void anImageThatTheEngineDoesNotHaveIsNamed() {
    assertThatThrownBy(() -> open("nothere:3"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("has no image nothere:3")
        .hasMessageContaining("docker pull");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anImageForAnotherPlatformIsRefused() {
    assertThatThrownBy(() -> open("arm:1"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("is for linux/arm64");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anEngineThatDoesNotAnswerIsReportedWithOtherWays() {
    DockerEngine nobody =
        DockerEngine.at("unix://" + directory.resolve("nobody"), new WorkSpace(work));
    assertThatThrownBy(() -> nobody.open(SmallImage.NAME))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("No Docker Engine answers at unix://")
        .hasMessageContaining("rootfs:");
  }
}
