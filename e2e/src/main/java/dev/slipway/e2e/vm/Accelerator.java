package dev.slipway.e2e.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** How the guest's instructions are run. */
public enum Accelerator {
  /** By the processor itself. */
  KVM,
  /** By QEMU's translator, a thread for each guest processor. */
  TCG;

  List<String> arguments() {
    return switch (this) {
      case KVM -> List.of("-accel", "kvm", "-cpu", "host");
      case TCG -> List.of("-accel", "tcg,thread=multi", "-cpu", "max");
    };
  }

  /**
   * KVM where it works, else TCG. {@code /dev/kvm} can exist and not work (nested guests, missing
   * rights), so this runs the firmware under KVM and waits for the line that SeaBIOS writes to its
   * debug port, for ten seconds at most.
   */
  static Accelerator best() {
    try {
      Process process =
          new ProcessBuilder(
                  "timeout",
                  "10",
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
      try (var output = process.getInputStream()) {
        StringBuilder seen = new StringBuilder();
        int next;
        while ((next = output.read()) >= 0) {
          seen.append((char) next);
          if (seen.indexOf("SeaBIOS") >= 0) {
            return KVM;
          }
        }
        return TCG;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("qemu-system-x86_64 could not be run; ./test installs it", e);
    }
  }
}
