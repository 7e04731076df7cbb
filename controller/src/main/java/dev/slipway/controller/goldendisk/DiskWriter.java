package dev.slipway.controller.goldendisk;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.progress.Progress;
import dev.slipway.disk.DiskLayout;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.SlotRecord;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Manifest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Writes a planned disk, from its partition table to what a firmware starts from. */
record DiskWriter(
    DiskDescription description,
    DiskPlan plan,
    Function<Content, PreparationOptions> preparations,
    Progress steps,
    Cancellation cancellation) {

  /**
   * What was written.
   *
   * @param slots as they were read back
   * @param data what is on the data partition; empty when there is none
   */
  record Written(List<SlotWriter.Written> slots, Optional<Manifest> data) {}

  /**
   * Writes everything.
   *
   * @param disk a file of the disk's size, or a block device
   * @param sources what goes into the slots that get content, by their names
   * @throws OperatorError when anything fails, or GRUB would not read a slot's kernel
   */
  Written write(Path disk, Map<String, SlotWriter.Source> sources) {
    DiskLayout layout = plan.layout();
    steps.run("partition table", () -> layout.table().write(disk));
    List<SlotWriter.Written> slots = writeSlots(disk, sources);
    Optional<Manifest> data =
        layout
            .data()
            .map(
                partition ->
                    steps.run(
                        "data partition",
                        () ->
                            new DataPartition(description, plan.stamps())
                                .write(disk, partition, slots)));
    steps.run(
        "read kernels with GRUB's drivers",
        () -> slots.forEach(slot -> requireReadable(disk, slot.record())));
    // Last of all what a firmware starts from: a disk that is not finished shall not start.
    steps.run("EFI system partition", () -> plan.esp().writeTo(disk, layout.esp()));
    steps.run("BIOS boot code", () -> plan.bios().writeTo(disk, layout));
    return new Written(slots, data);
  }

  private List<SlotWriter.Written> writeSlots(Path disk, Map<String, SlotWriter.Source> sources) {
    return new ParallelWork(cancellation)
        .run(
            sources.entrySet().stream()
                .map(
                    slot ->
                        new SlotWriter(
                            disk,
                            plan.layout().slot(slot.getKey()).orElseThrow(),
                            slot.getValue(),
                            preparation(slot.getValue().content()),
                            plan.stamps(),
                            plan.transaction(),
                            steps,
                            cancellation))
                .map(writer -> (Callable<SlotWriter.Written>) writer::write)
                .toList());
  }

  private PreparationOptions preparation(Content content) {
    PreparationOptions options = preparations.apply(content);
    return plan.stamps().epoch().map(options::at).orElse(options);
  }

  private void requireReadable(Path disk, SlotRecord.Ready slot) {
    DiskLayout layout = plan.layout();
    int partition = layout.slot(slot.slot()).orElseThrow().partition().number();
    Map<String, Digest> files = new LinkedHashMap<>();
    files.put(SlotBootFiles.KERNEL, slot.kernel());
    files.put(SlotBootFiles.INITRD, slot.initrd());
    // A disk in the making may be a file without a name, which grub-fstest does not open.
    try (LoopDevice whole = LoopDevice.attach(disk, 0, layout.diskSize(), true)) {
      GrubReader grub = new GrubReader(whole.path(), layout.table().kind());
      files.forEach(
          (file, digest) -> {
            if (!grub.digest(partition, file).filter(digest::equals).isPresent()) {
              throw new OperatorError(
                  "GRUB's "
                      + slot.fileSystem()
                      + " driver does not read "
                      + file
                      + " of slot "
                      + slot.slot()
                      + " as it was written, so the slot would not boot. Try the other file system"
                      + " for it, and please report this.");
            }
          });
    }
  }
}
