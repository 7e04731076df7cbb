package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder dracut/ of the checkout: options, drivers, the module 90slipway, and the like for
 * initramfs-tools and mkinitfs.
 */
final class DracutFolder {
  static final String MODULE = "90slipway";

  /** Those of the module's scripts that every tool puts into the initrd at {@link #IN_INITRD}. */
  static final List<String> SCRIPTS =
      List.of("data-partition.sh", "mount-data.sh", "last-words.sh");

  static final String IN_INITRD = "usr/lib/slipway/";

  private final Path folder;

  DracutFolder(Path folder) {
    this.folder = folder;
  }

  /** A driver that the initrd is to hold; a required one must be there or be part of the kernel. */
  record Driver(String name, boolean required) {}

  /**
   * An option of dracut as arguments: {@code --add slipway} is two of them.
   *
   * @param ifKnown whether a dracut that does not know it goes without
   */
  record Option(List<String> arguments, boolean ifKnown) {
    private static final String IF_KNOWN = "if-known ";

    private static Option of(String line) {
      boolean ifKnown = line.startsWith(IF_KNOWN);
      String option = ifKnown ? line.substring(IF_KNOWN.length()).strip() : line;
      return new Option(List.of(option.split("\\s+", 2)), ifKnown);
    }

    String name() {
      return arguments.get(0);
    }
  }

  List<Option> options() {
    return lines("dracut.options").map(Option::of).toList();
  }

  List<Driver> drivers() {
    return lines("drivers")
        .map(line -> line.split("\\s+", -1))
        .map(words -> new Driver(words[0], words.length > 1 && words[1].equals("required")))
        .toList();
  }

  /** The files of the module. */
  List<Path> moduleFiles() {
    try (Stream<Path> files = Files.list(folder.resolve(MODULE))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw missing(MODULE, e);
    }
  }

  /** One of the folder's files. */
  Path file(String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw missing(name, new NoSuchFileException(file.toString()));
    }
    return file;
  }

  /** The text of one of the folder's files. */
  String text(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw missing(name, e);
    }
  }

  private Stream<String> lines(String file) {
    try {
      return Files.readAllLines(folder.resolve(file)).stream()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty());
    } catch (IOException e) {
      throw missing(file, e);
    }
  }

  private OperatorError missing(String name, IOException cause) {
    return new OperatorError(
        "Slipway's own "
            + folder.resolve(name)
            + " cannot be read ("
            + cause.getMessage()
            + "). Run the controller from a complete checkout.",
        cause);
  }
}
