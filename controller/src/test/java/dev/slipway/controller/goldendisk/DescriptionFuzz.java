package dev.slipway.controller.goldendisk;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Any text is the description of a disk or refused with a sentence that names the file. */
public final class DescriptionFuzz {
  private static final Path FILE = temporaryFile();

  private DescriptionFuzz() {}

  private static Path temporaryFile() {
    try {
      Path file = Files.createTempFile("slipway-fuzz-", ".yml");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    Files.write(FILE, data);
    read(Optional.empty());
    read(Optional.of("node1"));
  }

  private static void read(Optional<String> host) {
    try {
      DiskDescription disk = DiskDescription.read(FILE, host);
      if (disk.slots().stream().noneMatch(slot -> slot.name().equals(disk.defaultSlot()))) {
        throw new AssertionError("no slot " + disk.defaultSlot() + " in " + disk.slots());
      }
    } catch (OperatorError refused) {
      String sentence = refused.getMessage();
      if (!sentence.contains(FILE.toString()) || !sentence.endsWith(".")) {
        throw new AssertionError("no sentence: " + sentence, refused);
      }
    }
  }
}
