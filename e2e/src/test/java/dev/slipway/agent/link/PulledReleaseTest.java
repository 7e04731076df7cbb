package dev.slipway.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Releases arrive from the controller as they were published, or not at all. */
class PulledReleaseTest extends LinkedHost {
  @Test
  void releaseArrivesAsItWasPublished() throws Exception {
    join(token(1));
    Published published = publish("web:2");
    try (PulledRelease release = pull(published)) {
      host.stage("slot2", release, Optional.of(release.description()));
    }
    assertThat(manifestOf(host.slot("slot2")).digest()).isEqualTo(published.tree());
  }

  @Test
  void releaseThatWasCutOrChangedAtTheControllerDoesNotPass() throws Exception {
    join(token(1));
    Published published = publish("web:2");
    Path blob = directory.resolve("controller/data/blobs/sha256").resolve(published.layer().hex());
    try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int old = file.read();
      file.seek(file.length() / 2);
      file.write(old ^ 1);
    }
    assertDoesNotArrive(published, "slot2");

    try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    assertDoesNotArrive(published, "slot3");
  }

  private void assertDoesNotArrive(Published published, String slot) {
    assertThatThrownBy(
            () -> {
              try (PulledRelease release = pull(published)) {
                host.stage(slot, release, Optional.of(release.description()));
              }
            })
        .isInstanceOf(RuntimeException.class);
  }

  private PulledRelease pull(Published published) throws Exception {
    Enrolment joined = Enrolment.read(host.enrolmentDirectory()).orElseThrow();
    return PulledRelease.open(
        new ControllerApi(joined.controller(), joined.tls()), published.name(), published.digest());
  }
}
