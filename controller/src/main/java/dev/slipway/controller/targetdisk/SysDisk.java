package dev.slipway.controller.targetdisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A block device as sysfs shows it (Documentation/ABI/stable/sysfs-block of the kernel).
 *
 * @param directory such as {@code /sys/devices/.../block/sda}
 */
record SysDisk(Path directory) {

  /**
   * The device with that number.
   *
   * @param number such as {@code 8:0}
   */
  static Optional<SysDisk> numbered(String number, HostView host) {
    Path link = host.sys().resolve("dev/block").resolve(number);
    try {
      return Files.exists(link) ? Optional.of(new SysDisk(link.toRealPath())) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kernel's name, such as {@code sda}. */
  String name() {
    return directory.getFileName().toString();
  }

  /** Its node as the kernel names it, which no probing of what is on the disk changes. */
  Path node(HostView host) {
    return host.dev().resolve(name().replace('!', '/'));
  }

  boolean has(String file) {
    return Files.exists(directory.resolve(file));
  }

  /**
   * What a file says, without blanks around it; empty when there is no such file or it is empty.
   */
  Optional<String> text(String file) {
    return bytes(file)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .filter(text -> !text.isEmpty());
  }

  Optional<byte[]> bytes(String file) {
    try {
      Path path = directory.resolve(file);
      return Files.isRegularFile(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
    } catch (IOException e) {
      // Some drivers show a file and then have nothing to say.
      return Optional.empty();
    }
  }

  /** Its device number, such as {@code 8:0}. */
  String number() {
    return text("dev").orElse("");
  }

  /** The device itself and its partitions. */
  List<SysDisk> withPartitions() {
    List<SysDisk> all = new ArrayList<>(List.of(this));
    for (Path below : list(directory)) {
      if (Files.exists(below.resolve("partition"))) {
        all.add(new SysDisk(below));
      }
    }
    return all;
  }

  /** Devices that are made of this one: RAID, LVM, encryption, multipath. */
  List<SysDisk> holders() {
    return list(directory.resolve("holders")).stream()
        .map(
            link -> {
              try {
                return new SysDisk(link.toRealPath());
              } catch (IOException e) {
                return new SysDisk(link);
              }
            })
        .toList();
  }

  /** Every block device of the machine. */
  static List<SysDisk> all(HostView host) {
    return list(host.sys().resolve("block")).stream().map(SysDisk::new).toList();
  }

  private static List<Path> list(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
