package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.cli.Commands.Ran;
import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.controller.server.TestServer;
import dev.slipway.controller.source.registry.DockerRegistry;
import dev.slipway.controller.source.registry.Pull;
import dev.slipway.controller.source.registry.TestImage;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.image.LocalImages;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseManifest.Descriptor;
import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, a running server, and what a host then pulls from it. */
class ReleasePublishTest {
  @TempDir Path directory;
  private TestServer server;
  private Commands commands;
  private Path work;

  @BeforeEach
  void startController() throws Exception {
    server = new TestServer(directory);
    commands = new Commands(server.commandConfig());
    work = Files.createDirectory(directory.resolve("work"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatWasPublishedIsPulledByDigestAndIsThePreparedImage() throws Exception {
    Path image = directory.resolve("image");
    TinyImage.in(image, 1).with("usr/share/data", 200_000);

    Ran ran = publish("rootfs:" + image, "2");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    byte[] manifest = pull("/v2/web/manifests/2");
    Digest digest = Digest.of(manifest);
    assertThat(ran.out())
        .matches(
            "Published web:2: %s, kernel %s, [0-9]+ changes \\(in /usr/lib/slipway/changes\\)[.]\n"
                .formatted(digest, TinyImage.KERNEL_VERSION));
    assertThat(ran.err())
        .contains("\nNote on rootfs:" + image + " (fsck): The image has no fsck.ext4;")
        .contains("\nNote on rootfs:" + image + " (way-in): No account of the image has");
    assertThat(
            ran.err()
                .lines()
                .takeWhile(line -> !line.equals("Time of each step:"))
                .filter(line -> !line.endsWith(" ...")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("open rootfs:" + image + ": "),
            line -> assertThat(line).matches("unpack rootfs:.*: [0-9.]+ s, 78[0-9.]+ KiB.*"),
            line -> assertThat(line).startsWith("prepare to boot: "),
            line -> assertThat(line).matches("make manifest: [0-9.]+ s, 80[0-9.]+ KiB.*"),
            line -> assertThat(line).matches("pack: [0-9.]+ s, 80[0-9.]+ KiB.*"),
            line -> assertThat(line).matches("send to the server: [0-9.]+ s, [0-9.]+ KiB.*"));
    assertThat(ran.err()).containsPattern("s  send to the server.*\nIn all: [0-9.]+ s\n");
    assertThat(pull("/v2/web/manifests/" + digest)).isEqualTo(manifest);
    ReleaseManifest release = ReleaseManifest.read(manifest);
    for (Descriptor part : new Descriptor[] {release.config(), release.layer()}) {
      byte[] blob = pull("/v2/web/blobs/" + part.digest());
      assertThat(Digest.of(blob)).isEqualTo(part.digest());
      assertThat((long) blob.length).isEqualTo(part.size());
    }

    Path tree = unpacked("2");
    ReleaseDescription description = release.description().orElseThrow();
    try (EntryStream entries = TreeScanner.of(tree)) {
      assertThat(Manifest.of(entries).digest())
          .as("what a host compares its slot with")
          .isEqualTo(description.tree());
    }
    assertThat(description.kernelVersion()).isEqualTo(TinyImage.KERNEL_VERSION);
    for (String file : new String[] {"usr/share/data", "boot/slipway/vmlinuz", "sbin/init"}) {
      assertThat(tree.resolve(file)).hasSameBinaryContentAs(image.resolve(file));
    }
    assertThat(tree.resolve("usr/lib/slipway/changes")).as("it was prepared").isNotEmptyFile();
    assertNothingIsLeft();
  }

  @Test
  void anImageOfARegistryIsPublishedAndTheReleaseIsAnImageOfARegistryAgain() throws Exception {
    Path tree = directory.resolve("image");
    TinyImage.in(tree, 1);
    TestImage image = new TestImage();
    Path elsewhere = Files.createDirectory(directory.resolve("registry"));
    try (DockerRegistry registry = DockerRegistry.in(elsewhere)) {
      registry.with("tiny", "1", image, image.image("amd64", TestImage.tar(tree)));
      Ran ran = publish("docker://" + registry.host() + "/tiny:1", "2");
      assertThat(ran.exitCode()).as(ran.err()).isZero();
    }

    String release = "localhost:" + server.port() + "/web:2";
    Pull pull =
        new Pull(directory.resolve("docker"))
            .config(
                "{\"auths\":{\"localhost:%d\":{\"auth\":\"%s\"}}}"
                    .formatted(server.port(), server.operator().substring("Basic ".length())));
    Path target = Files.createDirectory(directory.resolve("unpacked"));
    try (Image pulled = pull.open(release, server.client().sslContext())) {
      LayerStack.unpack(pulled, target);
    }
    assertThat(target.resolve("boot/slipway/vmlinuz"))
        .hasSameBinaryContentAs(tree.resolve("boot/slipway/vmlinuz"));
    assertThatThrownBy(() -> pull.open(release))
        .as("with TLS that is not trusted, it is not tried without")
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("The registry localhost:" + server.port() + " is not trusted: ")
        .hasMessageContaining("update-ca-certificates");
  }

  @Test
  void aVersionThatIsPublishedIsRefusedBeforeAnythingIsDone() throws Exception {
    publish(TinyImage.in(directory.resolve("image"), 1).reference(), "2");
    Digest first = Digest.of(pull("/v2/web/manifests/2"));

    Ran again = publish("rootfs:" + directory.resolve("absent"), "2");

    assertThat(again.exitCode()).isEqualTo(3);
    assertThat(again.out()).as("not even the image was looked for").isEmpty();
    assertThat(again.err())
        .isEqualTo(
            "controller: web:2 is published already ("
                + first
                + "). A version keeps its meaning for ever: choose another.\n");
  }

  @Test
  void anImageThatCannotBootIsNotPublished() throws Exception {
    Path image = directory.resolve("image");
    TinyImage.in(image, 1);
    Files.delete(image.resolve("boot/slipway/initrd"));

    Ran ran = publish("rootfs:" + image, "2");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("\ncontroller: rootfs:" + image + ": ")
        .contains("/boot/slipway/initrd")
        .doesNotContain("prepare to boot: ");
    assertThat(commands.run("release", "list", "--json").out()).isEqualTo("[ ]\n");
    assertNothingIsLeft();
  }

  @Test
  void withoutAServerNothingIsPrepared() throws Exception {
    String image = TinyImage.in(directory.resolve("image"), 1).reference();
    server.close();

    Ran ran = publish(image, "2");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("does not answer on port", "controller server");
  }

  private Ran publish(String image, String version) {
    return commands.run(
        "release",
        "publish",
        image,
        "--name",
        "web",
        "--version",
        version,
        "--initrd",
        "keep",
        "--no-agent",
        "--work",
        work.toString());
  }

  private byte[] pull(String path) throws Exception {
    HttpResponse<byte[]> answer =
        server
            .client()
            .send(
                HttpRequest.newBuilder(server.uri(path))
                    .header("Authorization", server.operator())
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  /** The release as another tool pulls it, in a directory. */
  private Path unpacked(String version) throws Exception {
    Path certificates = Files.createDirectory(directory.resolve("certificates"));
    Files.copy(server.data().resolve("ca.crt"), certificates.resolve("ca.crt"));
    Path layout = directory.resolve("pulled");
    Command.of(
            "skopeo",
            "copy",
            "--src-creds",
            "operator:" + Files.readString(server.data().resolve("operator.token")).strip(),
            "--src-cert-dir",
            certificates.toString(),
            "docker://localhost:" + server.port() + "/web:" + version,
            "oci:" + layout + ":" + version)
        .run();
    Path tree = Files.createDirectory(directory.resolve("unpacked"));
    try (Image pulled = LocalImages.open("oci:" + layout + ":" + version)) {
      LayerStack.unpack(pulled, tree);
    }
    return tree;
  }

  private void assertNothingIsLeft() throws Exception {
    try (Stream<Path> left = Files.list(work)) {
      assertThat(left).isEmpty();
    }
  }
}
