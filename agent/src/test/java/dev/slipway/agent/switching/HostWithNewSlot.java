package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.flash.Flash;
import dev.slipway.agent.slots.TestDisk;
import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import dev.slipway.release.SlotRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host on a real disk whose slot new was flashed while old runs; only the machine itself does not
 * go down.
 */
abstract class HostWithNewSlot {
  @TempDir Path directory;
  final List<String> said = new ArrayList<>();
  TestDisk disk;
  TestHost machine;
  ThisHost host;

  @BeforeEach
  void make() throws IOException {
    disk = TestDisk.make(directory);
    machine = new TestHost();
    host = machine.on(disk);
    SlotRecord.Ready record = flash("new");
    // The slot old was made by the builder of the disk, which leaves the same record.
    assertThat(record.slot()).isEqualTo("new");
  }

  @AfterEach
  void close() {
    assertThat(disk.mounts()).as("mounts left behind").isEmpty();
    disk.close();
  }

  SlotRecord.Ready flash(String slot) throws IOException {
    try (Image image = LocalImages.open("rootfs:" + disk.preparedOs(slot))) {
      return new Flash(host, MkfsTools.ofThisSystem(), said::add)
          .write(slot, image, Optional.of(FileSystemKind.EXT4), Optional.empty());
    }
  }

  /** The host comes up again in that slot. */
  void boots(String slot, String mode) throws IOException {
    disk.boots(slot, mode, status().transaction());
    machine = new TestHost();
    host = machine.on(disk);
  }

  Conclusion reconciled() {
    return new Reconciliation(host).run();
  }

  HostStatus status() {
    return new StatusReport(host, "test").now();
  }

  BootEnvironment environment() {
    return disk.environment().read().environment().orElseThrow();
  }

  void switchTo(String slot, Way way, CommitPolicy policy) {
    new Switch(host, said::add).to(slot, way, policy);
  }

  void passes() {
    judged(Optional.empty());
  }

  void fails(String reason) {
    judged(Optional.of(reason));
  }

  void judged(Optional<String> reason) {
    judged(reconciled(), reason);
  }

  void judged(Conclusion seen, Optional<String> reason) {
    try {
      new Trial(host, said::add).judged(seen, reason, List.of());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Optional<Event.Ending> ending(String transaction) {
    return host.journal().read().history().switchCalled(transaction).flatMap(Transaction::ending);
  }

  void givenNewIsWarmGoodAndSmallIsReady() throws IOException {
    flash("small");
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    passes();
    assertThat(reconciled().state()).isEqualTo(State.WARM_GOOD);
  }

  /** Writes an OS to the slot old while new runs, as the builder of the disk would have. */
  void givenOldHasARecord() throws IOException {
    var start = environment();
    disk.environment().write(start.committed("new", start.transaction()));
    disk.boots("new", "committed", "");
    host = machine.on(disk);
    flash("old");
    disk.environment().write(environment().committed("old", start.transaction()));
    disk.boots("old", "committed", "");
    host = machine.on(disk);
  }

  void givenNewIsCommittedAndOldCameBefore() throws IOException {
    givenOldHasARecord();
    switchTo("new", Way.WARM, CommitPolicy.TRUST);
    boots("new", "warmtrial");
    passes();
  }

  void givenAMistakeInTheConfiguration() throws IOException {
    Files.writeString(host.roots().data().resolve("agent.conf"), "{\"comit\": \"trust\"}");
    host = machine.on(disk);
  }
}
