package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads one disk.yml. docs/disk.schema.json says the same to editors. */
final class DescriptionReader {
  static final List<String> KEYS =
      List.of(
          "size",
          "table",
          "slots",
          "data",
          "default",
          "console",
          "kernel-arguments",
          "host",
          "hosts");
  static final List<String> DATA_KEYS = List.of("size");

  /** The last one is the main one; where a machine lacks it, the kernel takes the other. */
  private static final List<String> DEFAULT_CONSOLES = List.of("tty0", "ttyS0,115200");

  private static final ByteSize DEFAULT_DATA = ByteSize.ofMebibytes(256);

  private static final Pattern CONSOLE =
      Pattern.compile("tty(S|AMA)?[0-9]{1,3}(,[0-9]{3,7}([noe][78]?)?)?|hvc[0-9]");

  /** What neither GRUB's nor the kernel's parser treats specially. */
  private static final Pattern KERNEL_ARGUMENT = Pattern.compile("[A-Za-z0-9_.,:=/+@%~^-]+");

  /** What Slipway itself puts on every command line. */
  private static final Pattern OWNED_ARGUMENT =
      Pattern.compile(
          "(root|rw|ro|initrd|BOOT_IMAGE|console|slipway\\.[^=]*|watchdog\\.stop_on_reboot)(=.*)?");

  private static final List<String> TABLES = List.of("gpt", "msdos");

  private final Path file;

  DescriptionReader(Path file) {
    this.file = file;
  }

  /**
   * Reads it.
   *
   * @param host one of its hosts; empty: what holds for all
   */
  DiskDescription read(Optional<String> host) {
    YamlMapping disk = new YamlMapping(file, "", parse(), KEYS);
    PartitionTable.Kind table =
        disk.text("table").map(DescriptionReader::table).orElse(PartitionTable.Kind.GPT);
    Optional<ByteSize> data = data(disk);
    List<Slot> slots = slots(disk, data.isPresent());
    return new DiskDescription(
        file,
        host,
        disk.text("size").map(SizeReader::size),
        table,
        consoles(disk),
        slots,
        data,
        defaultSlot(disk, slots),
        new HostReader(file).read(disk, host),
        kernelArguments(disk));
  }

  private Node parse() {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new OperatorError("The disk description " + file + " does not exist.", e);
    } catch (CharacterCodingException e) {
      throw new OperatorError(
          "The disk description " + file + " is not UTF-8 text; save it as such.", e);
    } catch (IOException e) {
      throw new OperatorError(
          "The disk description " + file + " cannot be read: " + e.getMessage() + ".", e);
    }
    try {
      LoaderOptions options = new LoaderOptions();
      options.setCodePointLimit(1 << 20);
      Node node = new Yaml(options).compose(new StringReader(text));
      if (node == null) {
        throw new OperatorError("The disk description " + file + " is empty.");
      }
      return node;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      // Without the error underneath: it quotes the line, and a password hash may be in it.
      throw new OperatorError(
          file + ", line " + line + ": this is not YAML: " + withoutWords(e.getProblem()) + ".");
    } catch (YAMLException e) {
      throw new OperatorError(file + " is not YAML: " + e.getMessage() + ".", e);
    }
  }

  /** A password that begins with * or ! is the name of an alias or a tag to YAML. */
  private static String withoutWords(String problem) {
    return problem.replaceFirst("(?s)(alias|anchor|handle) .*", "$1");
  }

  private List<Slot> slots(YamlMapping disk, boolean withData) {
    if (!disk.has("slots")) {
      throw disk.missing("slots");
    }
    List<Slot> slots = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlMapping slot : disk.mappings("slots", SlotReader.KEYS)) {
      slots.add(new SlotReader(slot, withData).read(file, names));
    }
    if (slots.isEmpty()) {
      throw disk.refuse("slots", "must list at least one slot");
    }
    return slots;
  }

  private static PartitionTable.Kind table(YamlMapping.Text text) {
    return switch (text.value()) {
      case "gpt" -> PartitionTable.Kind.GPT;
      case "msdos" -> PartitionTable.Kind.MSDOS;
      default -> throw text.refusedAmong(TABLES, "a partition table is gpt or msdos");
    };
  }

  private static List<String> consoles(YamlMapping disk) {
    if (!disk.has("console")) {
      return DEFAULT_CONSOLES;
    }
    return disk.texts("console").stream()
        .map(
            text -> {
              if (!CONSOLE.matcher(text.value()).matches()) {
                throw text.refused(
                    "a console is tty0, ttyS0, ttyAMA0 or hvc0, serial ones with a speed such as"
                        + " ttyS0,115200");
              }
              return text.value();
            })
        .toList();
  }

  /** Empty: there shall be none. */
  private static Optional<ByteSize> data(YamlMapping disk) {
    if (disk.hasMapping("data")) {
      return disk.mapping("data", DATA_KEYS).map(DescriptionReader::sizeOfData);
    }
    if (disk.onOrOff("data", "must be off, or a mapping with the key size").orElse(true)) {
      return Optional.of(DEFAULT_DATA);
    }
    for (String key : List.of("host", "hosts")) {
      if (disk.has(key)) {
        throw disk.refuse(
            key,
            "says what is kept on the data partition, which 'data: off' leaves out; leave out one of"
                + " the two");
      }
    }
    return Optional.empty();
  }

  private static ByteSize sizeOfData(YamlMapping data) {
    YamlMapping.Text text = data.requiredText("size");
    ByteSize size = SizeReader.size(text);
    if (size.bytes() < SlotReader.SMALLEST.bytes()) {
      throw text.refused("the data partition has at least " + SlotReader.SMALLEST);
    }
    return size;
  }

  private static String defaultSlot(YamlMapping disk, List<Slot> slots) {
    List<String> bootable =
        slots.stream().filter(slot -> slot.content().isPresent()).map(Slot::name).toList();
    if (bootable.isEmpty()) {
      throw disk.refuse("slots", "must have at least one slot with an image, or nothing can boot");
    }
    Optional<YamlMapping.Text> wanted = disk.text("default");
    wanted
        .filter(text -> !bootable.contains(text.value()))
        .ifPresent(
            text -> {
              throw text.refusedAmong(
                  bootable,
                  "the default must be one of the slots with an image: "
                      + String.join(", ", bootable));
            });
    return wanted.map(YamlMapping.Text::value).orElse(bootable.get(0));
  }

  private static List<String> kernelArguments(YamlMapping disk) {
    return disk.texts("kernel-arguments").stream()
        .map(
            text -> {
              if (!KERNEL_ARGUMENT.matcher(text.value()).matches()) {
                throw text.refused(
                    "a kernel argument is one word of letters, digits and _.,:=/+@%~^- (several"
                        + " are a list)");
              }
              if (OWNED_ARGUMENT.matcher(text.value()).matches()) {
                throw text.refused(
                    "Slipway sets that argument itself; consoles are given by the key 'console'");
              }
              return text.value();
            })
        .toList();
  }
}
