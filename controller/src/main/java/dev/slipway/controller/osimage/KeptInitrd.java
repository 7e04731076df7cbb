package dev.slipway.controller.osimage;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.linux.OperatorError;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The initrd that an image brings boots as it is, so nothing that Slipway makes stands in for what
 * it lacks: the kernel panics on one that it cannot unpack, or without a driver for its root.
 */
final class KeptInitrd implements Check {
  static final String NAME = "kept-initrd";

  private static final String WAY_OUT =
      " Make it again or, if it boots all the same, switch the check '" + NAME + "' off.";

  private final SlotInitrd made;

  /**
   * @param made what would be made without it, and says which drivers a slot needs
   */
  KeptInitrd(SlotInitrd made) {
    this.made = made;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isFor(InitrdSource initrd) {
    return initrd == InitrdSource.KEEP;
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    tree.readBytes(SlotBootFiles.INITRD)
        .map(bytes -> read(new ByteArrayInputStream(bytes)))
        .flatMap(
            contents ->
                contents
                    .unopened()
                    .map(KeptInitrd::notLookedThrough)
                    .or(() -> contents.rest().map(KeptInitrd::restNotLookedThrough))
                    .or(() -> missingDrivers(tree, contents)))
        .ifPresent(changes::noted);
  }

  /**
   * Reads one to its end, or as far as it opens.
   *
   * @throws OperatorError when no kernel could unpack it
   */
  static InitrdContents read(InputStream initrd) {
    InitrdContents contents;
    try {
      contents = InitrdContents.asFarAsItOpens(initrd);
    } catch (OperatorError e) {
      throw new OperatorError(
          SlotBootFiles.INITRD
              + " of the image cannot be read to its end. "
              + e.getMessage()
              + WAY_OUT,
          e);
    }
    if (contents.names().isEmpty() && contents.unopened().isEmpty()) {
      throw new OperatorError(SlotBootFiles.INITRD + " of the image has no file in it." + WAY_OUT);
    }
    return contents;
  }

  private static String notLookedThrough(ForeignCompression compression) {
    return SlotBootFiles.INITRD
        + " is compressed with "
        + compression.word()
        + ", which Slipway does not open, so nobody has looked whether it is whole and has the"
        + " drivers for its root. With gzip, zstd, xz or bzip2 it would be looked through.";
  }

  private static String restNotLookedThrough(String why) {
    return SlotBootFiles.INITRD
        + " has something behind its compressed part that Slipway does not open ("
        + why
        + "), so nobody has looked whether that is whole and has the drivers for its root.";
  }

  private Optional<String> missingDrivers(OsTree tree, InitrdContents contents) {
    return version(tree)
        .flatMap(
            version -> {
              KernelModules modules = new KernelModules(tree, new InstalledKernel(version, ""));
              List<String> missing =
                  made.needed().stream()
                      .filter(driver -> !contents.modules().contains(driver.replace('-', '_')))
                      .filter(driver -> !modules.isBuiltIn(driver))
                      .toList();
              return missing.isEmpty()
                  ? Optional.empty()
                  : Optional.of(sentence(missing, version, modules.knowsBuiltIn()));
            });
  }

  private static String sentence(List<String> missing, String kernel, boolean knowsBuiltIn) {
    String without = SlotBootFiles.INITRD + " has no driver " + String.join(", ", missing) + ", ";
    String consequence = "a machine that needs it would not find its root.";
    return knowsBuiltIn
        ? without + "nor is it part of the kernel " + kernel + ", so " + consequence
        : without
            + "and whether the kernel "
            + kernel
            + " has it built in cannot be seen without its modules.builtin; if not, "
            + consequence;
  }

  /** A kernel that cannot be read is refused by whoever boots it. */
  private static Optional<String> version(OsTree tree) {
    try {
      return Optional.of(new BootFiles(tree).kernelVersion());
    } catch (OperatorError e) {
      return Optional.empty();
    }
  }
}
