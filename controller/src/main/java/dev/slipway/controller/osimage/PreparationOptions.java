package dev.slipway.controller.osimage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How an operating system is prepared.
 *
 * @param initrd where its initrd comes from
 * @param kernel which one boots; with an initrd that is kept, the one beside it does
 * @param fileSystems names of the kernel's drivers for the file systems that the root may lie on,
 *     such as xfs; the initrd must have all of them
 * @param agentBundle the root of a tree that holds usr/lib/slipway/agent; empty: no agent is put in
 * @param dracutFolder the folder dracut/ of the checkout: options and the module 90slipway
 * @param checks what is looked for in the image, and whether it is mended
 * @param kernelArguments those of the disk that it is for, beside Slipway's own; none when that is
 *     not known
 * @param epoch the time that the initrd is made as of; empty: now
 */
public record PreparationOptions(
    InitrdSource initrd,
    KernelChoice kernel,
    Set<String> fileSystems,
    Optional<Path> agentBundle,
    Path dracutFolder,
    CheckChoice checks,
    List<String> kernelArguments,
    Optional<SourceDateEpoch> epoch) {
  public PreparationOptions {
    fileSystems = Set.copyOf(fileSystems);
    kernelArguments = List.copyOf(kernelArguments);
  }

  /** For a disk of which nothing is known, and an initrd that need not be the same again. */
  public PreparationOptions(
      InitrdSource initrd,
      KernelChoice kernel,
      Set<String> fileSystems,
      Optional<Path> agentBundle,
      Path dracutFolder,
      CheckChoice checks) {
    this(
        initrd,
        kernel,
        fileSystems,
        agentBundle,
        dracutFolder,
        checks,
        List.of(),
        Optional.empty());
  }

  /** The same, for a disk with these kernel arguments. */
  public PreparationOptions onDiskWith(List<String> arguments) {
    return new PreparationOptions(
        initrd, kernel, fileSystems, agentBundle, dracutFolder, checks, arguments, epoch);
  }

  /** The same, with this time in the initrd. */
  public PreparationOptions at(SourceDateEpoch time) {
    return new PreparationOptions(
        initrd,
        kernel,
        fileSystems,
        agentBundle,
        dracutFolder,
        checks,
        kernelArguments,
        Optional.of(time));
  }
}
