package dev.slipway.controller.osimage;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.linux.OperatorError;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an image holds of what it takes to boot, as far as that can be seen without unpacking it:
 * that the parts are there, and of an initrd that it can be read.
 *
 * @param kernels versions of the complete kernels, as uname -r says them, the newest last
 * @param noKernel a sentence about what is missing of a complete kernel; empty when there is one
 * @param noInit a sentence about an init that is missing; empty when there is one
 * @param files which of kernel and initrd are at the names that the boot loader knows
 * @param badInitrd a sentence about the initrd there that cannot be read; empty when it can
 */
public record BootParts(
    List<String> kernels,
    Optional<String> noKernel,
    Optional<String> noInit,
    Set<String> files,
    Optional<String> badInitrd) {
  public BootParts {
    kernels = List.copyOf(kernels);
    files = Set.copyOf(files);
  }

  /**
   * Looks for them in a tree.
   *
   * @param badInitrd what {@link #faultOfInitrd} says of the initrd at its name
   */
  public static BootParts in(TreeView tree, Optional<String> badInitrd) {
    List<String> kernels =
        InstalledKernel.all(tree).stream().map(InstalledKernel::version).toList();
    return new BootParts(
        kernels,
        kernels.isEmpty() ? Optional.of(InstalledKernel.whatIsMissing(tree)) : Optional.empty(),
        tree.isFile(InitPresent.INIT) ? Optional.empty() : Optional.of(missingInit(tree)),
        Stream.of(SlotBootFiles.KERNEL, SlotBootFiles.INITRD)
            .filter(tree::isFile)
            .collect(Collectors.toSet()),
        badInitrd);
  }

  /** A sentence about an initrd that cannot be read to its end, to which this reads it. */
  public static Optional<String> faultOfInitrd(InputStream initrd) {
    try {
      KeptInitrd.read(initrd);
      return Optional.empty();
    } catch (OperatorError e) {
      return Optional.of(e.getMessage());
    }
  }

  private static String missingInit(TreeView tree) {
    return InitPresent.INIT
        + " of the image is missing, or a link that leads nowhere, so nothing would start after its"
        + " kernel. "
        + Distribution.of(tree).toGetInit();
  }

  /**
   * Refuses what {@link OsImagePreparation} would certainly refuse. That a pinned kernel is there
   * is for {@link KernelChoice#among} to say.
   *
   * @throws OperatorError with what is missing
   */
  public void requireFor(PreparationOptions options) {
    switch (options.initrd()) {
      case KEEP -> {
        BootFiles.requireBoth(files::contains);
        refuseUnlessOff(KeptInitrd.NAME, badInitrd, options);
      }
      case MAKE -> refuse(noKernel);
    }
    refuseUnlessOff(InitPresent.NAME, noInit, options);
  }

  private static void refuseUnlessOff(
      String check, Optional<String> sentence, PreparationOptions options) {
    if (!options.checks().off().contains(check)) {
      refuse(sentence);
    }
  }

  private static void refuse(Optional<String> sentence) {
    if (sentence.isPresent()) {
      throw new OperatorError(sentence.get());
    }
  }
}
