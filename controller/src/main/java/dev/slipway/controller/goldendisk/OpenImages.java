package dev.slipway.controller.goldendisk;

import dev.slipway.image.Image;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The images of a build, by the name of their slot; closed together. */
final class OpenImages implements AutoCloseable {
  private final Map<String, Image> bySlot = new LinkedHashMap<>();

  void add(String slot, Image image) {
    bySlot.put(slot, image);
  }

  Map<String, Image> bySlot() {
    return bySlot;
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
