package dev.slipway.image;

import java.nio.file.Files;
import java.nio.file.Path;

/** Images in files of this host. References are written as in containers-transports(5). */
public final class LocalImages {
  private static final String DOCKER_ARCHIVE = "docker-archive:";
  private static final String OCI = "oci:";
  private static final String OCI_ARCHIVE = "oci-archive:";
  private static final String ROOTFS = "rootfs:";

  /** A path and what stands behind it. */
  private record Place(Path path, Selection selection) {}

  private LocalImages() {}

  /** Whether {@link #open} reads references of this kind. */
  public static boolean reads(String reference) {
    return reference.startsWith(DOCKER_ARCHIVE)
        || reference.startsWith(OCI)
        || reference.startsWith(OCI_ARCHIVE)
        || reference.startsWith(ROOTFS);
  }

  /**
   * Opens {@code docker-archive:PATH[:NAME|:@INDEX]}, {@code oci:DIRECTORY[:TAG|:@INDEX]}, {@code
   * oci-archive:PATH[:TAG|:@INDEX]} or {@code rootfs:PATH} (a tar archive, compressed or not, or a
   * directory). The index counts the images of the file from 0, those without a name, too.
   *
   * @throws ImageException with what is wrong and what to do
   */
  public static Image open(String reference) {
    if (reference.startsWith(ROOTFS)) {
      Path path = Path.of(reference.substring(ROOTFS.length()));
      requireExists(path, reference);
      return RootFileSystem.open(reference, path);
    }
    if (reference.startsWith(DOCKER_ARCHIVE)) {
      Place place = place(reference, DOCKER_ARCHIVE);
      requireFile(place.path(), reference);
      return DockerArchive.open(
          reference, ArchiveFiles.open(place.path(), reference), place.selection());
    }
    if (reference.startsWith(OCI_ARCHIVE)) {
      Place place = place(reference, OCI_ARCHIVE);
      requireFile(place.path(), reference);
      return OciLayout.open(
          reference, ArchiveFiles.open(place.path(), reference), place.selection());
    }
    if (reference.startsWith(OCI)) {
      Place place = place(reference, OCI);
      if (!Files.isDirectory(place.path())) {
        throw new ImageException(
            reference
                + " should be a directory with an OCI image layout; an archive of one goes by oci-archive:.");
      }
      return OciLayout.open(reference, new DirectoryFiles(place.path()), place.selection());
    }
    throw new ImageException(
        "\""
            + reference
            + "\" does not say what it is. Write docker-archive:PATH[:NAME], oci:DIRECTORY[:TAG],"
            + " oci-archive:PATH[:TAG] or rootfs:PATH.");
  }

  /**
   * The path ends at the first colon behind which, together with what stands before, nothing
   * exists.
   */
  private static Place place(String reference, String transport) {
    String rest = reference.substring(transport.length());
    for (int end = rest.length(); end > 0; end = rest.lastIndexOf(':', end - 1)) {
      Path path = Path.of(rest.substring(0, end));
      if (Files.exists(path)) {
        String behind = rest.substring(Math.min(end + 1, rest.length()));
        return new Place(path, Selection.parse(behind, reference));
      }
    }
    int colon = rest.indexOf(':');
    Path path = Path.of(colon < 0 ? rest : rest.substring(0, colon));
    requireExists(path, reference);
    return new Place(path, new Selection.Only());
  }

  private static void requireExists(Path path, String reference) {
    if (!Files.exists(path)) {
      throw new ImageException(reference + " is not there: " + path + " does not exist.");
    }
  }

  private static void requireFile(Path path, String reference) {
    if (!Files.isRegularFile(path)) {
      throw new ImageException(reference + " should be an archive, but " + path + " is no file.");
    }
  }
}
