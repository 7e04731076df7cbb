package dev.slipway.boot;

import dev.slipway.disk.PartitionId;
import dev.slipway.disk.PartitionTable;
import dev.slipway.disk.SlotName;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The disk's one GRUB script, rendered from {@code grub-templates/grub.cfg.template}. */
public final class GrubScript {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z_]+)}}");
  private static final Pattern CONSOLE =
      Pattern.compile("[a-zA-Z]+[0-9]*(,[0-9]+[neo]?[5-8]?[a-z]?)?");
  private static final Pattern SERIAL = Pattern.compile("ttyS([0-9]+)(?:,([0-9]+).*)?");

  /** The speed of a serial console for which none is given, as the kernel has it. */
  private static final String DEFAULT_SPEED = "9600";

  /**
   * Printable characters that neither GRUB's script language nor the way it joins arguments to a
   * command line changes: it puts arguments with spaces into quotes of its own and backslashes
   * before quotes, which the kernel does not undo.
   */
  private static final Pattern SAFE_ARGUMENT = Pattern.compile("[!-~&&[^\"'\\\\`]]+");

  /** A slot and the partition it is found by. */
  public record BootSlot(String name, PartitionId partition) {
    public BootSlot {
      SlotName.require(name);
    }
  }

  private final Path template;

  /**
   * Uses this template.
   *
   * @param template the file {@code grub.cfg.template}
   */
  public GrubScript(Path template) {
    this.template = template;
  }

  /**
   * Renders the script.
   *
   * @param table of the disk
   * @param slots in the order in which they are tried when nothing else is known
   * @param consoles as for the kernel's {@code console=}, such as {@code ttyS0,115200} or {@code
   *     tty0}; the first serial one is GRUB's too
   * @param kernelArguments added to every boot
   * @param data whether the disk has a data partition
   * @throws OperatorError when an argument is Slipway's own, or cannot be written safely in a GRUB
   *     script, or when the template uses a command whose module is not in the boot images
   */
  public String render(
      PartitionTable.Kind table,
      List<BootSlot> slots,
      List<String> consoles,
      List<String> kernelArguments,
      boolean data) {
    if (slots.isEmpty()) {
      throw new OperatorError("A boot script needs at least one slot.");
    }
    Map<String, String> values = new LinkedHashMap<>();
    values.put("terminal", terminal(consoles));
    values.put("table", table.token());
    values.put("partitions", partitions(slots));
    values.put("slots", slots.stream().map(BootSlot::name).collect(Collectors.joining(" ")));
    values.put("kernel", SlotBootFiles.KERNEL);
    values.put("initrd", SlotBootFiles.INITRD);
    values.put("arguments", arguments(consoles, kernelArguments, data));
    values.put("trial_arguments", String.join(" ", KernelCommandLine.IN_TRIALS));
    String script = fill(read(), values);
    GrubCommands.requireModules(script);
    return script;
  }

  private String fill(String text, Map<String, String> values) {
    Matcher placeholder = PLACEHOLDER.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (placeholder.find()) {
      String value = values.get(placeholder.group(1));
      if (value == null) {
        throw new OperatorError(
            template + " has a placeholder that is not known: " + placeholder.group());
      }
      placeholder.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    placeholder.appendTail(filled);
    return filled.toString();
  }

  private String read() {
    try {
      return Files.readString(template);
    } catch (NoSuchFileException e) {
      throw new OperatorError("There is no template for the boot script at " + template + ".", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + template, e);
    }
  }

  private static String terminal(List<String> consoles) {
    Optional<Matcher> serial =
        consoles.stream().map(SERIAL::matcher).filter(Matcher::matches).findFirst();
    return serial
        .map(
            port ->
                "if serial --unit="
                    + port.group(1)
                    + " --speed="
                    + Optional.ofNullable(port.group(2)).orElse(DEFAULT_SPEED)
                    + "; then\n  terminal_output console serial\nfi")
        .orElse("terminal_output console");
  }

  private static String partitions(List<BootSlot> slots) {
    // probe answers in small letters, as a PartitionId is written.
    return slots.stream()
        .map(
            slot ->
                "  if [ \"$1\" = \""
                    + slot.name()
                    + "\" ]; then\n    set want=\""
                    + slot.partition()
                    + "\"\n  fi")
        .collect(Collectors.joining("\n"));
  }

  private static String arguments(
      List<String> consoles, List<String> kernelArguments, boolean data) {
    List<String> all = new ArrayList<>();
    for (String console : consoles) {
      if (!CONSOLE.matcher(console).matches()) {
        throw new OperatorError(
            "\"" + console + "\" is not a console; give one like \"ttyS0,115200\" or \"tty0\".");
      }
      all.add("console=" + console);
    }
    for (String argument : kernelArguments) {
      requireSafe(argument);
      all.add(argument);
    }
    all.addAll(KernelCommandLine.ALWAYS);
    if (!data) {
      all.add(KernelCommandLine.WITHOUT_DATA);
    }
    return all.stream().map(argument -> "'" + argument + "'").collect(Collectors.joining(" "));
  }

  private static void requireSafe(String argument) {
    if (KernelCommandLine.isSlipways(argument)) {
      throw new OperatorError(
          "The kernel argument \""
              + argument
              + "\" is one that Slipway sets itself; leave it out.");
    }
    if (!SAFE_ARGUMENT.matcher(argument).matches()) {
      throw new OperatorError(
          "The kernel argument \""
              + argument
              + "\" cannot be passed on by GRUB as it is: use no spaces, quotes, backslashes or"
              + " letters beyond ASCII.");
    }
  }
}
