package dev.slipway.e2e.demo;

import dev.slipway.controller.goldendisk.Accelerator;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import dev.slipway.e2e.vm.VmException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Boots a golden disk, switches to its second slot by kexec and back, as a person at the machine's
 * console would, and shows all of it. The disk itself stays as it is.
 */
public final class WarmSwitchDemo {
  private static final Duration BOOT = Duration.ofMinutes(8);
  private static final Duration COMMAND = Duration.ofMinutes(3);

  private final PrintStream terminal;
  private final VirtualMachine vm;
  private final String password;

  private WarmSwitchDemo(PrintStream terminal, VirtualMachine vm, String password) {
    this.terminal = terminal;
    this.vm = vm;
    this.password = password;
  }

  /**
   * @param arguments the disk; the file with root's password; the directory for the console's log
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length != 3) {
      System.err.println("usage: WarmSwitchDemo DISK PASSWORD-FILE LOG-DIRECTORY");
      System.exit(2);
    }
    String password = Files.readString(Path.of(arguments[1])).strip();
    PrintStream terminal = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (Hypervisor hypervisor =
        new Hypervisor(Path.of(arguments[2]), new WithoutMarkers(terminal))) {
      Disk disk = Disk.overlay(Path.of(arguments[0]), hypervisor.newFile("disk.qcow2"));
      VirtualMachine vm =
          hypervisor.create(
              Machine.named("quickstart")
                  .memory(2048)
                  .processors(hypervisor.accelerator().processors())
                  .disk(disk));
      new WarmSwitchDemo(terminal, vm, password).show();
      if (hypervisor.accelerator() == Accelerator.TCG) {
        terminal.println(
            "There is no KVM here: QEMU emulates the processor, about ten times slower than the real one.");
      }
    } catch (VmException e) {
      terminal.println();
      System.err.println("quickstart: " + e.getMessage());
      System.exit(1);
    }
  }

  private void show() {
    say("The machine is switched on; its firmware and GRUB start the default slot");
    long start = System.nanoTime();
    vm.powerOn();
    Shell shell = login();
    long cold = secondsSince(start);
    look(shell);
    settled(shell);

    start = System.nanoTime();
    shell = switchFrom(shell, "slot2");
    long warm = secondsSince(start);
    look(shell);
    say("The new slot is on trial until its checks are through");
    settled(shell);
    look(shell);

    shell = switchFrom(shell, "slot1");
    settled(shell);
    look(shell);
    say(
        "Two operating systems from one disk. Power on to login took %d s, the warm switch %d s."
            .formatted(cold, warm));
    terminal.println(
        "A server's firmware adds minutes to the first figure, and nothing to the second.");
  }

  private Shell switchFrom(Shell shell, String slot) {
    say("agent switch " + slot);
    shell.leave("agent switch " + slot + " --yes");
    return login();
  }

  private Shell login() {
    return Shell.login(vm.console(), "root", password, BOOT);
  }

  private void look(Shell shell) {
    shell.check(
        "echo; echo '# agent status'; . /etc/os-release; echo \"$PRETTY_NAME, kernel $(uname -r)\"; agent status",
        COMMAND);
  }

  /** Waits until nothing is being decided any more. */
  private void settled(Shell shell) {
    shell.check(
        "until agent status --json | grep -Eq '\"phase\" *: *\"(good|idle|rolledback|failed)\"'; do sleep 3; done",
        BOOT);
  }

  private static long secondsSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toSeconds();
  }

  private void say(String what) {
    terminal.printf("%n%n=== %s%n%n", what);
  }
}
