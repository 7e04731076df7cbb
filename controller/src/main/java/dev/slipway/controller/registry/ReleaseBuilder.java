package dev.slipway.controller.registry;

import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.osimage.PreparedImage;
import dev.slipway.controller.osimage.UnpackedImage;
import dev.slipway.controller.osimage.WorkDirectory;
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
   * @throws OperatorError when the image cannot boot or there is no room; nothing is left behind
   */
  public Built build(Image image, Optional<ReleaseName> name, PreparationOptions options) {
    try (UnpackedImage unpacked = UnpackedImage.of(image, workDirectory)) {
      PreparedImage prepared = prepare(unpacked.root(), image, options);
      return pack(unpacked.root(), image, name, prepared);
    }
  }

  private PreparedImage prepare(Path tree, Image image, PreparationOptions options) {
    try {
      return preparation.prepare(tree, image, options);
    } catch (OperatorError e) {
      throw e.about(image.reference());
    }
  }

  private Built pack(Path tree, Image image, Optional<ReleaseName> name, PreparedImage prepared) {
    Map<String, String> annotations = annotations(name, digestOf(tree), prepared);
    WorkDirectory directory = WorkDirectory.in(workDirectory, "slipway-release-");
    try {
      ReleaseManifest manifest =
          OciImageWriter.write(
              tree,
              image.config(),
              annotations,
              name.map(ReleaseName::version).orElse("latest"),
              layoutIn(directory));
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

  private static Digest digestOf(Path tree) {
    try (EntryStream entries = TreeScanner.of(tree)) {
      return Manifest.of(entries).digest();
    }
  }
}
