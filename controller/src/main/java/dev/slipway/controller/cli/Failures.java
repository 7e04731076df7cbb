package dev.slipway.controller.cli;

import dev.slipway.linux.OperatorError;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong on standard error and chooses the exit code: 1 failed, 2 wrong usage, 3
 * refused by a safety rule. A stack trace is shown only when the environment has {@code
 * SLIPWAY_DEBUG}.
 */
final class Failures
    implements IExecutionStrategy, IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** Runs the command; that it has no memory is a failure like others. */
  @Override
  public int execute(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      OperatorError told = tooLittleMemory(e);
      throw new ExecutionException(parsed.commandSpec().commandLine(), told.getMessage(), told);
    }
  }

  private static OperatorError tooLittleMemory(OutOfMemoryError failure) {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    return new OperatorError(
        "This took more memory than the "
            + mebibytes
            + " MiB that there are for it ("
            + failure.getMessage()
            + "), as images with very many files do. Give it more in its environment, such as"
            + " JAVA_TOOL_OPTIONS=-Xmx"
            + 2 * mebibytes
            + "m.",
        failure);
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    int exitCode = FAILED;
    if (failure instanceof OperatorError told) {
      exitCode = told.exitCode();
      err.println("controller: " + told.getMessage());
    } else {
      err.println(
          "controller: this should not have happened and is an error in Slipway: "
              + failure
              + ". Set SLIPWAY_DEBUG=1 to see where.");
    }
    if (System.getenv("SLIPWAY_DEBUG") != null) {
      failure.printStackTrace(err);
    }
    err.flush();
    return exitCode;
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    // Of a KEY=VALUE option picocli says "option option '--label'".
    err.println("controller: " + wrong.getMessage().replace("option option ", "option "));
    UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println(
        "Try '" + command.getCommandSpec().qualifiedName() + " --help' for what is possible.");
    err.flush();
    return USAGE;
  }
}
