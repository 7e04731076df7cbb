package dev.slipway.controller.osimage;

import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Program;
import dev.slipway.tree.TreePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an unpacked image boot: the mends without which images made for containers do not, the
 * kernel and initrd at the names that the boot loader knows, the agent, and a list of all of it in
 * {@code /usr/lib/slipway/changes}.
 */
public final class OsImagePreparation {
  /**
   * Where Slipway's own files lie in a slot. Some have fixed times there, the same in every version
   * of them; whatever else a preparation writes has the time of that.
   */
  public static final TreePath OWN = TreePath.of("usr/lib/slipway");

  /** The machine's programs that a preparation with such an initrd runs. */
  public static List<Program> programs(InitrdSource initrd) {
    return switch (initrd) {
      case KEEP -> List.of();
      case MAKE -> Sandbox.PROGRAMS;
    };
  }

  /**
   * Prepares the tree at {@code root}, which holds the unpacked image, in place. Only root can.
   * After an error the tree is of no use: unpack it anew.
   *
   * @throws OperatorError when the image cannot boot, with what it lacks
   */
  public PreparedImage prepare(Path root, Image image, PreparationOptions options) {
    refuseOtherPlatforms(image);
    ChangeLog changes = new ChangeLog();
    List<Finding> notes = new ArrayList<>();
    try (OsTree tree = new OsTree(root)) {
      BootFiles bootFiles = new BootFiles(tree);
      switch (options.initrd()) {
        case KEEP -> {
          bootFiles.requireBoth();
          notes.addAll(mend(tree, image.config(), options, changes));
        }
        case MAKE -> {
          // First, because it refuses: nothing is worth doing to an image without a kernel.
          InstalledKernel kernel = InstalledKernel.chosen(tree, options.kernel());
          notes.addAll(mend(tree, image.config(), options, changes));
          bootFiles.putKernel(kernel, changes);
          SlotInitrd.of(options).make(tree, kernel, options.epoch(), changes);
        }
      }
      String version = bootFiles.kernelVersion();
      new HostSetup().apply(tree, changes);
      options
          .agentBundle()
          .ifPresent(
              bundle -> notes.addAll(applied("agent", new AgentBundle(bundle), tree, changes)));
      changes.writeTo(tree);
      return new PreparedImage(
          version, changes.all(), notes, WayIn.isIn(tree), SshServer.missingIn(tree));
    }
  }

  private static List<Finding> mend(
      OsTree tree, ImageConfig config, PreparationOptions options, ChangeLog changes) {
    List<Finding> notes = new ArrayList<>();
    for (Check check : options.checks().chosen(options, config)) {
      notes.addAll(applied(check.name(), check, tree, changes));
    }
    options.checks().refuseUnwantedMends(changes.all().stream().map(Change::toString).toList());
    return notes;
  }

  /** Applies a step; returns its notes. */
  private static List<Finding> applied(String name, Step step, OsTree tree, ChangeLog changes) {
    ChangeLog own = new ChangeLog();
    step.apply(tree, own);
    changes.addChanges(own);
    return own.notes().stream().map(note -> new Finding(name, Finding.Kind.NOTE, note)).toList();
  }

  /**
   * Refuses an image for machines that Slipway does not boot.
   *
   * @throws OperatorError with the platform that it says it is for
   */
  public static void refuseOtherPlatforms(Image image) {
    String platform = image.config().os() + "/" + image.config().architecture();
    if (!platform.equals("linux/amd64")) {
      throw new OperatorError("The image is for " + platform + "; Slipway boots linux/amd64 only.");
    }
  }
}
