package dev.slipway.controller.osimage;

import dev.slipway.controller.osimage.Finding.Kind;
import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through everything that a preparation would refuse, mend or say, without stopping at the
 * first refusal and without making an initrd.
 */
public final class Checkup {
  private final PreparationOptions options;
  private final List<Finding> findings = new ArrayList<>();

  private Checkup(PreparationOptions options) {
    this.options = options;
  }

  /**
   * Examines the tree at {@code root}, which holds the unpacked image. The tree is of no use
   * afterwards: mends are found out by making them.
   */
  public static List<Finding> of(Path root, Image image, PreparationOptions options) {
    Checkup checkup = new Checkup(options);
    try (OsTree tree = new OsTree(root)) {
      checkup.examine(tree, image);
    }
    return List.copyOf(checkup.findings);
  }

  /**
   * Refuses an image that its preparation would refuse. The tree is of no use afterwards.
   *
   * @throws OperatorError with the first thing that only the image's author can change, or, when
   *     nothing is to be mended, with all that would be
   */
  public static void require(Path root, Image image, PreparationOptions options) {
    List<Finding> findings = of(root, image, options);
    texts(findings, Kind.FATAL).stream()
        .findFirst()
        .ifPresent(
            fatal -> {
              throw new OperatorError(fatal);
            });
    options.checks().refuseUnwantedMends(texts(findings, Kind.MENDED));
  }

  private static List<String> texts(List<Finding> findings, Kind kind) {
    return findings.stream().filter(found -> found.kind() == kind).map(Finding::text).toList();
  }

  private void examine(OsTree tree, Image image) {
    refusable("platform", () -> OsImagePreparation.refuseOtherPlatforms(image));
    switch (options.initrd()) {
      case KEEP -> {
        BootFiles bootFiles = new BootFiles(tree);
        refusable("boot-files", bootFiles::requireBoth);
        if (bootFiles.hasKernel()) {
          refusable("kernel", bootFiles::kernelVersion);
        }
        check(tree, image.config());
      }
      case MAKE -> {
        refusable("kernel", () -> InstalledKernel.chosen(tree, options.kernel()));
        refusable("boot-files", new BootFiles(tree)::requireDirectories);
        check(tree, image.config());
        examineInitrd(tree);
      }
    }
  }

  private void check(OsTree tree, ImageConfig config) {
    for (Check check : options.checks().chosen(options, config)) {
      ChangeLog changes = new ChangeLog();
      refusable(check.name(), () -> check.apply(tree, changes));
      changes.all().forEach(change -> found(check.name(), Kind.MENDED, change.toString()));
      changes.notes().forEach(note -> found(check.name(), Kind.NOTE, note));
    }
  }

  private void examineInitrd(OsTree tree) {
    SlotInitrd initrd = SlotInitrd.of(options);
    InstalledKernel.find(tree, options.kernel())
        .ifPresent(kernel -> refusable("initrd", () -> initrd.plan(tree, kernel)));
    new OwnInitrds(tree)
        .faults(initrd.needed())
        .forEach(fault -> found("initrd", Kind.NOTE, fault));
  }

  private void refusable(String check, Runnable examination) {
    try {
      examination.run();
    } catch (OperatorError e) {
      found(check, Kind.FATAL, e.getMessage());
    }
  }

  private void found(String check, Kind kind, String text) {
    findings.add(new Finding(check, kind, text));
  }
}
