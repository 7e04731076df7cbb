package dev.slipway.controller.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.database.Database;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseManifest.Descriptor;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of releases in a real file, with a real store of blobs. */
class ReleasesTest {
  @TempDir Path directory;
  private Database database;
  private BlobStore blobs;
  private Releases releases;

  @BeforeEach
  void open() {
    database = Database.open(directory.resolve("slipway.db"));
    blobs = BlobStore.open(directory.resolve("blobs"));
    releases = new Releases(database.reader(), database.writer(), blobs);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aReleaseIsFoundByNameAndDigestAlsoAfterARestart() {
    Release published = publish("web:2", "system");
    assertThat(published.sizeBytes()).isEqualTo("{}system".length());
    close();
    open();

    assertThat(releases.find(published.name())).hasValue(published);
    assertThat(releases.find(published.digest())).hasValue(published);
    assertThat(releases.list()).containsExactly(published);
    assertThat(blobs.find(published.digest())).as("the manifest itself").isPresent();
    assertThat(releases.find(ReleaseName.parse("web:3"))).isEmpty();
    assertThat(releases.find(Digest.of(new byte[1]))).isEmpty();
  }

  @Test
  void versionsAreThoseOfTheirOwnName() {
    publish("web:10", "a");
    publish("web:2", "b");
    publish("db:1", "c");

    assertThat(releases.versions("web")).containsExactly("10", "2");
    assertThat(releases.versions("mail")).isEmpty();
    assertThat(releases.list()).hasSize(3);
  }

  @Test
  void theSameAgainChangesNothingAndSomethingElseIsRefused() {
    Release first = publish("web:2", "system");

    assertThat(publish("web:2", "system")).isEqualTo(first);
    assertThatThrownBy(() -> publish("web:2", "another system"))
        .isInstanceOfSatisfying(
            OperatorError.class, refused -> assertThat(refused.exitCode()).isEqualTo(3))
        .hasMessageContaining("is published already and is something else (" + first.digest());
    assertThat(releases.list()).containsExactly(first);
  }

  @Test
  void ofManyThatPublishOneVersionAtOnceOneWins() throws Exception {
    var threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> all =
          threads.invokeAll(
              IntStream.range(0, 16).mapToObj(n -> publishing("web:2", "system " + n)).toList());
      int published = 0;
      for (Future<Boolean> each : all) {
        published += each.get() ? 1 : 0;
      }
      assertThat(published).isEqualTo(1);
      assertThat(releases.list()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private Callable<Boolean> publishing(String name, String layer) {
    return () -> {
      try {
        publish(name, layer);
        return true;
      } catch (OperatorError e) {
        assertThat(e).hasMessageContaining("is published already");
        return false;
      }
    };
  }

  private Release publish(String text, String layer) {
    ReleaseName name = ReleaseName.parse(text);
    Descriptor content = store(ReleaseManifest.LAYER_TYPE, layer);
    return releases.publish(
        name,
        new ReleaseManifest(
                store(ReleaseManifest.CONFIG_TYPE, "{}"),
                content,
                new ReleaseDescription(name, content.digest(), "6.1.0").annotations())
            .write());
  }

  private Descriptor store(String type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    blobs.put(Digest.of(bytes), new ByteArrayInputStream(bytes));
    return new Descriptor(type, Digest.of(bytes), bytes.length);
  }
}
