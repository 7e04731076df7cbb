package dev.slipway.boot;

import dev.slipway.disk.PartitionId;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kernel command line, as its arguments. Double quotes keep spaces within one argument, as in the
 * kernel's own parser (lib/cmdline.c, next_arg).
 */
public record KernelCommandLine(List<String> arguments) {

  /**
   * Characters that kexec_file_load takes on x86: 2047 less 30 for {@code elfcorehdr=} and one for
   * the end (arch/x86/kernel/kexec-bzimage64.c).
   */
  public static final int MAXIMUM_LENGTH = 2016;

  /** In every boot: without it a watchdog is stopped by kexec, and a hang has no way back. */
  public static final List<String> ALWAYS = List.of("watchdog.stop_on_reboot=0");

  /**
   * On a disk without a data partition: only then does the initrd let a slot keep an identity of
   * its own. A data partition that it merely does not find must not make the host another one.
   */
  public static final String WITHOUT_DATA = "slipway.data=none";

  /** In trial boots: whatever goes wrong ends in a reboot into the committed slot. */
  public static final List<String> IN_TRIALS =
      List.of(
          "panic=10",
          "oops=panic",
          "softlockup_panic=1",
          "hung_task_panic=1",
          "rd.shell=0",
          "rd.emergency=reboot",
          "rd.timeout=90");

  private static final String PREFIX = "slipway.";
  private static final String SLOT = PREFIX + "slot";
  private static final String MODE = PREFIX + "mode";
  private static final String WHY = PREFIX + "why";
  private static final String TRANSACTION = PREFIX + "txn";
  private static final String ROOT = "root";
  private static final String PARTUUID = "PARTUUID=";

  /** Names that a boot loader or Slipway sets, whatever their value. */
  private static final Set<String> OWN_NAMES = Set.of("BOOT_IMAGE", ROOT, "rw", "ro");

  public KernelCommandLine {
    arguments = List.copyOf(arguments);
  }

  /** Splits a command line at spaces outside of double quotes. */
  public static KernelCommandLine parse(String text) {
    List<String> arguments = new ArrayList<>();
    StringBuilder argument = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) && !quoted) {
        addTo(arguments, argument);
      } else {
        argument.append(c);
        quoted ^= c == '"';
      }
    }
    addTo(arguments, argument);
    return new KernelCommandLine(arguments);
  }

  /** Reads a command line from a file, usually {@code /proc/cmdline}. */
  public static KernelCommandLine read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the kernel command line", e);
    }
  }

  /** The value of the last {@code name=value}, without quotes. */
  public Optional<String> value(String name) {
    Optional<String> value = Optional.empty();
    for (String argument : arguments) {
      String plain = argument.replace("\"", "");
      if (plain.startsWith(name + "=")) {
        value = Optional.of(plain.substring(name.length() + 1));
      }
    }
    return value;
  }

  /**
   * What it says about the boot; empty when neither Slipway's GRUB script nor its agent wrote it.
   */
  public Optional<BootArguments> slipway() {
    Optional<BootMode> mode = value(MODE).flatMap(BootMode::of);
    Optional<PartitionId> partition =
        value(ROOT)
            .filter(root -> root.startsWith(PARTUUID))
            .flatMap(root -> PartitionId.parse(root.substring(PARTUUID.length())));
    if (mode.isEmpty() || partition.isEmpty() || value(SLOT).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new BootArguments(
            value(SLOT).get(),
            partition.get(),
            mode.get(),
            value(WHY).orElse(""),
            value(TRANSACTION).orElse("")));
  }

  /**
   * Without everything that Slipway or a boot loader adds: what is left is the operator's. That may
   * be one of {@link #IN_TRIALS} as well, which a trial then has twice.
   */
  public KernelCommandLine withoutSlipway() {
    List<String> left = new ArrayList<>(arguments);
    left.removeIf(KernelCommandLine::isSlipways);
    if (value(MODE).flatMap(BootMode::of).filter(BootMode::isTrial).isPresent()) {
      for (String ours : IN_TRIALS) {
        int last = left.lastIndexOf(ours);
        if (last >= 0) {
          left.remove(last);
        }
      }
    }
    return new KernelCommandLine(left);
  }

  /**
   * Whether an argument is one that Slipway sets itself in every boot. Those of {@link #ALWAYS} are
   * told by their value as well.
   */
  static boolean isSlipways(String argument) {
    String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
    return name.startsWith(PREFIX) || OWN_NAMES.contains(name) || ALWAYS.contains(argument);
  }

  /**
   * The command line for booting a slot with the operator's arguments of this one. Trial arguments
   * are added for trial modes; they come last, so that they win.
   *
   * @throws OperatorError when it becomes longer than {@value #MAXIMUM_LENGTH} characters
   */
  public KernelCommandLine forBoot(BootArguments boot) {
    List<String> all = new ArrayList<>();
    all.add(ROOT + "=" + PARTUUID + boot.partition());
    all.add("rw");
    all.addAll(withoutSlipway().arguments());
    all.addAll(ALWAYS);
    all.add(SLOT + "=" + boot.slot());
    all.add(MODE + "=" + boot.mode().token());
    all.add(WHY + "=" + boot.why());
    all.add(TRANSACTION + "=" + boot.transaction());
    if (boot.mode().isTrial()) {
      all.addAll(IN_TRIALS);
    }
    KernelCommandLine line = new KernelCommandLine(all);
    if (line.text().length() > MAXIMUM_LENGTH) {
      throw new OperatorError(
          "The kernel command line for slot \""
              + boot.slot()
              + "\" would have "
              + line.text().length()
              + " characters; kexec takes "
              + MAXIMUM_LENGTH
              + ". Give fewer kernel arguments.");
    }
    return line;
  }

  /** As given to the kernel. */
  public String text() {
    return String.join(" ", arguments);
  }

  private static void addTo(List<String> arguments, StringBuilder argument) {
    if (argument.length() > 0) {
      arguments.add(argument.toString());
      argument.setLength(0);
    }
  }
}
