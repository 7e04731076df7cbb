package dev.slipway.tree;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Debians, bootstrapped from this machine's own package sources once each and kept below target/.
 */
enum RealDebian {
  /** As small as one can be. */
  MINIMAL_11("debian11-minbase", "bullseye"),

  /** As small as one can be. */
  MINIMAL_12("debian12-minbase", "bookworm"),

  /**
   * With ACLs, which systemd gives its journal, and with a capability, which ping had in Debian
   * before it could do without.
   */
  SYSTEMD_13("debian13-systemd", "trixie");

  private final String name;
  private final String release;

  RealDebian(String name, String release) {
    this.name = name;
    this.release = release;
  }

  private List<String> options() {
    return switch (this) {
      case MINIMAL_11, MINIMAL_12 -> List.of();
      case SYSTEMD_13 ->
          List.of(
              "--include=systemd,iputils-ping",
              "--customize-hook=setcap cap_net_raw+ep \"$1/usr/bin/ping\"");
    };
  }

  /** The archive; its ACLs are among the xattrs. */
  Path tar() {
    Path kept = Path.of("target", name + ".tar");
    if (!Files.exists(kept)) {
      Path unfinished = Path.of("target", name + ".unfinished.tar");
      List<String> bootstrap = new ArrayList<>(List.of("mmdebstrap", "--variant=minbase"));
      bootstrap.addAll(options());
      bootstrap.addAll(List.of(release, unfinished.toString()));
      Command.of(bootstrap).run();
      try {
        Files.move(unfinished, kept, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return kept;
  }
}
