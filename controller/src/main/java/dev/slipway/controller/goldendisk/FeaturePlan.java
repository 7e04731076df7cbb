package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.filesystem.FeatureSolver;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.Reader;
import dev.slipway.filesystem.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The features of every slot's file system that is made with the disk.
 *
 * @param slots in the order of the disk
 */
record FeaturePlan(List<PlannedSlot> slots) {

  FeaturePlan {
    slots = List.copyOf(slots);
  }

  /**
   * A slot.
   *
   * @param solution empty for a slot that stays empty
   * @param readers those that it was solved for; the slot's own come first
   */
  record PlannedSlot(Slot slot, Optional<Solution> solution, List<Reader> readers) {
    PlannedSlot {
      readers = List.copyOf(readers);
    }
  }

  /**
   * Solves for every slot: its own kernel and fsck; the shared GRUB; on a disk with a data
   * partition the kernels of all other slots, whose agents mount it; the building host, which fills
   * it.
   *
   * @param surveys of the images, by slot
   * @throws dev.slipway.linux.OperatorError when a slot's description demands what a reader
   *     forbids, or pins a kernel that its image does not have
   */
  static FeaturePlan solve(
      DiskDescription description, Map<String, ImageSurvey> surveys, BuildingHost host) {
    boolean agents = description.data().isPresent();
    List<SlotSystem> systems = new ArrayList<>();
    for (Slot slot : description.slots()) {
      slot.content()
          .ifPresent(
              content ->
                  systems.add(new SlotSystem(slot.name(), surveys.get(slot.name()), content)));
    }
    return new FeaturePlan(
        description.slots().stream()
            .map(
                slot ->
                    slot.content()
                        .map(content -> planned(slot, content, systems, agents, host))
                        .orElseGet(() -> new PlannedSlot(slot, Optional.empty(), List.of())))
            .toList());
  }

  private static PlannedSlot planned(
      Slot slot, Content content, List<SlotSystem> systems, boolean agents, BuildingHost host) {
    FileSystemKind kind = content.fileSystem();
    List<Reader> readers = readers(slot.name(), kind, systems, agents, host);
    Solution solution =
        new FeatureSolver(kind, host.tools().version(kind)).solve(readers, content.features());
    return new PlannedSlot(slot, Optional.of(solution), readers);
  }

  private static List<Reader> readers(
      String slot,
      FileSystemKind kind,
      List<SlotSystem> systems,
      boolean agents,
      BuildingHost host) {
    List<Reader> readers = new ArrayList<>();
    systems.stream()
        .filter(system -> system.slot().equals(slot))
        .forEach(
            system -> {
              readers.add(system.kernel());
              system.fsck(kind).ifPresent(readers::add);
            });
    readers.add(host.grub());
    systems.stream()
        .filter(system -> agents && !system.slot().equals(slot))
        .forEach(system -> readers.add(system.kernel()));
    readers.add(host.kernel());
    return readers;
  }

  /** What was found for a slot that has content. */
  Solution solution(String slot) {
    return slots.stream()
        .filter(planned -> planned.slot().name().equals(slot))
        .flatMap(planned -> planned.solution().stream())
        .findFirst()
        .orElseThrow();
  }
}
