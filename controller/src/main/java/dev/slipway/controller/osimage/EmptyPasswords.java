package dev.slipway.controller.osimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A user with an empty password is a way in for everybody at the console. It stands in the second
 * field of /etc/shadow, or of /etc/passwd, where an x leads to the former (passwd(5)).
 */
final class EmptyPasswords implements Check {
  private static final String PASSWD = "/etc/passwd";
  private static final String SHADOW = "/etc/shadow";

  @Override
  public String name() {
    return "empty-passwords";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    close(tree, SHADOW, user -> "*", changes);
    Set<String> shadowed =
        tree.read(SHADOW)
            .orElse("")
            .lines()
            .map(line -> line.split(":", -1)[0])
            .collect(Collectors.toSet());
    close(tree, PASSWD, user -> shadowed.contains(user) ? "x" : "*", changes);
  }

  private static void close(
      OsTree tree, String file, Function<String, String> closed, ChangeLog changes) {
    String before = tree.read(file).orElse("");
    List<String> lines = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (String line : before.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 1 && fields[1].isEmpty() && isUser(fields[0])) {
        fields[1] = closed.apply(fields[0]);
        lines.add(String.join(":", fields));
        reasons.add(reason(fields[0], fields[1]));
      } else {
        lines.add(line);
      }
    }
    if (!reasons.isEmpty()) {
      String edited = tree.edit(file, String.join("\n", lines));
      reasons.forEach(reason -> changes.changed(edited, reason));
    }
  }

  /** A name with a sign in front stands for users of a directory service (nsswitch.conf(5)). */
  static boolean isUser(String name) {
    return !name.isEmpty() && !name.startsWith("+") && !name.startsWith("-");
  }

  private static String reason(String user, String field) {
    String instead = field.equals("x") ? "the password in /etc/shadow" : "no password";
    return instead + " for " + user + " instead of an empty one, which would let anybody in";
  }
}
