package dev.slipway.e2e.vm;

import dev.slipway.controller.goldendisk.Accelerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One machine: off at first, then switched on, off and on again as a test needs. Its disks and its
 * firmware's variables last as long as it does.
 */
public final class VirtualMachine implements AutoCloseable {
  private final Machine machine;
  private final Accelerator accelerator;
  private final Path directory;
  private final Path log;
  private final OutputStream alsoTo;
  private Optional<Running> running = Optional.empty();
  private int starts;

  private record Running(Process process, Console console, Qmp control) {}

  VirtualMachine(
      Machine machine, Accelerator accelerator, Path directory, Path logs, OutputStream alsoTo) {
    this.machine = machine;
    this.accelerator = accelerator;
    this.directory = directory;
    this.log = logs.resolve(machine.name() + ".log");
    this.alsoTo = alsoTo;
    if (machine.firmware() == Firmware.UEFI) {
      // As qcow2, for snapshots cover the variables as well.
      Disk.run(
          "qemu-img",
          "convert",
          "-f",
          "raw",
          "-O",
          "qcow2",
          Firmware.OVMF_VARIABLES.toString(),
          variables().toString());
    }
  }

  private Path variables() {
    return directory.resolve("variables.qcow2");
  }

  /** Switches on; returns at once. */
  public VirtualMachine powerOn() {
    return start(List.of());
  }

  /** Switches on in the state that {@link #saveSnapshot} kept, disks included. */
  public VirtualMachine powerOn(String snapshot) {
    return start(List.of("-loadvm", snapshot));
  }

  private VirtualMachine start(List<String> more) {
    if (isRunning()) {
      throw new IllegalStateException(machine.name() + " is on already");
    }
    powerCut();
    starts++;
    Path socket = directory.resolve("control" + starts);
    List<String> command = new ArrayList<>(arguments(socket));
    command.addAll(more);
    try {
      Path errors = directory.resolve("qemu.err");
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      Console console =
          new Console(process.getInputStream(), process.getOutputStream(), log, alsoTo);
      try {
        running = Optional.of(new Running(process, console, Qmp.connect(socket, process)));
      } catch (VmException e) {
        process.destroyForcibly();
        throw new VmException(
            machine.name() + " did not start: " + Files.readString(errors).strip(), e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private List<String> arguments(Path socket) {
    List<String> command = new ArrayList<>();
    command.add("qemu-system-x86_64");
    command.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none"));
    command.addAll(List.of("-name", machine.name(), "-machine", "q35"));
    command.addAll(accelerator.arguments());
    command.addAll(List.of("-m", Integer.toString(machine.memoryMiB())));
    command.addAll(List.of("-smp", Integer.toString(machine.processors())));
    command.addAll(List.of("-chardev", "stdio,id=console,signal=off"));
    command.addAll(List.of("-serial", "chardev:console"));
    command.addAll(List.of("-qmp", "unix:" + socket + ",server=on,wait=off"));
    command.addAll(List.of("-object", "rng-random,id=random,filename=/dev/urandom"));
    command.addAll(List.of("-device", "virtio-rng-pci,rng=random"));
    if (machine.firmware() == Firmware.UEFI) {
      command.addAll(
          List.of("-drive", "if=pflash,format=raw,readonly=on,file=" + Firmware.OVMF_CODE));
      command.addAll(List.of("-drive", "if=pflash,format=qcow2,file=" + variables()));
    }
    // In the order of the command line they lie on the bus, which is how a firmware finds them.
    for (int i = 0; i < machine.before().size(); i++) {
      command.addAll(
          arguments(machine.before().get(i), "before" + i, machine.disks().size() + i + 1));
    }
    for (int i = 0; i < machine.disks().size(); i++) {
      command.addAll(arguments(machine.disks().get(i), "disk" + i, i + 1));
    }
    command.addAll(List.of("-netdev", "user,id=host"));
    command.addAll(List.of("-device", "virtio-net-pci,netdev=host,romfile="));
    machine
        .lan()
        .ifPresent(
            lan -> {
              command.addAll(List.of("-netdev", lan.netdev()));
              command.addAll(
                  List.of(
                      "-device", "virtio-net-pci,netdev=lan,romfile=,mac=" + machine.lanAddress()));
            });
    machine
        .kernel()
        .ifPresent(
            kernel ->
                command.addAll(
                    List.of(
                        "-kernel",
                        kernel.kernel().toString(),
                        "-initrd",
                        kernel.initrd().toString(),
                        "-append",
                        kernel.commandLine())));
    for (String device : machine.devices()) {
      command.addAll(List.of("-device", device));
    }
    return command;
  }

  private static List<String> arguments(Disk disk, String id, int bootIndex) {
    List<String> all = new ArrayList<>();
    // Not cache=unsafe: qcow2 then keeps its tables in QEMU's memory even after the guest's flush,
    // and a power cut loses what no disk would.
    all.addAll(
        List.of(
            "-drive",
            "if=none,id="
                + id
                + ",format="
                + disk.format()
                + (disk.readOnly() ? ",readonly=on" : "")
                + ",cache=writeback,discard=unmap,file="
                + disk.file().toString().replace(",", ",,")));
    String drive = ",drive=" + id + ",bootindex=" + bootIndex;
    all.addAll(
        switch (disk.bus()) {
          case VIRTIO_BLK -> List.of("-device", "virtio-blk-pci" + drive);
          case VIRTIO_SCSI ->
              List.of(
                  "-device",
                  "virtio-scsi-pci,id=scsi-" + id,
                  "-device",
                  "scsi-hd,bus=scsi-" + id + ".0" + drive);
          case NVME -> List.of("-device", "nvme,serial=slipway-" + id + drive);
        });
    return all;
  }

  public String name() {
    return machine.name();
  }

  /** The serial line of the machine as it runs now; a new one with every power on. */
  public Console console() {
    return on().console();
  }

  public boolean isRunning() {
    return running.isPresent() && running.get().process().isAlive();
  }

  private Running on() {
    return running.orElseThrow(() -> new IllegalStateException(machine.name() + " is off"));
  }

  /** Keeps memory, devices and disks under a name, in the disks (all must be qcow2). */
  public void saveSnapshot(String name) {
    on().control().monitor("savevm " + name);
  }

  /** Goes back to a snapshot while running; what the console said until now is forgotten. */
  public void loadSnapshot(String name) {
    on().control().monitor("loadvm " + name);
    on().console().skip();
  }

  /** Presses the reset button. */
  public void reset() {
    on().control().execute("system_reset");
  }

  /** Pulls the plug: QEMU is killed. The disks keep what was written until then. */
  public void powerCut() {
    running.ifPresent(
        was -> {
          was.process().destroyForcibly();
          was.control().close();
          awaitEnd(was.process(), Duration.ofSeconds(30));
        });
    running = Optional.empty();
  }

  /** Waits until the guest powers itself off. */
  public void awaitOff(Duration patience) {
    awaitEnd(on().process(), patience);
    on().control().close();
    running = Optional.empty();
  }

  private void awaitEnd(Process process, Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new VmException(
            machine.name() + " was still on after " + patience.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VmException("Interrupted while waiting for " + machine.name(), e);
    }
  }

  @Override
  public void close() {
    powerCut();
  }
}
