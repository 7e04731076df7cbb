package dev.slipway.controller.goldendisk;

import dev.slipway.boot.EnvironmentStore;
import dev.slipway.boot.GrubModel;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.controller.survey.OsRelease;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.FatFile;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.Superblock;
import dev.slipway.json.JsonObject;
import dev.slipway.release.SlotRecord;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is on a golden disk, found without changing or mounting anything.
 *
 * @param image the disk's image
 * @param size of the whole disk
 * @param table the partition table, and how whole it is
 * @param environment both copies of the boot environment
 * @param nextBoot what GRUB will do at the next firmware boot
 * @param data whether there is a data partition
 * @param slots in the order of the table
 */
public record DiskInspection(
    Path image,
    ByteSize size,
    PartitionTable.Reading table,
    EnvironmentStore.Reading environment,
    GrubModel.BootDecision nextBoot,
    boolean data,
    List<SlotFinding> slots) {

  private static final Path SYSFS_BLOCK = Path.of("/sys/class/block");

  public DiskInspection {
    slots = List.copyOf(slots);
  }

  /**
   * A slot: what its partition holds and what its record says.
   *
   * @param fileSystem empty when there is none that Slipway makes
   * @param record empty when there is no data partition with a readable record of it
   * @param system what its os-release(5) calls it; empty when GRUB's drivers do not find that file
   * @param kernel as GRUB's drivers read it
   * @param initrd as GRUB's drivers read it
   */
  public record SlotFinding(
      DiskLayout.Slot slot,
      Optional<Superblock> fileSystem,
      Optional<SlotRecord> record,
      Optional<String> system,
      Optional<Digest> kernel,
      Optional<Digest> initrd) {

    /** Whether GRUB finds both files that it loads. */
    public boolean readable() {
      return kernel.isPresent() && initrd.isPresent();
    }

    /** The record of a slot that is ready. */
    Optional<SlotRecord.Ready> ready() {
      return record.flatMap(SlotRecord::ready);
    }

    /** Whether GRUB reads both as the record says; empty when no record speaks of them. */
    public Optional<Boolean> asRecorded() {
      return ready()
          .map(
              ready ->
                  kernel.filter(ready.kernel()::equals).isPresent()
                      && initrd.filter(ready.initrd()::equals).isPresent());
    }
  }

  /**
   * Inspects a disk.
   *
   * @throws dev.slipway.linux.OperatorError when it cannot be read, is no Slipway disk, or a tool
   *     is missing
   */
  public static DiskInspection of(Path image) {
    try (RawDisk raw = RawDisk.of(image)) {
      return of(image, raw.path());
    }
  }

  /** What is read of {@code raw} is said of {@code image}. */
  private static DiskInspection of(Path image, Path raw) {
    PartitionTable.Reading table = PartitionTable.examine(raw);
    DiskLayout layout = DiskLayout.of(table.table(), image.toString());
    long esp = layout.esp().offset();
    List<SlotFinding> slots = new ArrayList<>();
    GrubReader grub = new GrubReader(raw, table.table().kind());
    Optional<DataPartitionReader> data =
        layout.data().map(partition -> new DataPartitionReader(raw, partition));
    for (DiskLayout.Slot slot : layout.slots()) {
      Optional<Superblock> fileSystem = Superblock.read(raw, slot.partition().offset());
      int number = slot.partition().number();
      slots.add(
          new SlotFinding(
              slot,
              fileSystem,
              data.flatMap(records -> records.record(slot.name())),
              fileSystem.flatMap(found -> system(grub, number)),
              fileSystem.flatMap(found -> grub.digest(number, SlotBootFiles.KERNEL)),
              fileSystem.flatMap(found -> grub.digest(number, SlotBootFiles.INITRD))));
    }
    return new DiskInspection(
        image,
        new ByteSize(layout.diskSize()),
        table,
        new EnvironmentStore(raw, esp).read(),
        new GrubModel(layout.slots().stream().map(DiskLayout.Slot::name).toList())
            .decide(
                new GrubModel.Copies(
                    FatFile.find(raw, esp, EfiSystemPartition.ENVIRONMENT_1).content(raw),
                    FatFile.find(raw, esp, EfiSystemPartition.ENVIRONMENT_2).content(raw)),
                slots.stream()
                    .filter(SlotFinding::readable)
                    .map(finding -> finding.slot().name())
                    .collect(Collectors.toSet()),
                !isReadOnlyDisk(image)),
        data.isPresent(),
        slots);
  }

  private static Optional<String> system(GrubReader grub, int partition) {
    return Stream.of("/etc/os-release", "/usr/lib/os-release")
        .flatMap(path -> grub.text(partition, path).stream())
        .findFirst()
        .flatMap(OsRelease::prettyName);
  }

  /**
   * Whether the machine that starts from the disk could not write to it: a disk says that itself.
   * What whoever inspects it may write is nothing to that machine.
   */
  private static boolean isReadOnlyDisk(Path image) {
    if (Files.isRegularFile(image)) {
      return false;
    }
    try {
      Path name = image.toRealPath().getFileName();
      return Files.readString(SYSFS_BLOCK.resolve(name).resolve("ro")).startsWith("1");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot tell whether " + image + " is read-only", e);
    }
  }

  /** For people. */
  public String text() {
    return InspectionReport.text(this);
  }

  /** For programs; docs/man/controller-disk.md names the members. */
  public JsonObject json() {
    return InspectionReport.json(this);
  }
}
