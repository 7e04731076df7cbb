package dev.slipway.controller.registry;

import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.osimage.PreparedImage;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the OCI image of a bootable system from a container image: unpacked, prepared, packed
 * again, all in a directory that goes when the result is closed.
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
      Path directory, Path layout, ReleaseManifest manifest, Digest digest, PreparedImage prepared)
      implements AutoCloseable {
    /** Removes everything that building it made. */
    @Override
    public void close() {
      discard(directory);
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
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new OperatorError(
          "Preparing an operating system takes root: its files belong to many users. Run this as"
              + " root.");
    }
    Path directory = newDirectory();
    try {
      Path tree = Files.createDirectory(directory.resolve("tree"));
      LayerStack.unpack(image, tree);
      PreparedImage prepared = prepare(tree, image, options);
      Map<String, String> annotations = annotations(name, digestOf(tree), prepared);
      Path layout = Files.createDirectory(directory.resolve("layout"));
      ReleaseManifest manifest =
          OciImageWriter.write(
              tree,
              image.config(),
              annotations,
              name.map(ReleaseName::version).orElse("latest"),
              layout);
      discard(tree);
      return new Built(directory, layout, manifest, Digest.of(manifest.write()), prepared);
    } catch (IOException e) {
      discard(directory);
      throw new OperatorError(
          "The image could not be prepared in " + directory + ": " + e.getMessage() + ".", e);
    } catch (RuntimeException e) {
      discard(directory);
      throw e;
    }
  }

  private PreparedImage prepare(Path tree, Image image, PreparationOptions options) {
    try {
      return preparation.prepare(tree, image, options);
    } catch (OperatorError e) {
      throw e.about(image.reference());
    }
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

  private Path newDirectory() {
    try {
      Files.createDirectories(workDirectory);
      return Files.createTempDirectory(workDirectory, "slipway-release-");
    } catch (IOException e) {
      throw new OperatorError(
          "There is no working in " + workDirectory + ": " + e.getMessage() + ".", e);
    }
  }

  /** By rm, because names in a tree are bytes, and Java's paths cannot hold all of them. */
  private static void discard(Path directory) {
    Command.of("rm", "-rf", "--one-file-system", "--", directory.toString()).run();
  }
}
