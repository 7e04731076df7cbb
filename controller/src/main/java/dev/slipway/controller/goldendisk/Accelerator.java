package dev.slipway.controller.goldendisk;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How QEMU runs a guest's instructions. */
public enum Accelerator {
  /** By the processor itself. */
  KVM,
  /** By QEMU's translator: works everywhere, about ten times slower. */
  TCG;

  private static final long PROBE_SECONDS = 10;

  /** QEMU's options for it. */
  public List<String> arguments() {
    return switch (this) {
      case KVM -> List.of("-accel", "kvm", "-cpu", "host");
      case TCG -> List.of("-accel", "tcg,thread=multi", "-cpu", "max");
    };
  }

  /**
   * How many processors a machine best has. QEMU 7.2's translator sometimes executes a place that
   * the kernel is rewriting on another processor (a jump label), which is an oops.
   */
  public int processors() {
    return switch (this) {
      case KVM -> 2;
      case TCG -> 1;
    };
  }

  /**
   * KVM where it works, else TCG. {@code /dev/kvm} can exist and not work (nested guests, missing
   * rights), so this runs SeaBIOS under KVM and waits for the line that it writes to its debug
   * port.
   */
  public static Accelerator best() {
    Process firmware;
    try {
      firmware =
          new ProcessBuilder(
                  "qemu-system-x86_64",
                  "-nodefaults",
                  "-no-user-config",
                  "-display",
                  "none",
                  "-machine",
                  "q35",
                  "-accel",
                  "kvm",
                  "-cpu",
                  "host",
                  "-m",
                  "64",
                  "-chardev",
                  "stdio,id=debug",
                  "-device",
                  "isa-debugcon,iobase=0x402,chardev=debug")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw DiskBoot.noQemu(e);
    }
    // Its output ends when QEMU gives up, or when it has had its chance.
    CompletableFuture<Process> chance =
        firmware
            .onExit()
            .orTimeout(PROBE_SECONDS, TimeUnit.SECONDS)
            .whenComplete((ended, late) -> firmware.destroyForcibly());
    try (InputStream output = firmware.getInputStream()) {
      StringBuilder seen = new StringBuilder();
      int next;
      while ((next = output.read()) >= 0) {
        seen.append((char) next);
        if (seen.indexOf("SeaBIOS") >= 0) {
          return KVM;
        }
      }
      return TCG;
    } catch (IOException e) {
      return TCG;
    } finally {
      firmware.destroyForcibly();
      chance.cancel(false);
    }
  }
}
