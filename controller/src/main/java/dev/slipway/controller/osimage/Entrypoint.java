package dev.slipway.controller.osimage;

import dev.slipway.image.ImageConfig;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A container runs what ENTRYPOINT and CMD of its image say; a slot boots an init, to which they
 * are unknown. An image that relies on them boots and does nothing.
 */
final class Entrypoint implements Check {
  private static final Set<String> INITS = Set.of("init", "systemd", "openrc-init", "runit-init");
  private static final Set<String> SHELLS =
      Set.of("sh", "ash", "bash", "dash", "fish", "ksh", "zsh");

  private final ImageConfig config;

  Entrypoint(ImageConfig config) {
    this.config = config;
  }

  @Override
  public String name() {
    return "entrypoint";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    List<String> command =
        Stream.concat(config.entrypoint().stream(), config.command().stream()).toList();
    if (command.isEmpty() || isInit(command) || isOnlyShell(command)) {
      return;
    }
    changes.noted(
        "A container of the image runs '"
            + program(command)
            + "' (ENTRYPOINT and CMD). A slot boots the image's init, which knows nothing of that: "
            + (OpenRc.in(tree).isPresent()
                ? "add a service for it to a runlevel of the image"
                : "enable a unit for it in the image")
            + ", unless it has one.");
  }

  private static boolean isInit(List<String> command) {
    return INITS.contains(program(command));
  }

  /** For somebody to type into, and nothing that it runs by itself. */
  private static boolean isOnlyShell(List<String> command) {
    return SHELLS.contains(program(command))
        && command.stream().skip(1).allMatch(word -> word.startsWith("-") && !word.equals("-c"));
  }

  /** Not what it is given: people put passwords there. */
  private static String program(List<String> command) {
    String path = command.get(0);
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
