package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.image.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The images of a build, opened and looked through side by side; closed together. */
final class OpenImages implements AutoCloseable {
  private final Map<String, Image> bySlot = new ConcurrentHashMap<>();
  private final Map<String, ImageSurvey> surveys = new ConcurrentHashMap<>();

  private OpenImages() {}

  /**
   * Opens those of all slots that have one.
   *
   * @param images opens an image
   * @throws dev.slipway.linux.OperatorError when one cannot be opened; none is open then
   */
  static OpenImages of(
      DiskDescription description,
      Function<ImageReference, Image> images,
      Progress steps,
      Cancellation cancellation) {
    OpenImages opened = new OpenImages();
    try {
      new ParallelWork(cancellation)
          .run(
              besideEachOther(description).stream()
                  .map(slots -> opened.opening(slots, images, steps, cancellation))
                  .toList());
      return opened;
    } catch (RuntimeException | Error e) {
      try {
        opened.close();
      } catch (RuntimeException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  /** What is built from Dockerfiles comes one after the other, or its words would be mixed up. */
  private static List<List<Slot>> besideEachOther(DiskDescription description) {
    Map<Boolean, List<Slot>> byBuilding =
        description.slots().stream()
            .filter(slot -> slot.content().isPresent())
            .collect(Collectors.partitioningBy(OpenImages::isBuilt));
    List<List<Slot>> all = new ArrayList<>();
    if (!byBuilding.get(true).isEmpty()) {
      all.add(byBuilding.get(true));
    }
    byBuilding.get(false).forEach(slot -> all.add(List.of(slot)));
    return all;
  }

  private static boolean isBuilt(Slot slot) {
    return slot.content().orElseThrow().image().transport() == ImageReference.Transport.DOCKERFILE;
  }

  private Callable<List<Slot>> opening(
      List<Slot> slots,
      Function<ImageReference, Image> images,
      Progress steps,
      Cancellation cancellation) {
    return () -> {
      for (Slot slot : slots) {
        ImageReference reference = slot.content().orElseThrow().image();
        Image image =
            steps.run(
                slot.name() + ": open " + reference,
                () -> cancellation.guard(() -> images.apply(reference)));
        bySlot.put(slot.name(), image);
        surveys.put(
            slot.name(),
            steps.run(
                slot.name() + ": look through " + image.reference(),
                () -> ImageSurvey.beforehand(image, slot.size().isEmpty())));
      }
      return slots;
    };
  }

  Map<String, Image> bySlot() {
    return Map.copyOf(bySlot);
  }

  Map<String, ImageSurvey> surveys() {
    return Map.copyOf(surveys);
  }

  @Override
  public void close() {
    List<RuntimeException> failures = new ArrayList<>();
    for (Image image : bySlot.values()) {
      try {
        image.close();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }
}
