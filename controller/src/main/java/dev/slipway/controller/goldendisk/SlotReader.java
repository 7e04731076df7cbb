package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.osimage.KernelChoice;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.disk.SlotName;
import dev.slipway.filesystem.Demand;
import dev.slipway.filesystem.Feature;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads one slot. */
final class SlotReader {
  static final List<String> KEYS =
      List.of(
          "name",
          "image",
          "filesystem",
          "size",
          "initrd",
          "kernel",
          "agent",
          "check",
          "features",
          BuildReader.KEY);
  static final ByteSize SMALLEST = ByteSize.ofMebibytes(16);

  private static final String AUTO = "auto";
  private static final List<String> FILE_SYSTEMS = List.of("xfs", "ext4");
  private static final List<String> INITRDS = List.of("make", "keep");

  private final YamlMapping slot;
  private final boolean withData;

  /**
   * @param withData whether the disk has a data partition
   */
  SlotReader(YamlMapping slot, boolean withData) {
    this.slot = slot;
    this.withData = withData;
  }

  /**
   * Reads it.
   *
   * @param names those of the slots before it; its own is added
   */
  Slot read(Path file, Set<String> names) {
    String name = name(names);
    if (!slot.has("image")) {
      return new Slot(name, Optional.of(sizeOfEmptySlot()), Optional.empty());
    }
    ImageReference image = image(file);
    FileSystemKind kind =
        slot.text("filesystem").map(SlotReader::fileSystem).orElse(FileSystemKind.EXT4);
    InitrdSource initrd = slot.text("initrd").map(SlotReader::initrd).orElse(InitrdSource.MAKE);
    return new Slot(
        name,
        size(kind),
        Optional.of(
            new Content(
                image, kind, initrd, kernel(initrd), agent(), checksOff(), features(kind))));
  }

  private String name(Set<String> names) {
    YamlMapping.Text name = slot.requiredText("name");
    try {
      SlotName.require(name.value());
    } catch (OperatorError e) {
      throw name.refusedBecause(e);
    }
    if (!names.add(name.value())) {
      throw name.refused("another slot has that name already");
    }
    return name.value();
  }

  private boolean agent() {
    boolean wanted = slot.truth("agent").orElse(withData);
    if (wanted && !withData) {
      throw slot.refuse(
          "agent",
          "cannot be true with 'data: off': the agent keeps its journal and the host's identity on"
              + " the data partition");
    }
    return wanted;
  }

  private ByteSize sizeOfEmptySlot() {
    if (!withData) {
      throw slot.refuse(
          "has no 'image', and with 'data: off' there is no agent that could fill it later: give it an"
              + " 'image', leave the slot out, or leave 'data: off' out");
    }
    for (String key :
        List.of("filesystem", "initrd", "kernel", "agent", "check", "features", BuildReader.KEY)) {
      if (slot.has(key)) {
        throw slot.refuse(
            key, "says something about an image, but this slot has no 'image'; it stays empty");
      }
    }
    if (!slot.has("size")) {
      throw slot.refuse(
          "size", "is missing: a slot without an 'image' needs a size of its own, such as 4 GiB");
    }
    YamlMapping.Text text = slot.requiredText("size");
    if (text.value().equals(AUTO)) {
      throw text.refused(
          "this slot has no 'image' that could say how much it needs; give it a size such as 4 GiB");
    }
    return atLeast(SMALLEST, text);
  }

  /** Empty: as much as the image needs. */
  private Optional<ByteSize> size(FileSystemKind kind) {
    Optional<YamlMapping.Text> fixed = slot.text("size").filter(text -> !text.value().equals(AUTO));
    return fixed.map(
        text -> {
          ByteSize size = atLeast(SMALLEST, text);
          if (size.bytes() < kind.smallest()) {
            throw text.refused(
                "mkfs."
                    + kind.token()
                    + " makes no file system smaller than "
                    + new ByteSize(kind.smallest())
                    + "; make the slot larger, or take another file system");
          }
          return size;
        });
  }

  private static ByteSize atLeast(ByteSize least, YamlMapping.Text text) {
    ByteSize size = SizeReader.size(text);
    if (size.bytes() < least.bytes()) {
      throw text.refused("a slot has at least " + least);
    }
    return size;
  }

  private ImageReference image(Path file) {
    YamlMapping.Text text = slot.requiredText("image");
    try {
      // A description and the files it names move together, so paths count from where it stands.
      return ImageReference.parse(text.value())
          .built(BuildReader.read(slot))
          .from(file.toAbsolutePath().normalize().getParent());
    } catch (OperatorError e) {
      throw text.refusedBecause(e);
    }
  }

  private static FileSystemKind fileSystem(YamlMapping.Text text) {
    return FileSystemKind.of(text.value())
        .orElseThrow(() -> text.refusedAmong(FILE_SYSTEMS, "a slot's file system is xfs or ext4"));
  }

  private static InitrdSource initrd(YamlMapping.Text text) {
    return switch (text.value()) {
      case "make" -> InitrdSource.MAKE;
      case "keep" -> InitrdSource.KEEP;
      default ->
          throw text.refusedAmong(
              INITRDS,
              "the image's own tool makes the initrd, or keep takes the image's own /boot/slipway/initrd");
    };
  }

  private KernelChoice kernel(InitrdSource initrd) {
    if (slot.has("kernel") && initrd == InitrdSource.KEEP) {
      throw slot.refuse(
          "kernel",
          "has no meaning beside 'initrd: keep', with which the image's own /boot/slipway/vmlinuz"
              + " boots; leave one of them out");
    }
    return slot.text("kernel").map(SlotReader::pinned).orElse(KernelChoice.NEWEST);
  }

  private static KernelChoice pinned(YamlMapping.Text text) {
    if (!KernelChoice.Pinned.isVersion(text.value())) {
      throw text.refused(
          "a kernel is named by its whole version, as uname -r says it, such as 6.1.0-31-amd64");
    }
    return new KernelChoice.Pinned(text.value(), text.place());
  }

  /** All of them with one word, or those that are named. */
  private Set<String> checksOff() {
    List<String> names = CheckChoice.names();
    if (slot.hasMapping("check")) {
      YamlMapping checks = slot.mapping("check", names).orElseThrow();
      return names.stream()
          .filter(name -> !checks.onOrOff(name).orElse(true))
          .collect(Collectors.toSet());
    }
    return slot.onOrOff("check", "must be on, off, or a mapping of checks such as {fstab: off}")
            .orElse(true)
        ? Set.of()
        : Set.copyOf(names);
  }

  private Map<String, Demand> features(FileSystemKind kind) {
    List<String> names = kind.features().stream().map(Feature::name).toList();
    Map<String, Demand> demands = new TreeMap<>();
    slot.mapping("features", names)
        .ifPresent(features -> names.forEach(name -> demand(features, name, demands)));
    return demands;
  }

  private static void demand(YamlMapping features, String name, Map<String, Demand> demands) {
    features.onOrOff(name).ifPresent(on -> demands.put(name, new Demand(on, features.place(name))));
  }
}
