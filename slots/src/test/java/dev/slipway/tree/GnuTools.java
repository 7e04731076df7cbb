package dev.slipway.tree;

import dev.slipway.linux.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tools that everyone trusts, as the judge over ours. */
final class GnuTools {
  private GnuTools() {}

  /** Everything that find, getfattr and sha256sum say of a tree, one fact a line. */
  static List<String> describe(Path directory) {
    String script =
        """
        export LC_ALL=C
        (
          find . -printf '%P|%y|%m|%U|%G|%T@|%n links|%l\\0'
          find . -type f -printf '%P|%s bytes\\0'
          find . \\( -type b -o -type c \\) -print0 | xargs -0 -r stat --printf '%n|device %t:%T\\0'
          find . -type f -print0 | xargs -0 -r sha256sum --zero
          find . ! -type d -links +1 -printf '%i|%P\\0' | sort -z -t'|' -k2 |
            awk 'BEGIN{RS=ORS="\\0";FS="|"}{if(!($1 in n))n[$1]=$2; print n[$1] " is " $2}'
        ) | tr '\\n\\0' '~\\n' | cat -v
        find . -print0 | xargs -0 getfattr -h -d -m - -e hex -- |
          awk '/^# file: /{f=$0;next} NF{print f " has " $0}'
        """;
    return Command.of("sh", "-c", script).directory(directory).run().out().lines().toList();
  }

  /**
   * Extracts everything. With {@code --acls} GNU tar takes ACLs only from records of their own and
   * ignores those among the xattrs, so that option is for archives made with it.
   */
  static void extract(Path archive, Path directory, boolean acls) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                "tar",
                "--extract",
                "--numeric-owner",
                "--same-owner",
                "--preserve-permissions",
                "--xattrs",
                "--xattrs-include=*",
                "--file",
                archive.toString(),
                "--directory",
                directory.toString()));
    if (acls) {
      argv.add("--acls");
    }
    Command.of(argv).run();
  }

  static void create(Path archive, Path directory, String... options) {
    var argv =
        new ArrayList<>(
            List.of(
                "tar",
                "--create",
                "--numeric-owner",
                "--file",
                archive.toString(),
                "--directory",
                directory.toString()));
    argv.addAll(List.of(options));
    argv.add(".");
    Command.of(argv).run();
  }
}
