package dev.slipway.agent.cli;

import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

/** The agent's command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused. */
@Command(
    name = "agent",
    description =
        "Shows, writes and switches the slots of the Slipway disk that this host runs from.",
    mixinStandardHelpOptions = true,
    versionProvider = AgentVersion.class,
    subcommands = {
      StatusCommand.class,
      FlashCommand.class,
      SwitchCommand.class,
      CommitCommand.class,
      RollbackCommand.class,
      HistoryCommand.class,
      JoinCommand.class,
      DaemonCommand.class
    })
public final class Main {
  private static final int FAILED = 1;

  /** Runs one command and exits. */
  public static void main(String[] args) {
    int exitCode = commandLine().execute(args);
    // Runtime.exit starts up the JDK's logging to ask whether it shall log the exit.
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .registerConverter(FileSystemKind.class, Main::fileSystem)
        .registerConverter(CommitPolicy.class, Main::policy)
        .setExecutionExceptionHandler(
            (error, commandLine, parsed) -> {
              PrintWriter err = commandLine.getErr();
              if (error instanceof OperatorError sentence) {
                err.println("agent: " + sentence.getMessage());
                return sentence.exitCode();
              }
              err.println("agent: unexpected " + error + "; this is a bug in the agent. Where:");
              error.printStackTrace(err);
              return FAILED;
            });
  }

  private static FileSystemKind fileSystem(String name) {
    return FileSystemKind.of(name)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "A slot cannot have the file system \"%s\"; it can have xfs or ext4"
                        .formatted(name)));
  }

  /** What a configuration file would be refused for is wrong usage here. */
  private static CommitPolicy policy(String word) {
    try {
      return CommitPolicy.ofWord(word);
    } catch (OperatorError unknown) {
      throw new TypeConversionException(OperatorError.withoutFinalStop(unknown.getMessage()));
    }
  }
}
