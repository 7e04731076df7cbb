package dev.slipway.controller.cli;

import dev.slipway.boot.GrubScript;
import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.osimage.KernelChoice;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.linux.OperatorError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Where this program's own files are.
 *
 * @param home the directory that holds {@code grub-templates} and {@code dracut}
 * @param bundle the root of a tree with the agent in {@code usr/lib/slipway/agent}
 */
record Installation(Path home, Path bundle) {

  /**
   * As {@code controller/bin/controller} says by the system properties slipway.home and
   * slipway.bundle.
   */
  static Installation ofThisProgram() {
    return new Installation(property("slipway.home"), property("slipway.bundle"));
  }

  private static Path property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new OperatorError(
          "The controller does not know where its files are; start it as controller/bin/controller,"
              + " or give java -D"
              + name
              + "=DIRECTORY.");
    }
    return Path.of(value);
  }

  /** The GRUB script that all slots of a disk share. */
  GrubScript grubScript() {
    return new GrubScript(home.resolve("grub-templates/grub.cfg.template"));
  }

  /**
   * How an image is made bootable with what is installed.
   *
   * @param fileSystems names of those that the slot may have
   * @param checks what is looked for in it, and whether it is mended
   */
  PreparationOptions preparation(
      InitrdSource initrd,
      KernelChoice kernel,
      Set<String> fileSystems,
      boolean agent,
      CheckChoice checks) {
    return new PreparationOptions(
        initrd,
        kernel,
        fileSystems,
        agent ? Optional.of(agentBundle()) : Optional.empty(),
        dracut(),
        checks);
  }

  private Path agentBundle() {
    if (!Files.isDirectory(bundle.resolve("usr/lib/slipway/agent"))) {
      throw new OperatorError(
          "The agent's bundle is not in "
              + bundle
              + "; build it with agent/bundle/build, or leave the agent out.");
    }
    return bundle;
  }

  private Path dracut() {
    return home.resolve("dracut");
  }
}
