package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tree.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code controller disk boot}, with this test at its terminal. */
@Tag("vm")
class DiskBootE2eTest {
  private final Checkout checkout = new Checkout();

  private static List<String> drawn() {
    return List.of(Drawn.oneOf(DiskBootE2eTest.class, new String[] {"bios", "uefi"}));
  }

  private static List<String> others() {
    return Drawn.othersOf(DiskBootE2eTest.class, new String[] {"bios", "uefi"});
  }

  @ParameterizedTest
  @MethodSource("drawn")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void theSlotThatIsAskedForComesUpOnTheTerminalAndTheDiskStaysAsItIs(String firmware)
      throws Exception {
    boots(firmware);
  }

  @Tag("campaign")
  @ParameterizedTest
  @MethodSource("others")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void soItDoesWithTheOtherFirmware(String firmware) throws Exception {
    boots(firmware);
  }

  private void boots(String firmware) throws Exception {
    Path disk = checkout.tinyDisk();
    Digest before = digest(disk);
    Process boot =
        new ProcessBuilder(
                checkout.controller(
                    "disk", "boot", disk.toString(), "--slot", "slot2", "--firmware", firmware))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader terminal = boot.inputReader(StandardCharsets.ISO_8859_1);
        OutputStream keyboard = boot.getOutputStream()) {
      assertThat(said(terminal, "tiny slot: up, slot ")).contains("slot slot2, mode committed");
      keyboard.write("echo the machine is $((20 + 22))\n".getBytes(StandardCharsets.US_ASCII));
      keyboard.flush();
      assertThat(said(terminal, "the machine is 42")).isNotEmpty();
      // Ctrl-A X, as it was told to end.
      keyboard.write(new byte[] {1, 'x'});
      keyboard.flush();
      terminal.transferTo(Writer.nullWriter());
    } finally {
      boot.destroy();
    }
    assertThat(boot.waitFor()).isZero();
    assertThat(digest(disk)).isEqualTo(before);
  }

  /** The first line with that in it. */
  private static String said(BufferedReader terminal, String what) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = terminal.readLine(); line != null; line = terminal.readLine()) {
      all.append(line).append('\n');
      if (line.contains(what)) {
        return line;
      }
    }
    throw new AssertionError("It ended without '" + what + "':\n" + all);
  }

  private static Digest digest(Path file) {
    try (InputStream content = Files.newInputStream(file)) {
      return Digest.of(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
