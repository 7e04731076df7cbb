package dev.slipway.controller.goldendisk;

import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.GrubScript;
import dev.slipway.boot.TransactionId;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.DiskLayout.SlotSize;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.GrubImages;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Plans a disk by its description.
 *
 * @param stamps identities and time of what the plan makes
 */
record DiskPlanning(DiskDescription description, Stamps stamps) {

  /**
   * The smallest layout that the description allows, without a look into images: what slots of size
   * auto need is not known yet.
   *
   * @throws dev.slipway.linux.OperatorError when the description itself does not fit
   */
  DiskLayout least() {
    return layout(
        description.slots().stream()
            .map(slot -> new SlotSize(slot.name(), leastSize(slot)))
            .toList(),
        OptionalLong.empty());
  }

  private static long leastSize(Slot slot) {
    return slot.size()
        .map(ByteSize::bytes)
        .orElseGet(() -> slot.content().orElseThrow().fileSystem().smallest());
  }

  /**
   * Plans all of it.
   *
   * @param diskSize of a real disk, all of which the table is for; empty: as described
   * @throws dev.slipway.linux.OperatorError when it does not fit, with both numbers, or GRUB's
   *     files are missing
   */
  DiskPlan plan(SlotSizes sizes, OptionalLong diskSize, GrubScript grubScript) {
    DiskLayout layout = layout(sizes, diskSize);
    TransactionId transaction = stamps.transaction();
    GrubImages grub = GrubImages.ofThisSystem();
    EfiSystemPartition esp =
        new EfiSystemPartition(
            stamps.number("serial number of the EFI system partition"),
            grub.efi(description.table()),
            grubScript.render(
                description.table(),
                layout.slots().stream()
                    .map(slot -> new GrubScript.BootSlot(slot.name(), slot.partition().id()))
                    .toList(),
                description.consoles(),
                description.kernelArguments(),
                description.data().isPresent()),
            BootEnvironment.first(description.defaultSlot(), transaction).block());
    return new DiskPlan(
        layout,
        grub.bios(description.table()),
        stamps.epoch().map(epoch -> esp.at(epoch.instant())).orElse(esp),
        stamps,
        transaction);
  }

  private DiskLayout layout(SlotSizes sizes, OptionalLong diskSize) {
    DiskLayout layout = sizes.layOut(slots -> layout(slots, diskSize));
    return diskSize.isPresent() ? layout.onDiskOf(diskSize.getAsLong()) : layout;
  }

  private DiskLayout layout(List<SlotSize> slots, OptionalLong diskSize) {
    return DiskLayout.plan(
        description.table(),
        description.size().map(size -> OptionalLong.of(size.bytes())).orElse(diskSize),
        slots,
        description.data().stream().mapToLong(ByteSize::bytes).findFirst(),
        identities());
  }

  /** Of the disk and then its partitions; the same for each layout that is tried. */
  private Supplier<UUID> identities() {
    AtomicInteger given = new AtomicInteger();
    return () -> stamps.uuid("partition table, identity " + given.getAndIncrement());
  }
}
