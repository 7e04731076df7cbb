package dev.slipway.controller.osimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The scripts and units that are put into slots, as they lie beside the classes. */
final class Resource {
  private Resource() {}

  /** Puts a file of this package into the tree. */
  static void put(OsTree tree, String name, String path, int mode) {
    try (InputStream content = Resource.class.getResourceAsStream(name)) {
      tree.write(path, content.readAllBytes(), mode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
