package dev.slipway.controller.osimage;

import java.util.List;

/**
 * What came of a preparation.
 *
 * @param kernelVersion of the kernel that boots, as uname -r says it
 * @param changes everything that was added, changed or removed, in the order it happened
 * @param wayIn whether an account of the image itself lets somebody log in
 */
public record PreparedImage(String kernelVersion, List<Change> changes, boolean wayIn) {
  public PreparedImage {
    changes = List.copyOf(changes);
  }
}
