package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.DiskBoot;
import dev.slipway.controller.goldendisk.DiskFormat;
import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.filesystem.FileSystemKind;
import java.time.Duration;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The {@code controller} command. A new subcommand is one class here, named in {@code subcommands}
 * below; it throws {@link dev.slipway.linux.OperatorError} for whatever an operator can cause, and
 * {@link Failures} prints it.
 */
@Command(
    name = "controller",
    description = "Makes golden disks and keeps a fleet on its releases.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DiskCommand.class,
      HostCommand.class,
      ImageCommand.class,
      ReleaseCommand.class,
      RolloutCommand.class,
      ServerCommand.class,
      TokenCommand.class,
      AutoComplete.GenerateCompletion.class
    })
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, ready to execute; exit codes as in {@link Failures}. */
  static CommandLine commandLine() {
    Failures failures = new Failures();
    CommandLine main = new CommandLine(new Main());
    main.getSubcommands()
        .get("generate-completion")
        .getCommandSpec()
        .usageMessage()
        .footer("", "Examples:", "  source <(controller generate-completion)");
    return main.registerConverter(Duration.class, new TimeNotation())
        .registerConverter(DiskBoot.Firmware.class, new Choice<>(DiskBoot.Firmware.class))
        .registerConverter(DiskFormat.class, new Choice<>(DiskFormat.class))
        .registerConverter(FileSystemKind.class, new Choice<>(FileSystemKind.class))
        .registerConverter(InitrdSource.class, new Choice<>(InitrdSource.class))
        .registerConverter(ProgressOption.Form.class, new Choice<>(ProgressOption.Form.class))
        .setExecutionStrategy(failures)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setUsageHelpAutoWidth(true);
  }
}
