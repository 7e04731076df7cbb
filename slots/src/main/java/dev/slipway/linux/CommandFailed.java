package dev.slipway.linux;

import java.io.IOException;
import java.util.List;

/**
 * A program that ended with an error, or could not be started. The message has the last lines of
 * what it said.
 */
public final class CommandFailed extends OperatorError {
  private static final int LINES_SHOWN = 8;

  private CommandFailed(String sentence) {
    super(sentence);
  }

  private CommandFailed(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  static CommandFailed withExit(String program, Command.Result result) {
    String said = result.err().isBlank() ? result.out() : result.err();
    List<String> lines = said.strip().lines().toList();
    String last =
        String.join("\n  ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    return new CommandFailed(
        program
            + " failed with exit code "
            + result.exit()
            + (last.isEmpty() ? "." : ":\n  " + last));
  }

  static CommandFailed notStarted(String program, IOException cause) {
    return new CommandFailed(
        program
            + " could not be started; is it installed and on the PATH? ("
            + cause.getMessage()
            + ")",
        cause);
  }
}
