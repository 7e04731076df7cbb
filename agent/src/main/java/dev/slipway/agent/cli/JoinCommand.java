package dev.slipway.agent.cli;

import dev.slipway.agent.link.Enrolment;
import dev.slipway.agent.link.Joining;
import dev.slipway.agent.slots.DataPartition;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.linux.OperatorError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent join}: makes this machine a host of a controller. */
@Command(
    name = "join",
    mixinStandardHelpOptions = true,
    description = {
      "Makes this machine a host of the controller at URL.",
      "The token comes from 'controller token create' and names the controller's certificate"
          + " authority, so that no other server can pose as it."
    },
    footer = {
      "",
      "Examples:",
      "  agent join https://controller.example:8443 - < token",
      "  agent join https://controller2.example:8443 - --anew < token"
    })
final class JoinCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "URL", description = "https://HOST:PORT")
  private String url;

  @Parameters(
      index = "1",
      paramLabel = "TOKEN",
      description = "The join token; - reads it from standard input, out of sight of others.")
  private String token;

  @Option(
      names = "--anew",
      description =
          "Leave the controller that was joined before as soon as this one has taken the host, with"
              + " a new key.")
  private boolean anew;

  @Override
  public Integer call() throws InterruptedException {
    ThisHost host = OnThisHost.find();
    DataPartition data = new DataPartition(host.roots().data());
    Enrolment joined =
        new Joining(
                data.enrolment(),
                machineId(data),
                firstLine(host.roots().proc().resolve("sys/kernel/hostname")))
            .join(url, token.equals("-") ? fromStandardInput() : token, anew);
    spec.commandLine()
        .getOut()
        .printf("This host has joined %s as %s.%n", joined.controller(), joined.name());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String machineId(DataPartition data) {
    if (!Files.exists(data.machineId())) {
      throw new OperatorError(
          "This host has no machine id at "
              + data.machineId()
              + ": the initrd makes it when a slot with Slipway's dracut module boots. Boot such a"
              + " slot once, or write one with 'systemd-machine-id-setup --print'.");
    }
    return firstLine(data.machineId());
  }

  private static String firstLine(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String fromStandardInput() {
    try {
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = input.readLine();
      if (line == null) {
        throw new OperatorError("No join token came on standard input.");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
