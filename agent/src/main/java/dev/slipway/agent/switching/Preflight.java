package dev.slipway.agent.switching;

import dev.slipway.agent.slots.Roots;
import dev.slipway.agent.slots.Slot;
import dev.slipway.boot.KernelImage;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.SlotRecord;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What is looked at before anything is changed for a switch. */
final class Preflight {
  private static final int CAP_SYS_BOOT = 22;
  private static final long SPARE_MEMORY = 64L << 20;

  private final Roots roots;

  Preflight(Roots roots) {
    this.roots = roots;
  }

  /**
   * The slot's record, if the slot may be booted.
   *
   * @throws OperatorError (refused) when it holds nothing that was verified
   */
  static SlotRecord.Ready verified(SlotRecord record) {
    return record
        .ready()
        .orElseThrow(
            () ->
                OperatorError.refused(
                    "Slot %s is %s: it holds nothing that was written and verified. Flash it first (agent flash %s SOURCE)."
                        .formatted(record.slot(), record.state(), record.slot())));
  }

  /**
   * Checks that the slot's boot files are still those that were verified, and that they can be
   * booted.
   *
   * @param root where the slot is mounted
   */
  static KernelImage bootFiles(Slot slot, SlotRecord.Ready record, Path root) {
    SlotBootFiles files = SlotBootFiles.in(root);
    sameAs(record.kernel(), files.kernel(), SlotBootFiles.KERNEL, slot);
    sameAs(record.initrd(), files.initrd(), SlotBootFiles.INITRD, slot);
    return KernelImage.read(files.kernel());
  }

  private static void sameAs(Digest expected, Path file, String name, Slot slot) {
    if (!Files.isRegularFile(file)) {
      throw OperatorError.refused(
          "Slot %s has no %s any more; flash it again.".formatted(slot.name(), name));
    }
    try (InputStream content = Files.newInputStream(file)) {
      if (!Digest.of(content).equals(expected)) {
        throw OperatorError.refused(
            "%s in slot %s is not the file that was verified (its digest differs); flash the slot again."
                .formatted(name, slot.name()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why this kernel cannot be started by kexec here; empty when nothing speaks against it. */
  Optional<String> againstKexec(KernelImage kernel, long initrdSize) {
    if (!Files.exists(roots.sys().resolve("kernel/kexec_loaded"))) {
      return Optional.of("the running kernel has no kexec");
    }
    if (isOne(roots.proc().resolve("sys/kernel/kexec_load_disabled"))) {
      return Optional.of("kexec is switched off (sysctl kernel.kexec_load_disabled=1)");
    }
    if (!mayBoot()) {
      return Optional.of("this process lacks the capability CAP_SYS_BOOT");
    }
    long needed = 2 * (kernel.initSize() + initrdSize) + SPARE_MEMORY;
    long available = memory("MemAvailable");
    if (available < needed) {
      return Optional.of(
          "kexec needs %d MiB of free memory for this kernel and initrd, and %d MiB are free"
              .formatted(needed >> 20, available >> 20));
    }
    if (kernel.initSize() + initrdSize > memory("MemTotal") / 2) {
      return Optional.of("kernel and initrd together take more than half of the memory");
    }
    return Optional.empty();
  }

  /** What happens should the new kernel hang: one sentence. */
  String whatCatchesAHang() {
    Path watchdogs = roots.sys().resolve("class/watchdog");
    boolean survivesKexec =
        readOr(roots.sys().resolve("module/watchdog/parameters/stop_on_reboot"), "-1").equals("0");
    if (survivesKexec && Files.isDirectory(watchdogs)) {
      try (Stream<Path> all = Files.list(watchdogs)) {
        Optional<Path> active =
            all.filter(each -> readOr(each.resolve("state"), "inactive").equals("active"))
                .filter(each -> !readOr(each.resolve("identity"), "").contains("Software"))
                .findFirst();
        if (active.isPresent()) {
          return "A hang of the new kernel is caught by the watchdog \"%s\"."
              .formatted(readOr(active.get().resolve("identity"), "unknown"));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return "A hang of the new kernel needs a hand: no hardware watchdog runs across kexec.";
  }

  private boolean mayBoot() {
    return line("self/status", "CapEff:")
        .map(value -> (Long.parseUnsignedLong(value, 16) >> CAP_SYS_BOOT & 1) == 1)
        .orElse(true);
  }

  /** Bytes. */
  private long memory(String name) {
    return line("meminfo", name + ":")
        .map(value -> Long.parseLong(value.split(" ", -1)[0]) * 1024)
        .orElse(Long.MAX_VALUE);
  }

  private Optional<String> line(String file, String start) {
    Path path = roots.proc().resolve(file);
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(path)) {
      return lines
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOne(Path file) {
    return readOr(file, "0").equals("1");
  }

  private static String readOr(Path file, String otherwise) {
    try {
      return Files.exists(file) ? Files.readString(file).strip() : otherwise;
    } catch (IOException unreadable) {
      return otherwise;
    }
  }
}
