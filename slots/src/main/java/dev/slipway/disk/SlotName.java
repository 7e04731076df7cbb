package dev.slipway.disk;

import dev.slipway.linux.OperatorError;
import java.util.regex.Pattern;

/**
 * The rule for names of slots: {@code [a-z0-9][a-z0-9-]{0,15}}, so that they fit into partition
 * names, the boot environment and a kernel command line as they are. {@code none} is not one: in
 * the boot environment it means that there is no trial.
 */
public final class SlotName {

  private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9-]{0,15}");

  private SlotName() {}

  /**
   * Gives the name back when it can be a slot's.
   *
   * @throws OperatorError when it can't, with the rule
   */
  public static String require(String name) {
    if (!RULE.matcher(name).matches() || name.equals("none")) {
      throw new OperatorError(
          "A slot cannot be called \""
              + name
              + "\": use 1 to 16 small letters, digits and hyphens, not starting with a hyphen, and"
              + " not \"none\".");
    }
    return name;
  }
}
