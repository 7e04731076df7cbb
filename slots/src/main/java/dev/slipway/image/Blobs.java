package dev.slipway.image;

import java.io.InputStream;
import java.util.function.Supplier;

/** Where the documents and layers of an OCI image are. What comes from there is not yet checked. */
public interface Blobs {
  /** As {@link Image#isRemote} has it. */
  boolean areRemote();

  /**
   * An index or a manifest, opened afresh each time it is asked for.
   *
   * @throws ImageException when it is not there
   */
  Supplier<InputStream> manifest(Descriptor descriptor);

  /**
   * A configuration or a layer, opened afresh each time it is asked for.
   *
   * @throws ImageException when it is not there; at the latest when it is opened
   */
  Supplier<InputStream> blob(Descriptor descriptor);
}
