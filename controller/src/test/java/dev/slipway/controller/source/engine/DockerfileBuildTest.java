package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.Command;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Built by a real Docker Engine. */
@Timeout(120)
class DockerfileBuildTest {
  @TempDir private static Path engineDirectory;
  private static TestEngine engine;

  @TempDir private Path directory;
  private Path work;
  private Path context;
  private final List<String> progress = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    engine = new PrivateEngine(engineDirectory);
  }

  @AfterAll
  static void stop() throws Exception {
    engine.close();
  }

  @BeforeEach
  void directories() throws IOException {
    work = Files.createDirectory(directory.resolve("work"));
    context = Files.createDirectory(directory.resolve("context"));
  }

  private Path file(String path, String text) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Image build(BuildOptions options) {
    return DockerEngine.at(engine.host(), new WorkSpace(work))
        .build(context, options, progress::add);
  }

  private Path unpack(Image image) throws IOException {
    Path root = Files.createDirectory(directory.resolve("root"));
    LayerStack.unpack(image, root);
    return root;
  }

  @Test
  void whatIsMountedInTheDirectoryIsPartOfIt() throws Exception {
    file("Dockerfile", "FROM scratch\nCOPY files /files\n");
    file("files/here", "here");
    // Their files have the same inode numbers.
    try (Mount first = mount("files/mounted");
        Mount second = mount("files/mounted2")) {
      for (Mount mount : List.of(first, second)) {
        Path file = mount.target().resolve("there");
        Files.writeString(file, "in " + mount.target().getFileName());
        Files.createLink(mount.target().resolve("there-too"), file);
      }
      try (Image image = build(BuildOptions.NONE)) {
        Path root = unpack(image);
        assertThat(root.resolve("files/here")).hasContent("here");
        for (String mounted : List.of("mounted", "mounted2")) {
          Path there = root.resolve("files").resolve(mounted);
          assertThat(there.resolve("there")).hasContent("in " + mounted);
          assertThat(there.resolve("there-too")).hasContent("in " + mounted);
        }
      }
    }
  }

  private Mount mount(String path) throws IOException {
    Path target = Files.createDirectories(context.resolve(path));
    return Mount.of(Path.of("tmpfs"), target, "tmpfs", Set.of(), "");
  }

  @Test
  void anImageIsBuiltWithItsArgumentsToItsTarget() throws Exception {
    file("etc/name", "first");
    file("unwanted", "");
    file(
        "Dockerfile",
        """
        FROM scratch AS wanted
        ARG WHO=nobody
        COPY etc /etc
        LABEL who=$WHO
        FROM scratch
        COPY unwanted /
        """);
    try (Image image =
        build(
            new BuildOptions(Map.of("WHO", "me = you"), Optional.of("wanted"), Optional.empty()))) {
      assertThat(image.reference()).isEqualTo("dockerfile:" + context);
      assertThat(image.config().labels()).containsEntry("who", "me = you");
      assertThat(unpack(image).resolve("etc/name")).hasContent("first");
      assertThat(directory.resolve("root/unwanted")).doesNotExist();
      assertThat(progress).anyMatch(line -> line.contains("COPY etc /etc"));

      String id = image.digest().toString();
      assertThat(
              engine.docker("images", "--no-trunc", "-q", "--filter", "dangling=true").run().out())
          .as("it stays, without a name")
          .contains(id);
    }
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void filesArriveWithTheirModesAndLinks() throws Exception {
    Path program = file("tree/program", "#!/bin/sh\n");
    Command.of("chmod", "751", program.toString()).run();
    Command.of("chown", "7:8", file("tree/owned", "x").toString()).run();
    Files.createLink(context.resolve("tree/second"), program);
    Files.createSymbolicLink(context.resolve("tree/link"), Path.of("nowhere"));
    file("Dockerfile", "FROM scratch\nCOPY tree /\n");
    try (Image image = build(BuildOptions.NONE)) {
      Path root = unpack(image);
      for (String name : List.of("program", "second")) {
        assertThat(root.resolve(name)).hasContent("#!/bin/sh\n");
        assertThat(Command.of("stat", "-c", "%a", root.resolve(name).toString()).run().out())
            .isEqualTo("751\n");
      }
      assertThat(Files.readSymbolicLink(root.resolve("link"))).hasToString("nowhere");
      assertThat(Command.of("stat", "-c", "%u:%g", root.resolve("owned").toString()).run().out())
          .as("all of a build's files belong to root, as docker build has it")
          .isEqualTo("0:0\n");
    }
  }

  /** The Engine takes what it built before only if it sees the very same files. */
  @Test
  void theBuildSeesWhatTheDockerCommandWouldShowIt() throws Exception {
    for (String path :
        List.of(
            "a", "b.log", "c/d.log", "c/e", "c/keep/f", "c/keep/g.log", "h/i/j", "k l", "m+n")) {
      file(path, path);
    }
    Command.of("chmod", "4711", context.resolve("a").toString()).run();
    Command.of("chown", "7:8", context.resolve("a").toString()).run();
    Command.of("setcap", "cap_net_raw+ep", context.resolve("k l").toString()).run();
    Files.createSymbolicLink(context.resolve("link"), Path.of("nowhere"));
    file("Dockerfile", "FROM scratch\nCOPY . /\n");
    List<String> ignores =
        List.of(
            "",
            "*.log\n",
            "**/*.log\n!c/keep/*.log\n",
            "c\n!c/keep\n",
            "*\n!a\n!h/i\n",
            "Dockerfile\n.dockerignore\nc/**\n",
            "h/*/j\nk l\nm+n\n?\n",
            "[!a-c]*\n");
    for (String ignore : ignores) {
      file(".dockerignore", ignore);
      String byDocker =
          engine
              .docker("build", "-q", "--platform", "linux/amd64", context.toString())
              .environment(Map.of("DOCKER_BUILDKIT", "0"))
              .run()
              .out()
              .strip();
      try (Image image = build(BuildOptions.NONE)) {
        assertThat(image.digest()).as(ignore).hasToString(byDocker);
      }
    }
  }

  @Test
  void aFileIsSeenAlsoIfItsOtherNameIsLeftOut() throws Exception {
    Files.createLink(context.resolve("z-second"), file("a-first", "linked"));
    file(".dockerignore", "a-first\n");
    file("Dockerfile", "FROM scratch\nCOPY . /\n");
    try (Image image = build(BuildOptions.NONE)) {
      Path root = unpack(image);
      assertThat(root.resolve("a-first")).doesNotExist();
      assertThat(root.resolve("z-second")).hasContent("linked");
    }
  }

  @Test
  void aStepThatFailsIsNamedWithWhatItSaid() throws Exception {
    Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
    file(
        "Dockerfile",
        """
        FROM scratch
        COPY busybox /busybox
        RUN ["/busybox", "sh", "-c", "echo to be read; echo badly >&2; exit 3"]
        """);
    assertThatThrownBy(() -> build(BuildOptions.NONE).close())
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith(
            "dockerfile:" + context + " cannot be built: the step \"RUN [\"/busybox\"")
        .hasMessageContaining("returned a non-zero code: 3. Mend its Dockerfile")
        .hasMessageContaining("\n    to be read")
        .hasMessageContaining("\n    badly");
    assertThat(progress).contains("to be read");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void aDockerfileOfAnotherNameIsUsedAlsoIfTheBuildDoesNotSeeIt() throws Exception {
    file("docker/Slot.dockerfile", "FROM scratch\nCOPY seen /\n");
    file("seen", "");
    file(".dockerignore", "docker\n");
    BuildOptions options =
        new BuildOptions(Map.of(), Optional.empty(), Optional.of("docker/Slot.dockerfile"));
    try (Image image = build(options)) {
      assertThat(unpack(image).resolve("seen")).exists();
    }
  }

  @Test
  void whatIsNoBuildIsRefusedBeforeTheEngineIsAsked() throws Exception {
    DockerEngine nobody =
        DockerEngine.at("unix://" + directory.resolve("nobody"), new WorkSpace(work));
    Path file = file("Containerfile", "FROM scratch\n");
    assertRefused(nobody, context, Optional.empty(), "has no Dockerfile", "--dockerfile");
    assertRefused(nobody, context, Optional.of("../x"), "lies outside the directory");
    assertRefused(nobody, file, Optional.empty(), "Name the directory that it lies in");
    assertRefused(nobody, context.resolve("gone"), Optional.empty(), "gone does not exist");
    assertRefused(
        nobody, context, Optional.of("Containerfile"), "No Docker Engine answers at unix://");
  }

  private void assertRefused(
      DockerEngine asked, Path place, Optional<String> dockerfile, String... saying) {
    BuildOptions options = new BuildOptions(Map.of(), Optional.empty(), dockerfile);
    assertThatThrownBy(() -> asked.build(place, options, progress::add).close())
        .isInstanceOf(OperatorError.class)
        .message()
        .contains(saying);
  }

  @Test
  void whatTheEngineRefusesIsSaidInItsOwnWords() throws Exception {
    file("Dockerfile", "FORM scratch\n");
    assertThatThrownBy(() -> build(BuildOptions.NONE).close())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("dockerfile:" + context + " cannot be built")
        .hasMessageContaining("unknown instruction: FORM")
        .hasMessageContaining("Mend its Dockerfile");

    file("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
    assertThatThrownBy(
            () ->
                build(new BuildOptions(Map.of(), Optional.of("absent"), Optional.empty())).close())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("absent");

    file("Dockerfile", "FROM registry.invalid/os:1\n");
    assertThatThrownBy(() -> build(BuildOptions.NONE).close())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("the step \"FROM registry.invalid/os:1\" failed")
        .hasMessageContaining("registry.invalid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN --mount=type=cache,target=/cache true",
        "RUN <<EOF\necho here\nEOF",
        "RUN : first && \\\n  cat > /file <<-'END'\nhere\nEND",
        "COPY <<EOF /file\nhere\nEOF",
        "COPY --link Dockerfile /",
        "COPY --chmod=755 Dockerfile /",
      })
  void whatNeedsBuildKitIsRefusedWithTheWayToBuildWithIt(String instructions) throws Exception {
    Path dockerfile = file("slot.dockerfile", "FROM scratch\n" + instructions + "\n");
    BuildOptions options =
        new BuildOptions(Map.of(), Optional.empty(), Optional.of("slot.dockerfile"));
    assertThatThrownBy(() -> build(options).close())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining(
            "\"DOCKER_BUILDKIT=1 docker build -t NAME --file '"
                + dockerfile
                + "' '"
                + context
                + "'\" and name the result, docker-daemon:NAME, as the image.");
  }

  @Test
  void aMistakeInADockerfileForBuildKitMayBeThatOnlyBuildKitReadsIt() throws Exception {
    String newer = "FROM scratch\nNOVELTY x\n";
    file("Dockerfile", "# syntax=docker/dockerfile:1\n" + newer);
    assertThatThrownBy(() -> build(BuildOptions.NONE).close())
        .hasMessageContaining("unknown instruction: NOVELTY")
        .hasMessageContaining("DOCKER_BUILDKIT=1 docker build");

    file("Dockerfile", "# RUN --mount\n" + newer + "RUN : $((1<<a)) <<<b\n");
    assertThatThrownBy(() -> build(BuildOptions.NONE).close())
        .hasMessageContaining("unknown instruction: NOVELTY")
        .hasMessageNotContaining("DOCKER_BUILDKIT");
  }

  @Test
  void anInterruptEndsABuildAtOnce() throws Exception {
    Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
    file("Dockerfile", "FROM scratch\nCOPY busybox /\nRUN [\"/busybox\", \"sleep\", \"100\"]\n");
    Thread builder = Thread.currentThread();
    DockerEngine asked = DockerEngine.at(engine.host(), new WorkSpace(work));
    assertThatThrownBy(
            () ->
                asked
                    .build(
                        context,
                        BuildOptions.NONE,
                        line -> {
                          if (line.contains("sleep")) {
                            builder.interrupt();
                          }
                        })
                    .close())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("was stopped");
    assertThat(Thread.interrupted()).isTrue();
  }
}
