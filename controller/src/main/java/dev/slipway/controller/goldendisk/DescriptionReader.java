package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.osimage.HostConfiguration;
import dev.slipway.controller.osimage.HostConfiguration.User;
import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.SlotName;
import dev.slipway.filesystem.Feature;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads one disk.yml. */
final class DescriptionReader {
  private static final ByteSize SMALLEST_SLOT = ByteSize.ofMebibytes(16);
  private static final ByteSize LARGEST = new ByteSize(DiskLayout.LARGEST_PARTITION);
  private static final ByteSize DEFAULT_DATA = ByteSize.ofMebibytes(256);

  private static final List<String> DISK_KEYS =
      List.of(
          "size",
          "table",
          "hostname",
          "console",
          "slots",
          "data",
          "default",
          "users",
          "kernel_arguments");
  private static final List<String> SLOT_KEYS =
      List.of("name", "image", "filesystem", "size", "initrd", "agent", "features");
  private static final List<String> USER_KEYS = List.of("name", "uid", "ssh_keys", "password_hash");

  /** Of people, by Debian Policy 9.2.2. */
  private static final int SMALLEST_UID = 1000;

  private static final int LARGEST_UID = 59999;

  /** RFC 1123 labels; the kernel takes 64 bytes. */
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final Pattern CONSOLE =
      Pattern.compile("tty(S|AMA)?[0-9]{1,3}(,[0-9]{3,7}([noe][78]?)?)?|hvc[0-9]");
  private static final Pattern USER_NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  /** What neither GRUB's nor the kernel's parser treats specially. */
  private static final Pattern KERNEL_ARGUMENT = Pattern.compile("[A-Za-z0-9_.,:=/+@%~^-]+");

  /** What Slipway itself puts on every command line. */
  private static final Pattern OWNED_ARGUMENT =
      Pattern.compile(
          "(root|rw|ro|initrd|BOOT_IMAGE|console|slipway\\.[^=]*|watchdog\\.stop_on_reboot)(=.*)?");

  /** crypt(5): sha256crypt, sha512crypt, bcrypt, scrypt, gost-yescrypt, yescrypt. */
  private static final Pattern PASSWORD_HASH =
      Pattern.compile("\\$(5|6|2[aby]|7|gy|y)\\$[A-Za-z0-9./=,$]{20,}");

  private static final Set<String> KEY_TYPES =
      Set.of(
          "ssh-ed25519",
          "ssh-rsa",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "sk-ssh-ed25519@openssh.com",
          "sk-ecdsa-sha2-nistp256@openssh.com");
  private final Path file;

  DescriptionReader(Path file) {
    this.file = file;
  }

  DiskDescription read() {
    YamlMapping disk = new YamlMapping(file, "", parse(), DISK_KEYS);
    disk.text("table")
        .filter(table -> !table.value().equals("gpt"))
        .ifPresent(
            table -> {
              throw table.refused("the only partition table that is made is gpt");
            });
    List<Slot> slots = slots(disk);
    return new DiskDescription(
        file,
        disk.text("size").map(DescriptionReader::size),
        consoles(disk),
        slots,
        data(disk),
        defaultSlot(disk, slots),
        new HostConfiguration(disk.text("hostname").map(DescriptionReader::hostname), users(disk)),
        kernelArguments(disk));
  }

  private Node parse() {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new OperatorError("The disk description " + file + " does not exist.", e);
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
      throw new OperatorError(
          file + ", line " + line + ": this is not YAML: " + e.getProblem() + ".", e);
    } catch (YAMLException e) {
      throw new OperatorError(file + " is not YAML: " + e.getMessage() + ".", e);
    }
  }

  private List<Slot> slots(YamlMapping disk) {
    List<Slot> slots = new ArrayList<>();
    Set<String> names = new HashSet<>();
    if (!disk.has("slots")) {
      throw disk.missing("slots");
    }
    for (YamlMapping slot : disk.mappings("slots", SLOT_KEYS)) {
      YamlMapping.Text name = slot.requiredText("name");
      try {
        SlotName.require(name.value());
      } catch (OperatorError e) {
        throw name.refusedBecause(e);
      }
      if (!names.add(name.value())) {
        throw name.refused("another slot has that name already");
      }
      slots.add(slot(slot, name.value()));
    }
    if (slots.isEmpty()) {
      throw disk.refuse("slots", "must list at least one slot");
    }
    return slots;
  }

  private Slot slot(YamlMapping slot, String name) {
    YamlMapping.Text sizeText = slot.requiredText("size");
    ByteSize size = size(sizeText);
    if (size.bytes() < SMALLEST_SLOT.bytes()) {
      throw sizeText.refused("a slot has at least " + SMALLEST_SLOT);
    }
    if (!slot.has("image")) {
      for (String key : List.of("filesystem", "initrd", "agent", "features")) {
        if (slot.has(key)) {
          throw slot.refuse(
              key, "says something about an image, but this slot has no 'image'; it stays empty");
        }
      }
      return new Slot(name, size, Optional.empty());
    }
    FileSystemKind kind =
        slot.text("filesystem").map(DescriptionReader::fileSystem).orElse(FileSystemKind.EXT4);
    if (size.bytes() < kind.smallest()) {
      throw sizeText.refused(
          "mkfs."
              + kind.token()
              + " makes no file system smaller than "
              + new ByteSize(kind.smallest())
              + "; make the slot larger, or take another file system");
    }
    return new Slot(
        name,
        size,
        Optional.of(
            new Content(
                image(slot.requiredText("image")),
                kind,
                slot.text("initrd").map(DescriptionReader::initrd).orElse(InitrdSource.DRACUT),
                slot.truth("agent").orElse(true),
                features(slot, kind))));
  }

  private static Map<String, Boolean> features(YamlMapping slot, FileSystemKind kind) {
    List<String> names = kind.features().stream().map(Feature::name).toList();
    Map<String, Boolean> demands = new TreeMap<>();
    slot.mapping("features", names)
        .ifPresent(
            features ->
                names.forEach(
                    name -> features.onOrOff(name).ifPresent(on -> demands.put(name, on))));
    return demands;
  }

  private ImageReference image(YamlMapping.Text text) {
    try {
      // A description and the files it names move together, so paths count from where it stands.
      return ImageReference.parse(text.value()).from(file.toAbsolutePath().normalize().getParent());
    } catch (OperatorError e) {
      throw text.refusedBecause(e);
    }
  }

  private static FileSystemKind fileSystem(YamlMapping.Text text) {
    return switch (text.value()) {
      case "xfs" -> FileSystemKind.XFS;
      case "ext4" -> FileSystemKind.EXT4;
      default -> throw text.refused("a slot's file system is xfs or ext4");
    };
  }

  private static InitrdSource initrd(YamlMapping.Text text) {
    return switch (text.value()) {
      case "dracut" -> InitrdSource.DRACUT;
      case "keep" -> InitrdSource.KEEP;
      default ->
          throw text.refused(
              "the initrd is made by dracut, or keep takes the image's own /boot/slipway/initrd");
    };
  }

  private static ByteSize size(YamlMapping.Text text) {
    ByteSize size =
        ByteSize.parse(text.value())
            .orElseThrow(() -> text.refused("a size is " + ByteSize.SYNTAX));
    if (size.bytes() > LARGEST.bytes()) {
      throw text.refused("a size is at most " + LARGEST);
    }
    if (!size.isWholeMebibytes() || size.bytes() == 0) {
      throw text.refused("partitions are laid out in whole MiB");
    }
    return size;
  }

  private static String hostname(YamlMapping.Text text) {
    if (!HOST_NAME.matcher(text.value()).matches()) {
      throw text.refused(
          "a host name is up to 63 characters of a-z, 0-9, - and . in between (RFC 1123)");
    }
    return text.value();
  }

  private static List<String> consoles(YamlMapping disk) {
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

  private static ByteSize data(YamlMapping disk) {
    return disk.mapping("data", List.of("size"))
        .map(
            data -> {
              YamlMapping.Text text = data.requiredText("size");
              ByteSize size = size(text);
              if (size.bytes() < SMALLEST_SLOT.bytes()) {
                throw text.refused("the data partition has at least " + SMALLEST_SLOT);
              }
              return size;
            })
        .orElse(DEFAULT_DATA);
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
              throw text.refused(
                  "the default must be one of the slots with an image: "
                      + String.join(", ", bootable));
            });
    return wanted.map(YamlMapping.Text::value).orElse(bootable.get(0));
  }

  private static List<User> users(YamlMapping disk) {
    List<User> users = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlMapping user : disk.mappings("users", USER_KEYS)) {
      YamlMapping.Text name = user.requiredText("name");
      if (!USER_NAME.matcher(name.value()).matches()) {
        throw name.refused(
            "a user's name is up to 32 characters of a-z, 0-9, _ and -, starting with a letter"
                + " or _");
      }
      if (!names.add(name.value())) {
        throw name.refused("another user has that name already");
      }
      List<String> keys = user.texts("ssh_keys").stream().map(DescriptionReader::sshKey).toList();
      users.add(
          new User(
              name.value(),
              user.integer("uid", SMALLEST_UID, LARGEST_UID),
              user.text("password_hash").map(DescriptionReader::passwordHash),
              keys));
    }
    return users;
  }

  private static String passwordHash(YamlMapping.Text text) {
    if (!PASSWORD_HASH.matcher(text.value()).matches()) {
      throw text.refusedSecretly(
          "is not a password hash of crypt(5) ($6$, $5$, $y$, $7$ or $2b$...); a plain password"
              + " does not belong into a file, make its hash with: openssl passwd -6");
    }
    return text.value();
  }

  private static String sshKey(YamlMapping.Text text) {
    String line = text.value().strip();
    String[] parts = line.split(" +", 3);
    if (line.contains("PRIVATE KEY")) {
      throw text.refusedSecretly("is a private key; the public one belongs here");
    }
    if (line.chars().anyMatch(c -> c < ' ')
        || parts.length < 2
        || !KEY_TYPES.contains(parts[0])
        || !blobNames(parts[1], parts[0])) {
      throw text.refusedSecretly(
          "is not a public SSH key as in a .pub file: type, base64 and a comment, such as"
              + " \"ssh-ed25519 AAAA... me@example\"");
    }
    return line;
  }

  /**
   * Whether a key's base64 is whole and of the type that stands before it (RFC 4253, section 6.6).
   */
  private static boolean blobNames(String base64, String type) {
    try {
      ByteBuffer blob = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
      byte[] expected = type.getBytes(StandardCharsets.US_ASCII);
      if (blob.remaining() < 4 + expected.length + 4 || blob.getInt() != expected.length) {
        return false;
      }
      byte[] named = new byte[expected.length];
      blob.get(named);
      if (!Arrays.equals(named, expected)) {
        return false;
      }
      while (blob.remaining() >= 4) {
        int length = blob.getInt();
        if (length < 0 || length > blob.remaining()) {
          return false;
        }
        blob.position(blob.position() + length);
      }
      // Ends on a field's end, else a part of the line got lost in copying. FIDO keys have all
      // their fields as strings too.
      return !blob.hasRemaining();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<String> kernelArguments(YamlMapping disk) {
    return disk.texts("kernel_arguments").stream()
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
