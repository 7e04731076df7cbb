package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.DiskLayout.SlotSize;
import dev.slipway.disk.DiskTooSmall;
import dev.slipway.filesystem.FileSystemKind;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How large the slots of a disk become. A slot whose size is auto gets what its image needs, and of
 * a disk with a size of its own also a share of what is left, in proportion to that need.
 *
 * @param surveys of the images, by slot
 */
record SlotSizes(DiskDescription description, Map<String, ImageSurvey> surveys) {
  private static final long MIB = 1L << 20;

  /**
   * What an image needs beside its files: kernel and initrd at their fixed names and the agent
   * (together some 150 MiB), the journal and tables of the file system, and room for logs.
   */
  private static final long ROOM = 512 * MIB;

  /** And a part of the files' size, for what grows with them: packages that are added, caches. */
  private static final long FILES_A_PART = 4;

  /** The size of a slot for an image whose files take so many bytes; in whole MiB. */
  static ByteSize needed(long files, FileSystemKind kind) {
    long bytes = Math.max(files + files / FILES_A_PART + ROOM, kind.smallest());
    return ByteSize.ofMebibytes((bytes + MIB - 1) / MIB);
  }

  /**
   * The layout of the disk.
   *
   * @param planner plans a disk of such slots; data takes what they leave of it
   * @throws DiskTooSmall when it does not fit, with both numbers and what the images need
   */
  DiskLayout layOut(Function<List<SlotSize>, DiskLayout> planner) {
    List<Slot> growing =
        description.slots().stream().filter(slot -> slot.size().isEmpty()).toList();
    if (growing.isEmpty()) {
      return planner.apply(sizes(0));
    }
    DiskLayout least = withNeeds(growing, () -> planner.apply(sizes(0)));
    long left =
        least
            .data()
            .map(data -> data.size() - description.data().orElseThrow().bytes())
            .orElse(least.unused());
    return left < MIB ? least : planner.apply(sizes(left));
  }

  /** With so many bytes given to those that grow. */
  private List<SlotSize> sizes(long left) {
    long all =
        description.slots().stream()
            .filter(slot -> slot.size().isEmpty())
            .mapToLong(slot -> needed(slot).bytes() / MIB)
            .sum();
    return description.slots().stream()
        .map(
            slot -> {
              long needed = needed(slot).bytes();
              long share = slot.size().isPresent() ? 0 : left / MIB * (needed / MIB) / all;
              return new SlotSize(slot.name(), needed + share * MIB);
            })
        .toList();
  }

  /** Its size, or what its image needs. */
  ByteSize needed(Slot slot) {
    return slot.size()
        .orElseGet(
            () ->
                needed(
                    surveys.get(slot.name()).bytes(), slot.content().orElseThrow().fileSystem()));
  }

  /** An operator who wrote auto has not seen these numbers. */
  private DiskLayout withNeeds(List<Slot> growing, Supplier<DiskLayout> plan) {
    try {
      return plan.get();
    } catch (DiskTooSmall e) {
      throw new DiskTooSmall(
          e.getMessage()
              + " Of size auto, "
              + growing.stream()
                  .map(slot -> slot.name() + " needs " + needed(slot))
                  .collect(Collectors.joining(", "))
              + ".");
    }
  }
}
