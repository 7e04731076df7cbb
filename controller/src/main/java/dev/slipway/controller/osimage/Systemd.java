package dev.slipway.controller.osimage;

import dev.slipway.linux.FileStatus;
import dev.slipway.linux.FileType;
import dev.slipway.linux.OperatorError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The systemd in a tree: its unit files and the links that enable and mask them. */
final class Systemd {
  static final String ADMINISTRATOR = "/etc/systemd/system";

  private final OsTree tree;
  private final String vendor;

  private Systemd(OsTree tree, String vendor) {
    this.tree = tree;
    this.vendor = vendor;
  }

  /** The tree's systemd, if it has one. */
  static Optional<Systemd> in(OsTree tree) {
    // Trees whose /lib is a directory of its own have it there.
    return List.of("/usr/lib/systemd/system", "/lib/systemd/system").stream()
        .filter(directory -> tree.isFile(directory + "/basic.target"))
        .findFirst()
        .map(directory -> new Systemd(tree, directory));
  }

  /** Where the distribution's own units lie. */
  String vendorDirectory() {
    return vendor;
  }

  /** Whether there is such a unit that could be started; a mask is none. */
  boolean has(String unit) {
    return file(unit).isPresent();
  }

  /** Whether anything stands at the unit's name, be it a mask. */
  boolean isInstalled(String unit) {
    return Stream.of(ADMINISTRATOR, vendor)
        .anyMatch(directory -> tree.type(directory + "/" + unit).isPresent());
  }

  /** What systemd takes for the unit: the first that stands at its name, unless that is a mask. */
  Optional<String> file(String unit) {
    return Stream.of(ADMINISTRATOR, vendor)
        .map(directory -> directory + "/" + unit)
        .filter(path -> tree.type(path).isPresent())
        .findFirst()
        .filter(path -> tree.isFile(path) && !isMask(path));
  }

  /** Whether a link in /etc enables the unit for some target. */
  boolean isEnabled(String unit) {
    return tree.names(ADMINISTRATOR).stream()
        .filter(name -> name.endsWith(".wants") || name.endsWith(".requires"))
        .anyMatch(wants -> tree.type(ADMINISTRATOR + "/" + wants + "/" + unit).isPresent());
  }

  /** Where masks stand, an administrator's or the vendor's, whose name passes; in this order. */
  List<String> masks(Predicate<String> unit) {
    return Stream.of(ADMINISTRATOR, vendor)
        .flatMap(
            directory ->
                tree.names(directory).stream().filter(unit).map(name -> directory + "/" + name))
        .filter(this::isMask)
        .toList();
  }

  /** systemd takes a link to /dev/null for a mask, and an empty file too (systemd.unit(5)). */
  private boolean isMask(String path) {
    Optional<FileStatus> status = tree.status(path);
    if (status.filter(found -> found.type() == FileType.REGULAR).isPresent()) {
      return status.orElseThrow().size() == 0;
    }
    return tree.linkTarget(path)
        .filter(target -> target.matches("/dev/null|(\\.\\./){3,}dev/null"))
        .isPresent();
  }

  /**
   * Enables a unit as {@code systemctl enable} does, by its [Install] section: links for WantedBy,
   * RequiredBy and Alias, and the same for the units of Also. Returns the links that it made.
   *
   * @throws OperatorError when the unit is masked
   */
  List<String> enable(String unit) {
    List<String> made = new ArrayList<>();
    String file =
        file(unit)
            .orElseThrow(
                () ->
                    new OperatorError(
                        ADMINISTRATOR
                            + "/"
                            + unit
                            + " of the image is a mask, or leads nowhere, in the place of a unit that"
                            + " is needed. Remove it from the image."));
    List<String> install = installSection(tree.read(file).orElseThrow());
    for (String target : values(install, "WantedBy")) {
      makeLink(ADMINISTRATOR + "/" + target + ".wants/" + unit, file, made);
    }
    for (String target : values(install, "RequiredBy")) {
      makeLink(ADMINISTRATOR + "/" + target + ".requires/" + unit, file, made);
    }
    for (String alias : values(install, "Alias")) {
      makeLink(ADMINISTRATOR + "/" + alias, file, made);
    }
    for (String other : values(install, "Also")) {
      if (has(other) && !isEnabled(other)) {
        made.addAll(enable(other));
      }
    }
    return made;
  }

  private void makeLink(String path, String target, List<String> made) {
    if (tree.type(path).isEmpty()) {
      tree.link(path, target);
      made.add(path);
    }
  }

  private static List<String> installSection(String unitFile) {
    return unitFile
        .lines()
        .dropWhile(line -> !line.strip().equals("[Install]"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("["))
        .toList();
  }

  private static List<String> values(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + "="))
        .flatMap(line -> List.of(line.substring(key.length() + 1).strip().split("\\s+")).stream())
        .filter(value -> !value.isEmpty())
        .toList();
  }
}
