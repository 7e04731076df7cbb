package dev.slipway.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.disk.DiskLayout.SlotSize;
import dev.slipway.linux.OperatorError;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DiskLayoutTest {

  private static final long MIB = 1 << 20;

  @Test
  void partitionsFollowOneAnotherOnWholeMebibytes() {
    DiskLayout layout =
        DiskLayout.plan(
            OptionalLong.empty(),
            List.of(new SlotSize("slot1", 300 * MIB), new SlotSize("slot2", 10 * MIB + 1)),
            20 * MIB,
            UUID::randomUUID);

    assertThat(layout.table().partitions())
        .extracting(Partition::name, Partition::offset, Partition::size)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("slipway-bios", MIB, MIB),
            org.assertj.core.groups.Tuple.tuple("slipway-esp", 2 * MIB, 64 * MIB),
            org.assertj.core.groups.Tuple.tuple("slipway-slot-slot1", 66 * MIB, 300 * MIB),
            org.assertj.core.groups.Tuple.tuple("slipway-slot-slot2", 366 * MIB, 11 * MIB),
            org.assertj.core.groups.Tuple.tuple("slipway-data", 377 * MIB, 20 * MIB));
    assertThat(layout.diskSize()).isEqualTo(398 * MIB);
    assertThat(layout.esp().number()).isEqualTo(2);
    assertThat(layout.slots())
        .allMatch(slot -> slot.partition().is(PartitionType.ROOT_X86_64))
        .allMatch(slot -> slot.partition().attributes() == Partition.NO_AUTO);
    assertThat(layout.data().attributes()).isZero();
  }

  @Test
  void dataTakesWhatIsLeftOfADiskOfGivenSize() {
    DiskLayout layout =
        DiskLayout.plan(
            OptionalLong.of(1024 * MIB),
            List.of(new SlotSize("a", 300 * MIB)),
            20 * MIB,
            UUID::randomUUID);
    assertThat(layout.diskSize()).isEqualTo(1024 * MIB);
    assertThat(layout.data().offset() + layout.data().size()).isEqualTo(1023 * MIB);
  }

  @Test
  void whatDoesNotFitIsRefusedWithBothNumbers() {
    assertThatThrownBy(
            () ->
                DiskLayout.plan(
                    OptionalLong.of(300 * MIB),
                    List.of(new SlotSize("a", 300 * MIB)),
                    20 * MIB,
                    UUID::randomUUID))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("300 MiB")
        .hasMessageContaining("387 MiB");
  }

  @Test
  void itIsRecognisedAgainFromItsTable() {
    DiskLayout layout =
        DiskLayout.plan(
            OptionalLong.empty(),
            List.of(new SlotSize("a", MIB), new SlotSize("b", MIB)),
            MIB,
            UUID::randomUUID);
    assertThat(DiskLayout.of(layout.table(), "disk")).isEqualTo(layout);
  }

  @Test
  void anotherDiskIsRefusedByASafetyRule() {
    Gpt other =
        new Gpt(
            UUID.randomUUID(),
            10_000,
            List.of(
                new Partition(
                    1, PartitionType.EFI_SYSTEM.uuid(), UUID.randomUUID(), 2048, 4095, "ESP", 0)));
    assertThatThrownBy(() -> DiskLayout.of(other, "/dev/sda"))
        .isInstanceOfSatisfying(
            OperatorError.class, error -> assertThat(error.exitCode()).isEqualTo(3))
        .hasMessageContaining("/dev/sda is not a Slipway disk");
  }

  @Test
  void slotNamesThatCannotBeOnesAreRefused() {
    for (String name : List.of("", "-a", "A", "a b", "none", "a".repeat(17), "a.b")) {
      assertThatThrownBy(
              () ->
                  DiskLayout.plan(
                      OptionalLong.empty(),
                      List.of(new SlotSize(name, MIB)),
                      MIB,
                      UUID::randomUUID))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("\"" + name + "\"");
    }
    assertThatThrownBy(
            () ->
                DiskLayout.plan(
                    OptionalLong.empty(),
                    List.of(new SlotSize("a", MIB), new SlotSize("a", MIB)),
                    MIB,
                    UUID::randomUUID))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("Two slots");
  }

  @Test
  void sizesThatAreNoSizesAreRefused() {
    for (long size : new long[] {0, -1, Long.MAX_VALUE}) {
      assertThatThrownBy(
              () ->
                  DiskLayout.plan(
                      OptionalLong.empty(),
                      List.of(new SlotSize("a", size)),
                      MIB,
                      UUID::randomUUID))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining(String.valueOf(size));
    }
  }
}
