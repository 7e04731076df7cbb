package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Images that were hardened set kernel.kexec_load_disabled, and then the kernel loads no other
 * until it is started anew (Documentation/admin-guide/sysctl/kernel.rst).
 */
final class KexecAllowed implements Check {
  /** Those of sysctl.d(5), a later one's files replacing an earlier one's of the same name. */
  private static final List<String> DIRECTORIES =
      List.of("/lib/sysctl.d", "/usr/lib/sysctl.d", "/usr/local/lib/sysctl.d", "/etc/sysctl.d");

  /** In sysctl.d(5) dots and slashes mean the same, and a minus in front that failing is fine. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("-?\\s*kernel[./]kexec_load_disabled\\s*=\\s*1");

  @Override
  public String name() {
    return "kexec-allowed";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    // Nothing takes the setting back once it is made, so any file that makes it counts.
    files(tree).stream()
        .filter(file -> forbids(tree, file))
        .forEach(
            file ->
                changes.noted(
                    file
                        + " of the image sets kernel.kexec_load_disabled=1, so every switch out of"
                        + " this slot goes through the firmware."));
  }

  private static List<String> files(OsTree tree) {
    Map<String, String> files = new TreeMap<>();
    for (String directory : DIRECTORIES) {
      for (String name : tree.names(directory)) {
        if (name.endsWith(".conf")) {
          files.put(name, directory + "/" + name);
        }
      }
    }
    // Distributions have a link to it in the directory, so that systemd reads it too.
    return Stream.concat(files.values().stream(), Stream.of("/etc/sysctl.conf"))
        .flatMap(file -> tree.real(file).stream())
        .distinct()
        .toList();
  }

  private static boolean forbids(OsTree tree, String file) {
    return tree.read(file)
        .orElse("")
        .lines()
        .map(String::strip)
        .anyMatch(line -> FORBIDDEN.matcher(line).matches());
  }
}
