package dev.slipway.controller.osimage;

import dev.slipway.linux.FileType;
import dev.slipway.linux.OperatorError;
import java.util.Map;
import java.util.TreeMap;

/** File systems are mounted over these before anything could make them. */
final class Directories implements Check {
  private static final Map<String, Integer> WANTED =
      new TreeMap<>(
          Map.of(
              "/boot", 0755, "/dev", 0755, "/etc", 0755, "/proc", 0555, "/root", 0700, "/run", 0755,
              "/sys", 0555, "/tmp", 01777, "/var", 0755));

  @Override
  public String name() {
    return "directories";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    WANTED.forEach(
        (path, mode) -> {
          var type = tree.type(path);
          if (type.isEmpty()) {
            tree.makeDirectory(path, mode);
            changes.added(path, "a file system is mounted there, or programs take it for granted");
          } else if (type.get() != FileType.DIRECTORY) {
            throw new OperatorError(
                path + " of the image is not a directory; it must be one for the system to boot.");
          }
        });
    int mode = tree.status("/tmp").orElseThrow().mode();
    if (mode != 01777) {
      tree.chmod("/tmp", 01777);
      changes.changed("/tmp", "mode 1777, so that every user can make files there");
    }
  }
}
