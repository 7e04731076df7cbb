package dev.slipway.agent.flash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.slots.TestDisk;
import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.Event;
import dev.slipway.agent.switching.TestHost;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.TransactionId;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Proof;
import dev.slipway.release.SlotRecord;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the slots old, new and small a release is staged to. */
class WritableSlotsTest {
  private static final TransactionId SWITCH = new TransactionId("01SWITCH");
  private static final Digest SOME = Digest.of(new byte[] {1});

  @TempDir Path directory;
  private final List<String> said = new ArrayList<>();
  private TestDisk disk;

  @BeforeEach
  void make() throws IOException {
    disk = TestDisk.make(directory);
  }

  @AfterEach
  void close() {
    disk.close();
  }

  @Test
  void anEmptySlotGoesBeforeOneThatHoldsSomething() {
    holds("new");
    assertThat(forStaging()).isEqualTo("small");
    assertThat(said).isEmpty();
  }

  @Test
  void theSlotThatARollbackWouldGoToIsSpared() throws IOException {
    hasSwitchedFromOldTo("new");
    holds("small");
    assertThat(forStaging()).isEqualTo("small");
    assertThat(said).isEmpty();
  }

  @Test
  void theWayBackIsGivenUpOnlyWhereNoOtherSlotIsFreeAndThatIsSaid() throws IOException {
    hasSwitchedFromOldTo("new");
    environmentIs(environment().trial("small", new TransactionId("01NEXT")));
    assertThat(forStaging()).isEqualTo("old");
    assertThat(said)
        .singleElement()
        .asString()
        .contains("Slot old is written although a rollback would go to it")
        .contains("slot new runs")
        .contains("slot small has its cold trial before it");
  }

  @Test
  void withoutAFreeSlotItIsSaidWhatEachIsKeptFor() throws IOException {
    environmentIs(environment().trial("small", SWITCH));
    disk.boots("new", "warmtrial", SWITCH.text());
    assertThatThrownBy(this::forStaging)
        .isInstanceOfSatisfying(
            OperatorError.class, error -> assertThat(error.exitCode()).isEqualTo(3))
        .hasMessageContaining("slot old is the default")
        .hasMessageContaining("slot new runs")
        .hasMessageContaining("slot small has its cold trial before it");
  }

  private ThisHost host() {
    return new TestHost().on(disk);
  }

  private String forStaging() {
    ThisHost host = host();
    return new WritableSlots(host, host.conclude(false)).forStaging(said::add);
  }

  private BootEnvironment environment() {
    return disk.environment().read().environment().orElseThrow();
  }

  private void environmentIs(BootEnvironment environment) {
    disk.environment().write(environment);
  }

  private void hasSwitchedFromOldTo(String slot) throws IOException {
    holds("old");
    holds(slot);
    host()
        .journal()
        .append(
            new Event.SwitchOrdered(
                SWITCH.text(),
                Event.Purpose.TRIAL,
                Event.Way.WARM,
                "old",
                slot,
                "old",
                SOME.toString(),
                CommitPolicy.TRUST,
                "an earlier boot",
                List.of()));
    environmentIs(environment().committed(slot, SWITCH));
    host().journal().append(new Event.Committed(SWITCH.text(), slot, "old", Proof.WARM));
    disk.boots(slot, "committed", "");
  }

  private void holds(String slot) {
    host()
        .records()
        .write(
            new SlotRecord.Ready(
                slot,
                "rootfs:x.tar",
                Optional.empty(),
                SOME,
                SOME,
                SOME,
                SOME,
                "6.1.0",
                "ext4",
                "uuid",
                Instant.EPOCH,
                Instant.EPOCH,
                "01FLASH"));
  }
}
