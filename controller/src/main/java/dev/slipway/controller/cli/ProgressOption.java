package dev.slipway.controller.cli;

import dev.slipway.controller.progress.JsonLines;
import dev.slipway.controller.progress.PlainLines;
import dev.slipway.controller.progress.ProgressView;
import dev.slipway.controller.progress.StatusLine;
import dev.slipway.controller.progress.Terminal;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How long work is told of, on standard error. */
final class ProgressOption {
  /** The forms. */
  enum Form {
    PLAIN,
    TERMINAL,
    JSON
  }

  @Option(
      names = "--progress",
      paramLabel = "plain|terminal|json",
      description =
          "how the steps are told on standard error (default: terminal on a terminal, plain"
              + " otherwise)")
  private Optional<Form> form;

  ProgressView view(PrintWriter err) {
    return switch (form.orElseGet(() -> Terminal.isStandardError() ? Form.TERMINAL : Form.PLAIN)) {
      case PLAIN -> new PlainLines(err);
      case TERMINAL -> new StatusLine(err);
      case JSON -> new JsonLines(err);
    };
  }
}
