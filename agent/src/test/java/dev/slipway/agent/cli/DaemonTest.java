package dev.slipway.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.flash.Flash;
import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.slots.TestDisk;
import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.Event;
import dev.slipway.agent.switching.Reconciliation;
import dev.slipway.agent.switching.Switch;
import dev.slipway.agent.switching.TestHost;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.TransactionId;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon does while the checks of a trial, which take long here, are running. */
class DaemonTest {
  @TempDir Path directory;
  private TestDisk disk;
  private TestHost machine;
  private ThisHost host;
  private Thread daemon;

  @BeforeEach
  void aTrialThatIsBeingJudged() throws IOException {
    disk = TestDisk.make(directory);
    ThisHost before = new TestHost().on(disk);
    try (Image image = LocalImages.open("rootfs:" + disk.preparedOs("new"))) {
      new Flash(before, MkfsTools.ofThisSystem(), said -> {})
          .write("new", image, Optional.of(FileSystemKind.EXT4), Optional.empty());
    }
    new Switch(before, said -> {}).to("new", Event.Way.WARM, CommitPolicy.TRUST);
    disk.boots("new", "warmtrial", before.journal().read().history().newest().orElseThrow().id());
    machine = new TestHost();
    host = machine.on(disk);
    Files.writeString(host.roots().proc().resolve("uptime"), "5.00 1.00\n");
    Path check = host.roots().etc().resolve("slipway/health.d/10-long");
    Files.createDirectories(check.getParent());
    Files.writeString(check, "#!/bin/sh\ntouch " + begun() + "; exec sleep 30\n");
    Files.setPosixFilePermissions(check, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void close() throws InterruptedException {
    daemon.interrupt();
    daemon.join();
    disk.close();
  }

  private Path begun() {
    return directory.resolve("begun");
  }

  private void judges() throws InterruptedException {
    daemon = new Thread(this::serve, "daemon");
    daemon.start();
    await(() -> Files.exists(begun()));
  }

  private void serve() {
    try {
      new Daemon(host, Optional::empty, Duration.ofMillis(100))
          .serve(new Reconciliation(host).run());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 1_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(20);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  /** By the daemon before it, which was killed before it could write its verdict down. */
  @Test
  void theDeadlineIsNotHeldBackByAVerdictThatNobodyKnowsAnyMore() throws Exception {
    Files.createDirectories(host.roots().trialJudged().getParent());
    Files.writeString(host.roots().trialJudged(), "");
    judges();
    assertThat(host.roots().trialJudged()).doesNotExist();
  }

  /** An operator's, out of the trial, whose process died before the reboot. */
  @Test
  void aRollbackThatIsCutShortDuringTheChecksIsGoneOnWith() throws Exception {
    judges();
    TransactionId transaction = new TransactionId("01CUT");
    try (LockFile.Held rollback = host.operation().take()) {
      host.journal()
          .append(
              new Event.SwitchOrdered(
                  transaction.text(),
                  Event.Purpose.RETURN,
                  Event.Way.COLD,
                  "new",
                  "old",
                  "old",
                  "sha256:0",
                  CommitPolicy.TRUST,
                  host.bootId(),
                  List.of()));
      BootEnvironment now = disk.environment().read().environment().orElseThrow();
      disk.environment().write(now.committed("old", transaction));
    }
    await(() -> machine.deeds().contains("restart"));
  }
}
