package dev.slipway.image;

import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** The files that an image in a directory or archive consists of, by their path in it. */
interface ImageFiles {
  /** Opens a file, afresh each time it is asked for; empty when there is none of that path. */
  Optional<Supplier<InputStream>> find(String path);
}
