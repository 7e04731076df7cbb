package dev.slipway.controller.osimage;

import dev.slipway.image.ImageConfig;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which checks an image is put to, and whether what they find is mended.
 *
 * @param mending whether to mend; otherwise an image that needs a mend is refused
 * @param off names of checks that are left out
 */
public record CheckChoice(boolean mending, Set<String> off) {
  /** In this order: a later one may rest on what an earlier one has mended. */
  private static List<Check> all(PreparationOptions options, ImageConfig config) {
    return List.of(
        new InitPresent(),
        new UdevPresent(),
        new DbusPresent(),
        new Directories(),
        new EngineLeftovers(),
        new ContainerEnvironment(),
        new ServiceStubs(),
        new Entrypoint(config),
        new DefaultTarget(),
        new MaskedUnits(),
        new VendorWants(),
        new ConsoleGetty(),
        new OpenRcServices(),
        new SerialLogin(),
        new Fstab(),
        new FsckPresent(),
        new Identity(),
        new EmptyPasswords(),
        new WayIn(),
        new SecurityLabels(options.kernelArguments()),
        new Network(),
        new NameResolution(),
        new GrubHooks(),
        new KeptInitrd(SlotInitrd.of(options)),
        new SeveralKernels(options.kernel()),
        new KexecPossible(options.kernel()),
        new KexecAllowed());
  }

  /** All of them, and mends. */
  public static final CheckChoice MEND_ALL = new CheckChoice(true, Set.of());

  /**
   * Keeps its own copy.
   *
   * @throws OperatorError for a name that no check has, with those there are
   */
  public CheckChoice {
    off = Set.copyOf(off);
    off.forEach(CheckChoice::named);
  }

  /**
   * The name of a check, as given.
   *
   * @throws OperatorError when no check has it, with those there are
   */
  public static String named(String name) {
    List<String> names = names();
    if (!names.contains(name)) {
      throw new OperatorError(
          "There is no check '" + name + "'; there are " + String.join(", ", names) + ".");
    }
    return name;
  }

  /** The same choice, with these left out too. */
  public CheckChoice without(Set<String> more) {
    Set<String> all = new HashSet<>(off);
    all.addAll(more);
    return new CheckChoice(mending, all);
  }

  /**
   * Refuses an image that needs mends when nothing is to be mended.
   *
   * @param mends each with its reason
   * @throws OperatorError (refused, exit code 3) with all of them
   */
  void refuseUnwantedMends(List<String> mends) {
    if (mending || mends.isEmpty()) {
      return;
    }
    throw OperatorError.refused(
        "The image is to be taken as it is (--no-fix), but needs "
            + mends.size()
            + " mends: "
            + String.join("; ", mends)
            + ". Mend it, switch the checks off that found them, or leave --no-fix out.");
  }

  /** What can be switched off. */
  public static List<String> names() {
    // The same whatever is prepared, and how.
    PreparationOptions any =
        new PreparationOptions(
            InitrdSource.MAKE,
            KernelChoice.NEWEST,
            Set.of(),
            Optional.empty(),
            Path.of(""),
            MEND_ALL);
    return all(any, ImageConfig.NONE).stream().map(Check::name).toList();
  }

  /** Those that are not off, for an image with this configuration that is prepared so. */
  List<Check> chosen(PreparationOptions options, ImageConfig config) {
    return all(options, config).stream()
        .filter(check -> !off.contains(check.name()))
        .filter(check -> check.isFor(options.initrd()))
        .toList();
  }
}
