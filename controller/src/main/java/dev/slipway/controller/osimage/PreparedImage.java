package dev.slipway.controller.osimage;

import java.util.List;

/**
 * What came of a preparation.
 *
 * @param kernelVersion of the kernel that boots, as uname -r says it
 * @param changes everything that was added, changed or removed, in the order it happened
 */
public record PreparedImage(String kernelVersion, List<Change> changes) {
  public PreparedImage {
    changes = List.copyOf(changes);
  }
}
