package dev.slipway.boot;

import dev.slipway.disk.GrubImages;
import dev.slipway.linux.OperatorError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands that a GRUB script uses. GRUB takes a command that it does not know for one that
 * succeeded, so a script must never reach a disk whose boot images lack a module.
 */
final class GrubCommands {

  /** Commands of modules (GRUB's command.lst). What is not here must not be used by a script. */
  static final Map<String, String> MODULE_OF =
      Map.ofEntries(
          Map.entry("[", "test"),
          Map.entry("test", "test"),
          Map.entry("regexp", "regexp"),
          Map.entry("probe", "probe"),
          Map.entry("load_env", "loadenv"),
          Map.entry("save_env", "loadenv"),
          Map.entry("serial", "serial"),
          Map.entry("terminal_output", "terminal"),
          Map.entry("linux", "linux"),
          Map.entry("initrd", "linux"),
          Map.entry("boot", "boot"),
          Map.entry("echo", "echo"),
          Map.entry("sleep", "sleep"),
          Map.entry("reboot", "reboot"));

  /** Always there: GRUB's kernel registers them (grub-core/kern/corecmd.c). */
  private static final Set<String> BUILT_IN = Set.of("set", "unset");

  /** Words of the language after which a command stands. */
  private static final Set<String> BEFORE_COMMANDS =
      Set.of("if", "then", "else", "elif", "do", "while", "until", "!", "{");

  /** Words of the language that may stand where a command does, with none behind them. */
  private static final Set<String> NO_COMMANDS = Set.of("for", "fi", "done", "}");

  /** A quoted or bare word, a separator, or a comment, which GRUB has where a word could start. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>(?<![^\\s;])#[^\n]*)"
              + "|(?<separator>[;\n])"
              + "|(?<word>(?:\"(?:\\\\.|[^\"\\\\])*\"|'[^']*'|\\\\.|[^\\s;\"'\\\\])+)");

  private GrubCommands() {}

  /** Refuses a script with a command whose module is not in {@link GrubImages#MODULES}. */
  static void requireModules(String script) {
    for (String command : used(script)) {
      String module = MODULE_OF.get(command);
      if (!BUILT_IN.contains(command) && !GrubImages.MODULES.contains(String.valueOf(module))) {
        throw new OperatorError(
            "The boot script uses GRUB's command \""
                + command
                + "\", whose module is not in the boot images; GRUB would go on as if it had"
                + " succeeded.");
      }
    }
  }

  /** The commands that a script calls, without its own functions. */
  static Set<String> used(String script) {
    Set<String> commands = new HashSet<>();
    Set<String> functions = new HashSet<>();
    for (List<String> statement : statements(script)) {
      int at = 0;
      while (at < statement.size()) {
        String word = statement.get(at);
        if (word.equals("function") && at + 1 < statement.size()) {
          functions.add(statement.get(at + 1));
          at += 2;
        } else if (BEFORE_COMMANDS.contains(word)) {
          at++;
        } else {
          commands.add(word);
          break;
        }
      }
    }
    commands.removeAll(functions);
    commands.removeAll(NO_COMMANDS);
    return commands;
  }

  private static List<List<String>> statements(String script) {
    List<List<String>> statements = new ArrayList<>();
    List<String> statement = new ArrayList<>();
    Matcher token = TOKEN.matcher(script);
    while (token.find()) {
      if (token.group("word") != null) {
        statement.add(token.group("word"));
      } else if (token.group("separator") != null) {
        statements.add(statement);
        statement = new ArrayList<>();
      }
    }
    statements.add(statement);
    return statements;
  }
}
