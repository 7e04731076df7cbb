package dev.slipway.tree;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A minimal Debian 12, bootstrapped from this machine's own package sources once and kept below
 * target/.
 */
final class RealDebian {
  private static final Path KEPT = Path.of("target", "debian12-minbase.tar");

  private RealDebian() {}

  static synchronized Path tar() {
    if (!Files.exists(KEPT)) {
      Path unfinished = KEPT.resolveSibling("debian12-minbase.unfinished.tar");
      Command.of("mmdebstrap", "--variant=minbase", "bookworm", unfinished.toString()).run();
      try {
        Files.move(unfinished, KEPT, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return KEPT;
  }
}
