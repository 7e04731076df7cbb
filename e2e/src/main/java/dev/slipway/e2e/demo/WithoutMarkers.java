package dev.slipway.e2e.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a console says, without the lines by which {@link dev.slipway.e2e.vm.Shell} finds where a
 * command's output begins and ends.
 */
final class WithoutMarkers extends OutputStream {
  private static final String START = "slipway-command-";

  private final OutputStream terminal;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  WithoutMarkers(OutputStream terminal) {
    this.terminal = terminal;
  }

  @Override
  public void write(int octet) throws IOException {
    line.write(octet);
    if (octet == '\n') {
      if (!text().startsWith(START)) {
        line.writeTo(terminal);
      }
      line.reset();
    }
  }

  /** Passes on the beginning of a line, such as a prompt, unless it may become a marker. */
  @Override
  public void flush() throws IOException {
    if (!text().startsWith(START) && !START.startsWith(text())) {
      line.writeTo(terminal);
      line.reset();
    }
    terminal.flush();
  }

  private String text() {
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
