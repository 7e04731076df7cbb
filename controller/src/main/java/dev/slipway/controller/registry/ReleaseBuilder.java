package dev.slipway.controller.registry;

import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.osimage.PreparedImage;
import dev.slipway.controller.osimage.UnpackedImage;
import dev.slipway.controller.osimage.WorkDirectory;
import dev.slipway.controller.progress.Counted;
import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.progress.Step;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Makes the OCI image of a bootable system from a container image: unpacked, prepared, packed
 * again. The tree goes when it is packed, the packed image when the result is closed.
 */
public final class ReleaseBuilder {
  private final OsImagePreparation preparation;
  private final Path workDirectory;

  /**
   * @param workDirectory where there is room for the unpacked system and once more for the packed
   *     one, on a file system with owners and xattrs
   */
  public ReleaseBuilder(OsImagePreparation preparation, Path workDirectory) {
    this.preparation = preparation;
    this.workDirectory = workDirectory;
  }

  /**
   * A built image, as an OCI layout on disk.
   *
   * @param digest of the manifest
   */
  public record Built(
      WorkDirectory directory, ReleaseManifest manifest, Digest digest, PreparedImage prepared)
      implements AutoCloseable {
    /** Where the layout is. */
    public Path layout() {
      return layoutIn(directory);
    }

    /** Removes everything that building it made. */
    @Override
    public void close() {
      directory.close();
    }
  }

  /**
   * Builds.
   *
   * @param name of the release; without one the image says only what it is made of, for {@code
   *     agent flash} from a file
   * @param steps runs the steps of it
   * @throws OperatorError when the image cannot boot or there is no room; nothing is left behind
   */
  public Built build(
      Image image, Optional<ReleaseName> name, PreparationOptions options, Progress steps) {
    try (UnpackedImage unpacked =
        steps.run(
            "unpack " + image.reference(),
            OptionalLong.empty(),
            step -> UnpackedImage.of(Counted.image(image, step), workDirectory))) {
      PreparedImage prepared =
          steps.run("prepare to boot", () -> prepare(unpacked.root(), image, options));
      Manifest tree =
          steps.run(
              "make manifest", OptionalLong.empty(), step -> manifestOf(unpacked.root(), step));
      return steps.run(
          "pack",
          OptionalLong.of(tree.contentSize()),
          step ->
              pack(
                  unpacked.root(),
                  image,
                  annotations(name, tree.digest(), prepared),
                  name,
                  prepared,
                  step));
    }
  }

  private PreparedImage prepare(Path tree, Image image, PreparationOptions options) {
    try {
      return preparation.prepare(tree, image, options);
    } catch (OperatorError e) {
      throw e.about(image.reference());
    }
  }

  private Built pack(
      Path tree,
      Image image,
      Map<String, String> annotations,
      Optional<ReleaseName> name,
      PreparedImage prepared,
      Step step) {
    WorkDirectory directory = WorkDirectory.in(workDirectory, "slipway-release-");
    try {
      ReleaseManifest manifest =
          OciImageWriter.write(
              tree,
              image.config(),
              annotations,
              name.map(ReleaseName::version).orElse("latest"),
              layoutIn(directory),
              step);
      return new Built(directory, manifest, Digest.of(manifest.write()), prepared);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static Path layoutIn(WorkDirectory directory) {
    return directory.path().resolve("layout");
  }

  private static Map<String, String> annotations(
      Optional<ReleaseName> name, Digest tree, PreparedImage prepared) {
    if (name.isPresent()) {
      return new ReleaseDescription(name.get(), tree, prepared.kernelVersion()).annotations();
    }
    return new TreeMap<>(
        Map.of(
            ReleaseDescription.TREE,
            tree.toString(),
            ReleaseDescription.KERNEL_VERSION,
            prepared.kernelVersion()));
  }

  private static Manifest manifestOf(Path tree, Step step) {
    try (EntryStream entries = Counted.entries(TreeScanner.of(tree), step)) {
      return Manifest.of(entries);
    }
  }
}
