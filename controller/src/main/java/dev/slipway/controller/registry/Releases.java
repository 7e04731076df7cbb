package dev.slipway.controller.registry;

import dev.slipway.controller.registry.BlobStore.Blob;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseManifest.Descriptor;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.io.ByteArrayInputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The releases that were published: the table {@code release}. A name and version, once published,
 * mean the same for ever; hosts and rollouts rest on that.
 */
public final class Releases {
  private static final String COLUMNS =
      "digest, name, version, tree_digest, kernel_version, size_bytes, published_at";

  private final Jdbi reader;
  private final Jdbi writer;
  private final BlobStore blobs;

  public Releases(Jdbi reader, Jdbi writer, BlobStore blobs) {
    this.reader = reader;
    this.writer = writer;
    this.blobs = blobs;
  }

  /** The release of this name and version. */
  public Optional<Release> find(ReleaseName name) {
    return reader.withHandle(handle -> find(handle, name));
  }

  /** The release of this digest. */
  public Optional<Release> find(Digest digest) {
    return reader.withHandle(
        handle ->
            handle
                .createQuery("select " + COLUMNS + " from release where digest = :digest")
                .bind("digest", digest.toString())
                .map(Releases::release)
                .findOne());
  }

  /** All releases, the newest first. */
  public List<Release> list() {
    return reader.withHandle(
        handle ->
            handle
                .createQuery(
                    "select " + COLUMNS + " from release order by published_at desc, name, version")
                .map(Releases::release)
                .list());
  }

  /** The versions of one name, in the order of the registry's answer: by text. */
  public List<String> versions(String name) {
    return reader.withHandle(
        handle ->
            handle
                .createQuery("select version from release where name = :name order by version")
                .bind("name", name)
                .mapTo(String.class)
                .list());
  }

  /**
   * Publishes what was uploaded. Publishing the same again changes nothing.
   *
   * @param name as the uploader calls it; the manifest has to say the same
   * @param manifest the exact bytes of the OCI image manifest
   * @throws OperatorError when it is no release, is incomplete, or the name has another meaning
   *     already (refused)
   */
  public Release publish(ReleaseName name, byte[] manifest) {
    ReleaseManifest read = ReleaseManifest.read(manifest);
    ReleaseDescription description =
        read.description()
            .orElseThrow(
                () ->
                    new OperatorError(
                        "This image is no release: it was not prepared to boot. Publish images"
                            + " with 'controller release publish'."));
    if (!description.name().equals(name)) {
      throw new OperatorError(
          "The manifest is of " + description.name() + ", it cannot be published as " + name + ".");
    }
    long size = stored(read.config()) + stored(read.layer());
    Digest digest = Digest.of(manifest);
    Release release =
        new Release(
            digest,
            name,
            description.tree(),
            description.kernelVersion(),
            size,
            Instant.ofEpochSecond(Instant.now().getEpochSecond()));
    blobs.put(digest, new ByteArrayInputStream(manifest));
    return writer.inTransaction(handle -> publish(handle, release));
  }

  private static Release publish(Handle handle, Release release) {
    Optional<Release> there = find(handle, release.name());
    if (there.isPresent()) {
      if (there.get().digest().equals(release.digest())) {
        return there.get();
      }
      throw OperatorError.refused(
          release.name()
              + " is published already and is something else ("
              + there.get().digest()
              + "). A version keeps its meaning for ever: choose another.");
    }
    handle
        .createUpdate(
            "insert into release ("
                + COLUMNS
                + ") values (:digest, :name, :version, :tree, :kernel, :size, :at)")
        .bind("digest", release.digest().toString())
        .bind("name", release.name().name())
        .bind("version", release.name().version())
        .bind("tree", release.tree().toString())
        .bind("kernel", release.kernelVersion())
        .bind("size", release.sizeBytes())
        .bind("at", release.publishedAt().getEpochSecond())
        .execute();
    return release;
  }

  private long stored(Descriptor descriptor) {
    Blob blob =
        blobs
            .find(descriptor.digest())
            .orElseThrow(
                () ->
                    new OperatorError(
                        "The manifest names "
                            + descriptor.digest()
                            + ", which was not uploaded. Upload it first."));
    if (blob.size() != descriptor.size()) {
      throw new OperatorError(
          "The manifest says that "
              + descriptor.digest()
              + " has "
              + descriptor.size()
              + " bytes; it has "
              + blob.size()
              + ".");
    }
    return blob.size();
  }

  private static Optional<Release> find(Handle handle, ReleaseName name) {
    return handle
        .createQuery(
            "select " + COLUMNS + " from release where name = :name and version = :version")
        .bind("name", name.name())
        .bind("version", name.version())
        .map(Releases::release)
        .findOne();
  }

  private static Release release(ResultSet row, StatementContext context) throws SQLException {
    return new Release(
        Digest.parse(row.getString("digest")),
        new ReleaseName(row.getString("name"), row.getString("version")),
        Digest.parse(row.getString("tree_digest")),
        row.getString("kernel_version"),
        row.getLong("size_bytes"),
        Instant.ofEpochSecond(row.getLong("published_at")));
  }
}
