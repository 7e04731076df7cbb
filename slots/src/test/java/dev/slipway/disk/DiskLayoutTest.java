package dev.slipway.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.disk.DiskLayout.SlotSize;
import dev.slipway.linux.OperatorError;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiskLayoutTest {

  private static final long MIB = 1 << 20;

  @Test
  void partitionsFollowOneAnotherOnWholeMebibytes() {
    DiskLayout layout =
        DiskLayout.plan(
            PartitionTable.Kind.GPT,
            OptionalLong.empty(),
            List.of(new SlotSize("slot1", 300 * MIB), new SlotSize("slot2", 10 * MIB + 1)),
            OptionalLong.of(20 * MIB),
            UUID::randomUUID);

    assertThat(layout.table().partitions())
        .extracting(Partition::name, Partition::offset, Partition::size)
        .containsExactly(
            tuple("slipway-bios", MIB, MIB),
            tuple("slipway-esp", 2 * MIB, 64 * MIB),
            tuple("slipway-slot-slot1", 66 * MIB, 300 * MIB),
            tuple("slipway-slot-slot2", 366 * MIB, 11 * MIB),
            tuple("slipway-data", 377 * MIB, 20 * MIB));
    assertThat(layout.diskSize()).isEqualTo(398 * MIB);
    assertThat(layout.esp().number()).isEqualTo(2);
    assertThat(layout.slots())
        .allMatch(slot -> slot.partition().is(PartitionType.ROOT_X86_64))
        .allMatch(slot -> slot.partition().attributes() == Partition.NO_AUTO);
    assertThat(layout.data().orElseThrow().attributes()).isZero();
  }

  @Test
  void dataTakesWhatIsLeftOfADiskOfGivenSize() {
    DiskLayout layout =
        DiskLayout.plan(
            PartitionTable.Kind.GPT,
            OptionalLong.of(1024 * MIB),
            List.of(new SlotSize("a", 300 * MIB)),
            OptionalLong.of(20 * MIB),
            UUID::randomUUID);
    assertThat(layout.diskSize()).isEqualTo(1024 * MIB);
    Partition data = layout.data().orElseThrow();
    assertThat(data.offset() + data.size()).isEqualTo(1023 * MIB);
    assertThat(layout.unused()).isZero();
  }

  @Test
  void whatDoesNotFitIsRefusedWithBothNumbers() {
    assertThatThrownBy(
            () ->
                DiskLayout.plan(
                    PartitionTable.Kind.GPT,
                    OptionalLong.of(300 * MIB),
                    List.of(new SlotSize("a", 300 * MIB)),
                    OptionalLong.of(20 * MIB),
                    UUID::randomUUID))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("300 MiB")
        .hasMessageContaining("387 MiB");
  }

  @Test
  void itIsRecognisedAgainFromItsTable() {
    DiskLayout layout =
        DiskLayout.plan(
            PartitionTable.Kind.GPT,
            OptionalLong.empty(),
            List.of(new SlotSize("a", MIB), new SlotSize("b", MIB)),
            OptionalLong.of(MIB),
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
                    1,
                    PartitionType.EFI_SYSTEM.in(PartitionTable.Kind.GPT),
                    PartitionId.of(UUID.randomUUID()),
                    2048,
                    4095,
                    "ESP",
                    0)));
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
                      PartitionTable.Kind.GPT,
                      OptionalLong.empty(),
                      List.of(new SlotSize(name, MIB)),
                      OptionalLong.of(MIB),
                      UUID::randomUUID))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("\"" + name + "\"");
    }
    assertThatThrownBy(
            () ->
                DiskLayout.plan(
                    PartitionTable.Kind.GPT,
                    OptionalLong.empty(),
                    List.of(new SlotSize("a", MIB), new SlotSize("a", MIB)),
                    OptionalLong.of(MIB),
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
                      PartitionTable.Kind.GPT,
                      OptionalLong.empty(),
                      List.of(new SlotSize("a", size)),
                      OptionalLong.of(MIB),
                      UUID::randomUUID))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining(String.valueOf(size));
    }
  }

  @Test
  void aDiskWithoutDataHasItsSlotsAndPerhapsRoomBehindThem() {
    for (PartitionTable.Kind kind : PartitionTable.Kind.values()) {
      for (int slots : new int[] {1, 3, 5}) {
        DiskLayout least = withoutData(kind, OptionalLong.empty(), slots);
        DiskLayout roomy =
            withoutData(kind, OptionalLong.of(least.diskSize() + 50 * MIB + 512), slots);

        assertThat(least.data()).isEmpty();
        assertThat(least.unused()).isZero();
        assertThat(roomy.unused()).isEqualTo(50 * MIB);
        assertThat(roomy.slots()).extracting(DiskLayout.Slot::name).hasSize(slots);
        assertThat(DiskLayout.of(roomy.table(), "disk")).isEqualTo(roomy);
      }
    }
  }

  @Test
  void aDataPartitionOfAnotherTypeIsNoneOfOurs() {
    Gpt table = (Gpt) layout(PartitionTable.Kind.GPT, 1).table();
    Gpt changed =
        new Gpt(
            table.diskUuid(),
            table.totalSectors(),
            table.partitions().stream()
                .map(
                    part ->
                        part.name().equals("slipway-data")
                            ? new Partition(
                                part.number(),
                                PartitionType.EFI_SYSTEM.in(PartitionTable.Kind.GPT),
                                part.id(),
                                part.firstLba(),
                                part.lastLba(),
                                part.name(),
                                0)
                            : part)
                .toList());

    assertThatThrownBy(() -> DiskLayout.of(changed, "/dev/sda"))
        .hasMessage("/dev/sda is not a Slipway disk: it has no partition named slipway-data.");
  }

  private static DiskLayout withoutData(
      PartitionTable.Kind kind, OptionalLong diskSize, int slots) {
    return DiskLayout.plan(
        kind,
        diskSize,
        IntStream.rangeClosed(1, slots)
            .mapToObj(number -> new SlotSize("slot" + number, 10 * MIB))
            .toList(),
        OptionalLong.empty(),
        UUID::randomUUID);
  }

  private static DiskLayout msdos(int slots) {
    return layout(PartitionTable.Kind.MSDOS, slots);
  }

  private static DiskLayout layout(PartitionTable.Kind kind, int slots) {
    return DiskLayout.plan(
        kind,
        OptionalLong.empty(),
        IntStream.rangeClosed(1, slots)
            .mapToObj(number -> new SlotSize("slot" + number, 10 * MIB))
            .toList(),
        OptionalLong.of(20 * MIB),
        UUID::randomUUID);
  }

  @Test
  void moreSlotsThanATableHasEntriesForAreRefusedWithTheWayOut() {
    assertThatThrownBy(() -> layout(PartitionTable.Kind.MSDOS, 61))
        .isInstanceOf(OperatorError.class)
        .hasMessage(
            "A disk with an msdos partition table has room for 60 slots, not 61: describe fewer, or"
                + " take a GPT (table: gpt).");
    assertThatThrownBy(() -> layout(PartitionTable.Kind.GPT, 126))
        .isInstanceOf(OperatorError.class)
        .hasMessage("A disk with a GPT has room for 125 slots, not 126: describe fewer.");
  }

  @Test
  void twoSlotsFitThePrimaryPartitionsOfAnMsdosTable() {
    DiskLayout layout = msdos(2);

    assertThat(layout.table().partitions())
        .extracting(Partition::number, Partition::name, Partition::type, Partition::offset)
        .containsExactly(
            tuple(1, "slipway-esp", "ef", MIB),
            tuple(2, "slipway-slot-slot1", "83", 65 * MIB),
            tuple(3, "slipway-slot-slot2", "83", 75 * MIB),
            tuple(4, "slipway-data", "83", 85 * MIB));
    assertThat(layout.bios()).isEmpty();
    assertThat(layout.diskSize()).isEqualTo(105 * MIB);
    assertThat(layout.data().orElseThrow().id())
        .isEqualTo(new PartitionId(layout.table().diskId() + "-04"));
  }

  @Test
  void theThirdSlotAndDataAreLogicalPartitionsOfAnMsdosTable() {
    DiskLayout layout = msdos(4);

    assertThat(layout.table().partitions())
        .extracting(Partition::number, Partition::name, Partition::offset)
        .containsExactly(
            tuple(1, "slipway-esp", MIB),
            tuple(2, "slipway-slot-slot1", 65 * MIB),
            tuple(3, "slipway-slot-slot2", 75 * MIB),
            tuple(5, "slipway-slot-slot3", 86 * MIB),
            tuple(6, "slipway-slot-slot4", 97 * MIB),
            tuple(7, "slipway-data", 108 * MIB));
    assertThat(layout.diskSize()).isEqualTo(128 * MIB);
    assertThat(DiskLayout.of(layout.table(), "disk")).isEqualTo(layout);
  }

  @Test
  void aDiskBeyondTheReachOfAnMsdosTableIsRefusedWithBothNumbers() {
    assertThatThrownBy(
            () ->
                DiskLayout.plan(
                    PartitionTable.Kind.MSDOS,
                    OptionalLong.of((2L << 40) + MIB),
                    List.of(new SlotSize("a", MIB)),
                    OptionalLong.of(MIB),
                    UUID::randomUUID))
        .isInstanceOfSatisfying(
            OperatorError.class, error -> assertThat(error.exitCode()).isEqualTo(3))
        .hasMessageContaining("reaches 2097152 MiB (2 TiB)")
        .hasMessageContaining("the disk has 2097153 MiB")
        .hasMessageContaining("table: gpt");
    DiskLayout small = msdos(1);
    assertThatThrownBy(() -> small.onDiskOf((2L << 40) + 512))
        .isInstanceOfSatisfying(
            OperatorError.class, error -> assertThat(error.exitCode()).isEqualTo(3))
        .hasMessageContaining("2 TiB");
    assertThat(small.onDiskOf(2L << 40).diskSize()).isEqualTo(2L << 40);
  }

  @Test
  void aTableForALargerDiskHasTheSamePartitions() {
    DiskLayout layout =
        DiskLayout.plan(
            PartitionTable.Kind.GPT,
            OptionalLong.empty(),
            List.of(new SlotSize("a", MIB)),
            OptionalLong.of(MIB),
            UUID::randomUUID);

    DiskLayout larger = layout.onDiskOf(5000 * MIB + 512);

    assertThat(larger.diskSize()).isEqualTo(5000 * MIB + 512);
    assertThat(larger.table().partitions()).isEqualTo(layout.table().partitions());
  }
}
