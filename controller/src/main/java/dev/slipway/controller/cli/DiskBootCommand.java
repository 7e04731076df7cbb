package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.DiskBoot;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller disk boot}. */
@Command(
    name = "boot",
    description = "Boots a golden disk in QEMU, with its serial console on this terminal.",
    footer = {
      "",
      "End QEMU with Ctrl-A X. The disk is not changed unless --write is given.",
      "",
      "Examples:",
      "  controller disk boot golden.img",
      "  controller disk boot golden.img --firmware uefi --slot slot2 --ssh-port 2222"
    },
    mixinStandardHelpOptions = true)
final class DiskBootCommand implements Callable<Integer> {
  private static final int SMALLEST_MEMORY = 256;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DISK", description = "the golden disk's image")
  private Path disk;

  @Option(
      names = "--firmware",
      paramLabel = "bios|uefi",
      defaultValue = "bios",
      description = "what boots the disk (default: ${DEFAULT-VALUE})")
  private DiskBoot.Firmware firmware;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "2048",
      description = "the machine's memory in MiB (default: ${DEFAULT-VALUE})")
  private int memory;

  @Option(
      names = "--cpus",
      paramLabel = "COUNT",
      description = "the machine's processors (default: 2 with KVM, 1 without)")
  private Optional<Integer> cpus;

  @Option(
      names = "--slot",
      paramLabel = "SLOT",
      description = "boot this slot instead of the disk's default one")
  private Optional<String> slot;

  @Option(names = "--write", description = "let the machine's writes change the disk image")
  private boolean write;

  @Option(
      names = "--ssh-port",
      paramLabel = "PORT",
      description = "let 127.0.0.1:PORT lead to the machine's port 22")
  private Optional<Integer> sshPort;

  @Override
  public Integer call() {
    require(memory >= SMALLEST_MEMORY, "--memory must be at least " + SMALLEST_MEMORY + " MiB");
    require(cpus.filter(count -> count < 1).isEmpty(), "--cpus must be at least 1");
    require(
        sshPort.filter(port -> port < 1 || port > 65535).isEmpty(),
        "--ssh-port must be a port number from 1 to 65535");
    require(
        slot.isEmpty() || !write,
        "--slot boots a throw-away layer of the disk, so --write cannot be kept. In the machine,"
            + " 'agent switch' changes slots for good");
    return new DiskBoot(
            disk,
            firmware,
            memory,
            cpus.map(OptionalInt::of).orElseGet(OptionalInt::empty),
            write,
            sshPort.map(OptionalInt::of).orElseGet(OptionalInt::empty),
            slot)
        .run(this::sayHowToEnd);
  }

  private void sayHowToEnd() {
    spec.commandLine().getErr().println("Ctrl-A X ends QEMU.");
    spec.commandLine().getErr().flush();
  }

  private void require(boolean holds, String sentence) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), sentence + ".");
    }
  }
}
