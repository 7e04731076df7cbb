package dev.slipway.controller.osimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Images say to what runs in them that it runs in a container: by the variable {@code container}
 * (systemd's CONTAINER_INTERFACE), to logins in /etc/environment and to services in system.conf, or
 * by rc_sys to OpenRC. On a machine that leaves out services that only a machine needs.
 */
final class ContainerEnvironment implements Check {
  private static final String LOGINS = "/etc/environment";
  private static final List<String> SYSTEMD =
      List.of("/etc/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd", "/lib/systemd");
  private static final String OPENRC = "/etc/rc.conf";
  private static final String VARIABLE = "container=";

  /** What OpenRC's detection of containers can be told (rc.conf). */
  private static final Set<String> RC_SYS =
      Set.of("docker", "lxc", "openvz", "podman", "rkt", "systemd-nspawn", "vserver");

  /** A setting with the lines that a backslash at a line's end joins to it (systemd.syntax(7)). */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?m)^([ \\t]*(?:DefaultEnvironment|ManagerEnvironment)[ \\t]*=)"
              + "([^\\n\\\\]*+(?:\\\\(?s:.)[^\\n\\\\]*+)*+)(\\n|\\z)");

  /** A word, of which any part may be in quotes, and the blanks before it. */
  private static final Pattern WORD =
      Pattern.compile(
          "(?:[ \\t]|\\\\\\n)*"
              + "((?:\"(?:\\\\(?s:.)|[^\"\\\\])*+\"|'(?:\\\\(?s:.)|[^'\\\\])*+'|\\\\[^\\n]|[^\\s\"'\\\\])++)");

  private static final Pattern LOGIN_LINE = Pattern.compile("\\s*(export\\s+)?container=.*");
  private static final Pattern RC_SYS_LINE =
      Pattern.compile("\\s*rc_sys=[\"']?([a-z-]+)[\"']?\\s*");

  @Override
  public String name() {
    return "container-environment";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    mend(
        tree,
        LOGINS,
        text -> without(text, line -> LOGIN_LINE.matcher(line).matches()),
        "no variable 'container', which tells logins that they run in one",
        changes);
    for (String file : systemdConfigurations(tree)) {
      mend(
          tree,
          file,
          text -> SETTING.matcher(text).replaceAll(ContainerEnvironment::withoutVariable),
          "no variable 'container', which tells services that they run in one",
          changes);
    }
    mend(
        tree,
        OPENRC,
        text -> without(text, ContainerEnvironment::saysContainer),
        "no rc_sys of a container, with which OpenRC leaves out what a machine needs",
        changes);
  }

  private static void mend(
      OsTree tree, String file, UnaryOperator<String> mend, String reason, ChangeLog changes) {
    Optional<String> before = tree.read(file);
    Optional<String> after = before.map(mend);
    if (!after.equals(before)) {
      changes.changed(tree.edit(file, after.orElseThrow()), reason);
    }
  }

  /** systemd-system.conf(5). */
  private static List<String> systemdConfigurations(OsTree tree) {
    List<String> files = new ArrayList<>();
    for (String directory : SYSTEMD) {
      String dropIns = directory + "/system.conf.d";
      Stream.concat(
              Stream.of(directory + "/system.conf"),
              tree.names(dropIns).stream()
                  .filter(name -> name.endsWith(".conf"))
                  .map(name -> dropIns + "/" + name))
          .forEach(files::add);
    }
    return files;
  }

  /** The setting without the variable; without its line if that leaves nothing. */
  private static String withoutVariable(MatchResult setting) {
    String before = setting.group(2);
    String after =
        WORD.matcher(before)
            .replaceAll(
                word -> isVariable(word.group(1)) ? "" : Matcher.quoteReplacement(word.group()));
    if (after.equals(before)) {
      return Matcher.quoteReplacement(setting.group());
    }
    // An empty setting would take away what other files set.
    return after.isBlank()
        ? ""
        : Matcher.quoteReplacement(setting.group(1) + after.stripLeading() + setting.group(3));
  }

  private static boolean isVariable(String word) {
    return word.replaceAll("[\"']", "").startsWith(VARIABLE);
  }

  private static boolean saysContainer(String line) {
    Matcher setting = RC_SYS_LINE.matcher(line);
    return setting.matches() && RC_SYS.contains(setting.group(1));
  }

  private static String without(String text, Predicate<String> line) {
    return Stream.of(text.split("(?<=\n)", -1))
        .filter(whole -> !line.test(whole.stripTrailing()))
        .collect(Collectors.joining());
  }
}
