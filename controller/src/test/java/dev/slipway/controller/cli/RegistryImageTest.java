package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.controller.source.registry.DockerRegistry;
import dev.slipway.controller.source.registry.TestImage;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.image.LocalImages;
import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands about one image, and a real registry that they take it from. */
class RegistryImageTest {
  @TempDir private Path directory;
  private final StringWriter err = new StringWriter();
  private DockerRegistry registry;
  private Path tree;
  private Path work;

  @BeforeEach
  void registryWithAnImage() throws Exception {
    tree = directory.resolve("tree");
    TinyImage.in(tree, 1);
    work = Files.createDirectory(directory.resolve("work"));
    TestImage image = new TestImage();
    registry =
        DockerRegistry.in(Files.createDirectory(directory.resolve("registry")))
            .with("team/tiny", "1", image, image.image("amd64", TestImage.tar(tree)));
  }

  @AfterEach
  void stop() throws Exception {
    registry.close();
  }

  @Test
  void anImageOfARegistryIsPrepared() throws Exception {
    assertThat(prepare("docker://" + registry.host() + "/team/tiny:1")).as("%s", err).isZero();

    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    try (Image prepared = LocalImages.open("oci-archive:" + directory.resolve("os.tar"))) {
      LayerStack.unpack(prepared, unpacked);
    }
    assertThat(unpacked.resolve("boot/slipway/initrd"))
        .hasSameBinaryContentAs(tree.resolve("boot/slipway/initrd"));
    assertThat(unpacked.resolve("usr/lib/slipway/changes")).isNotEmptyFile();
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anImageThatTheRegistryDoesNotHaveIsOneSentence() {
    assertThat(prepare("docker://" + registry.host() + "/team/tiny:2")).isEqualTo(1);
    assertThat(err.toString())
        .endsWith(
            "\ncontroller: "
                + registry.host()
                + "/team/tiny has no tag 2; its tags are 1. Name one of them.\n");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anImageOfARegistryIsChecked() {
    StringWriter out = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    int exitCode =
        command.execute(
            "image",
            "check",
            "docker://" + registry.host() + "/team/tiny:1",
            "--initrd",
            "keep",
            "--work",
            work.toString());
    assertThat(exitCode).as("%s", out).isZero();
    assertThat(out.toString()).endsWith("The image boots once it is prepared.\n");
  }

  @Test
  void aKernelIsNamedOnlyWhereOneIsChosen() {
    String image = "docker://" + registry.host() + "/team/tiny:1";
    assertThat(prepare(image, "--kernel", "6.1.0-9-amd64")).isEqualTo(2);
    assertThat(err.toString()).startsWith("controller: --kernel has no meaning beside --initrd");
  }

  @Test
  void aKernelIsNamedByItsWholeVersion() {
    StringWriter said = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setErr(new PrintWriter(said, true));
    assertThat(command.execute("image", "check", "oci:os", "--kernel", "the newest")).isEqualTo(2);
    assertThat(said.toString()).contains("the newest", "uname -r", "6.1.0-31-amd64");
  }

  @Test
  void aProgramIsToldWhatIsDoneOfHowMuch() {
    String image = "docker://" + registry.host() + "/team/tiny:1";
    assertThat(prepare(image, "--progress", "json")).isZero();
    List<JsonObject> events =
        err.toString().lines().filter(line -> line.startsWith("{")).map(Json::readObject).toList();
    assertThat(events)
        .filteredOn(event -> event.string("event").equals("finished"))
        .extracting(event -> event.string("step"))
        .containsExactly(
            "open " + image,
            "unpack " + image,
            "prepare to boot",
            "make manifest",
            "pack",
            "write " + directory.resolve("os.tar"));
    assertThat(events)
        .filteredOn(event -> event.has("bytes"))
        .extracting(event -> event.integer("bytes"))
        .hasSize(4)
        .allMatch(bytes -> bytes > 500_000);
    assertThat(events.get(events.size() - 1).string("event")).isEqualTo("ended");
  }

  private int prepare(String image, String... more) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(new StringWriter(), true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(
        Stream.concat(
                Stream.of(
                    "image",
                    "prepare",
                    image,
                    "-o",
                    directory.resolve("os.tar").toString(),
                    "--initrd",
                    "keep",
                    "--no-agent",
                    "--plain-http",
                    "registry.lan:5000,registry.lan",
                    "--work",
                    work.toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }
}
