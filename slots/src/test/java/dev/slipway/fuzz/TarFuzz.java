package dev.slipway.fuzz;

import dev.slipway.tree.Entry;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TarLimits;
import dev.slipway.tree.TarReader;
import dev.slipway.tree.TarWriter;
import dev.slipway.tree.TreeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Any bytes are an archive or refused with a sentence; what was read can be written, and is the
 * same when it is read again.
 */
public final class TarFuzz {
  private static final TarLimits LIMITS = new TarLimits(10_000, 64 << 10, 1_000, 1 << 20, 1 << 24);

  private TarFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    byte[] archive = RawTar.sealed(data);
    Manifest first;
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try {
      readAll(archive);
      first = manifest(archive);
      try (TarReader reader = reader(archive)) {
        TarWriter.write(reader, copy);
      }
    } catch (TreeException refused) {
      return;
    }
    Manifest second = manifest(copy.toByteArray());
    if (!second.differences(first).isEmpty()) {
      throw new AssertionError(first.differences(second).toString());
    }
    if (!Manifest.parse(first.write()).equals(first)) {
      throw new AssertionError("the manifest's text says something else: " + first.write());
    }
  }

  private static TarReader reader(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive), LIMITS);
  }

  private static Manifest manifest(byte[] archive) {
    try (TarReader reader = reader(archive)) {
      return Manifest.of(reader);
    }
  }

  private static void readAll(byte[] archive) throws IOException {
    try (TarReader reader = reader(archive)) {
      for (Optional<Entry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        try (InputStream content = reader.content()) {
          content.skipNBytes(content.readNBytes(100).length == 100 ? 1 : 0);
        }
      }
    }
  }
}
