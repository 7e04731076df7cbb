package dev.slipway.controller.osimage;

import java.util.ArrayList;
import java.util.List;

/** A user with an empty password is a way in for everybody at the console. */
final class EmptyPasswords implements Check {
  private static final String SHADOW = "/etc/shadow";

  @Override
  public String name() {
    return "empty-passwords";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    String before = tree.read(SHADOW).orElse("");
    List<String> lines = new ArrayList<>();
    for (String line : before.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 1 && fields[1].isEmpty()) {
        fields[1] = "*";
        lines.add(String.join(":", fields));
        changes.changed(
            SHADOW,
            "no password for "
                + fields[0]
                + " instead of an empty one, which would let anybody in");
      } else {
        lines.add(line);
      }
    }
    String after = String.join("\n", lines);
    if (!after.equals(before)) {
      tree.edit(SHADOW, after);
    }
  }
}
