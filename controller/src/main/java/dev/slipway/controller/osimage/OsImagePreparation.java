package dev.slipway.controller.osimage;

import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes an unpacked image boot: the mends without which images made for containers do not, the
 * kernel and initrd at the names that the boot loader knows, the agent, and a list of all of it in
 * {@code /usr/lib/slipway/changes}.
 */
public final class OsImagePreparation {
  private static final List<Step> MENDS =
      List.of(
          new InitPresent(),
          new UdevPresent(),
          new Directories(),
          new EngineLeftovers(),
          new DefaultTarget(),
          new MaskedUnits(),
          new VendorWants(),
          new ConsoleGetty(),
          new Fstab(),
          new Identity(),
          new EmptyPasswords(),
          new Network(),
          new NameResolution(),
          new GrubHooks());

  /**
   * Prepares the tree at {@code root}, which holds the unpacked image, in place. Only root can.
   * After an error the tree is of no use: unpack it anew.
   *
   * @throws OperatorError when the image cannot boot, with what it lacks
   */
  public PreparedImage prepare(Path root, Image image, PreparationOptions options) {
    refuseOtherPlatforms(image);
    ChangeLog changes = new ChangeLog();
    try (OsTree tree = new OsTree(root)) {
      BootFiles bootFiles = new BootFiles(tree);
      if (options.initrd() == InitrdSource.KEEP) {
        bootFiles.requireBoth();
      } else {
        mend(tree, options, changes);
      }
      String version = bootFiles.kernelVersion();
      new HostSetup().apply(tree, changes);
      options.agentBundle().ifPresent(bundle -> new AgentBundle(bundle).apply(tree, changes));
      changes.writeTo(tree);
      return new PreparedImage(version, changes.all());
    }
  }

  private static void mend(OsTree tree, PreparationOptions options, ChangeLog changes) {
    // First, because it refuses: nothing is worth doing to an image without a kernel.
    InstalledKernel kernel = InstalledKernel.newest(tree);
    MENDS.forEach(step -> step.apply(tree, changes));
    new BootFiles(tree).putKernel(kernel, changes);
    new DracutInitrd(new DracutFolder(options.dracutFolder()), options.fileSystems())
        .make(tree, kernel, changes);
  }

  private static void refuseOtherPlatforms(Image image) {
    String platform = image.config().os() + "/" + image.config().architecture();
    if (!platform.equals("linux/amd64")) {
      throw new OperatorError("The image is for " + platform + "; Slipway boots linux/amd64 only.");
    }
  }
}
