package dev.slipway.e2e.vm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.MatchResult;

/** A root shell on a console, as a function from a command to its exit status and output. */
public final class Shell {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** At the end of what was said; busybox asks for the cursor's place after it. */
  private static final String PROMPT = "# (\u001b\\[6n)?\\z";

  private final Console console;
  private int commands;

  private Shell(Console console) {
    this.console = console;
  }

  /** Logs in where {@code login:} stands or is about to appear. */
  public static Shell login(Console console, String user, String password, Duration patience) {
    console.expect("login: ", patience);
    console.type(user + "\n");
    console.expect("Password: ", PATIENCE);
    console.type(password + "\n");
    console.expect(PROMPT, PATIENCE);
    return ready(console);
  }

  /** Takes over a prompt ({@code # }) that stands or is about to appear. */
  public static Shell atPrompt(Console console, Duration patience) {
    console.expect(PROMPT, patience);
    return ready(console);
  }

  /** The shell that stood at a prompt when a snapshot was taken, after it was gone back to. */
  public static Shell resume(Console console) {
    console.type("\n");
    return ready(console);
  }

  private static Shell ready(Console console) {
    Shell shell = new Shell(console);
    // Echo would mix commands into output; kernel messages would mix into everything.
    console.type(
        " stty -echo cols 1000 2>/dev/null; dmesg -n 1; PS1=; PS2=; TERM=dumb; unset PROMPT_COMMAND\n");
    shell.run("true");
    return shell;
  }

  /** What a command answered; {@code output} is standard output and error, without the last \n. */
  public record Result(int exit, String output) {}

  /** Runs a command, waiting a minute at most. */
  public Result run(String command) {
    return run(command, PATIENCE);
  }

  /** Runs a command; several lines are fine. */
  public Result run(String command, Duration patience) {
    commands++;
    // In pieces on the way in, whole on the way out: an echo of the command never looks like it.
    String marker = "slipway-command-" + commands;
    console.type(
        "printf '\\n%s-begin\\n' slipway-'command'-"
            + commands
            + "; {\n"
            + command
            + "\n} 2>&1; printf '\\n%s-end %d\\n' slipway-'command'-"
            + commands
            + " $?\n");
    console.expect("^" + marker + "-begin\n", patience);
    Console.Answer end = console.expectOneOf(patience, "\n" + marker + "-end (\\d+)\n");
    MatchResult match = end.match();
    String output = end.before();
    return new Result(
        Integer.parseInt(match.group(1)),
        output.endsWith("\n") ? output.substring(0, output.length() - 1) : output);
  }

  /**
   * Runs a command that must succeed, and returns its output.
   *
   * @throws VmException with the output when its exit status is not 0
   */
  public String check(String command) {
    return check(command, PATIENCE);
  }

  /** Like {@link #check(String)}, with its own patience. */
  public String check(String command, Duration patience) {
    Result result = run(command, patience);
    if (result.exit() != 0) {
      throw new VmException(
          "`" + command + "` failed with status " + result.exit() + ":\n" + result.output());
    }
    return result.output();
  }

  /** Types a command after which this shell is not expected to answer: a reboot, a switch. */
  public void leave(String command) {
    console.type(command + "\n");
  }

  /** Writes a small text file. */
  public void write(String path, String content) {
    StringBuilder lines = new StringBuilder();
    String encoded = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    // A terminal's line holds 4096 bytes.
    for (int i = 0; i < encoded.length(); i += 1000) {
      lines.append(encoded, i, Math.min(encoded.length(), i + 1000)).append('\n');
    }
    check("base64 -d > '" + path + "' <<'END'\n" + lines + "END");
  }
}
