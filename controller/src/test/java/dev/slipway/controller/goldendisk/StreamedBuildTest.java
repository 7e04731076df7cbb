package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.source.registry.DockerRegistry;
import dev.slipway.controller.source.registry.TestImage;
import dev.slipway.linux.Command;
import dev.slipway.linux.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Layers go straight into the slot: a build needs hardly any room but the disk's. */
@Timeout(120)
class StreamedBuildTest {
  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final TestBuild builds = site.builds();
  private TinyImage image;
  private Mount oneMebibyte;

  @BeforeEach
  void anImageOfTwentyMegabytesAndLittleRoom() throws IOException {
    image = TinyImage.in(directory.resolve("image"), 1).with("large", 20_000_000);
    Path small = Files.createDirectory(directory.resolve("small"));
    oneMebibyte = Mount.of(Path.of("tmpfs"), small, "tmpfs", Set.of(), "size=1m");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    try (Mount small = oneMebibyte) {
      assertThat(small.target()).isEmptyDirectory();
    }
  }

  @Test
  void aLayerOfARegistryIsKeptNowhere() throws Exception {
    try (DockerRegistry registry = builds.registryWith(image, new TestImage())) {
      assertBuilt("docker://" + registry.host() + "/tiny:1");
    }
  }

  @Test
  void aCompressedLayerOfAnArchiveIsKeptNowhere() throws Exception {
    TestImage parts = new TestImage();
    Path layout = directory.resolve("layout");
    parts.layOut(parts.image("amd64", TestImage.tar(image.root())), layout);
    String archive = directory.resolve("image.tar").toString();
    Command.of("tar", "-cf", archive, "-C", layout.toString(), ".").run();

    assertBuilt("oci-archive:" + archive);
  }

  private void assertBuilt(String reference) throws Exception {
    Path small = oneMebibyte.target();
    List<String> build =
        BuildCommand.words(
            builds.description(TestBuild.oneSlot(reference, "128MiB")),
            builds.output(),
            "-Djava.io.tmpdir=" + small);
    build.add("--work=" + small);

    Command.Result ended = Command.of(build).runUnchecked();

    assertThat(ended.exit()).as(ended.err()).isZero();
    DiskInspection.SlotFinding slot = DiskInspection.of(builds.output()).slots().get(0);
    assertThat(slot.asRecorded()).contains(true);
    assertThat(slot.ready().orElseThrow().reference()).isEqualTo(reference);
  }
}
