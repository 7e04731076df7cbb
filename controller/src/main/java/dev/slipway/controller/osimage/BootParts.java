package dev.slipway.controller.osimage;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.linux.OperatorError;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an image holds of what it takes to boot, as far as that can be seen without unpacking it:
 * that the parts are there, not that they work.
 *
 * @param kernels versions of the complete kernels, as uname -r says them, the newest last
 * @param noKernel a sentence about what is missing of a complete kernel; empty when there is one
 * @param noInit a sentence about an init that is missing; empty when there is one
 * @param files which of kernel and initrd are at the names that the boot loader knows
 */
public record BootParts(
    List<String> kernels, Optional<String> noKernel, Optional<String> noInit, Set<String> files) {
  public BootParts {
    kernels = List.copyOf(kernels);
    files = Set.copyOf(files);
  }

  /** Looks for them in a tree. */
  public static BootParts in(TreeView tree) {
    List<String> kernels =
        InstalledKernel.all(tree).stream().map(InstalledKernel::version).toList();
    return new BootParts(
        kernels,
        kernels.isEmpty() ? Optional.of(InstalledKernel.whatIsMissing(tree)) : Optional.empty(),
        tree.isFile(InitPresent.INIT) ? Optional.empty() : Optional.of(missingInit(tree)),
        Stream.of(SlotBootFiles.KERNEL, SlotBootFiles.INITRD)
            .filter(tree::isFile)
            .collect(Collectors.toSet()));
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
      case KEEP -> BootFiles.requireBoth(files::contains);
      case MAKE -> refuse(noKernel);
    }
    if (!options.checks().off().contains(InitPresent.NAME)) {
      refuse(noInit);
    }
  }

  private static void refuse(Optional<String> sentence) {
    if (sentence.isPresent()) {
      throw new OperatorError(sentence.get());
    }
  }
}
