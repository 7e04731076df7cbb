package dev.slipway.controller.registry;

import dev.slipway.controller.identity.Caller;
import dev.slipway.controller.identity.Operator;
import dev.slipway.controller.registry.BlobStore.Blob;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import dev.slipway.tree.TreeException;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The registry, as the OCI distribution specification has it: pulling for hosts and operators; of
 * pushing what {@code controller release publish} needs, for operators: blobs in one piece.
 *
 * <p>A repository is the name of releases, a tag their version. A tag cannot be moved or deleted.
 */
@Path("/v2")
public final class RegistryResource {
  private static final String DIGEST_HEADER = "Docker-Content-Digest";

  /** With slashes, which no name of a release has, so that such a name is refused as a name. */
  private static final String NAME = "/{name: .+}";

  private static final int LARGEST_MANIFEST = 4 * 1024 * 1024;

  private final BlobStore blobs;
  private final Releases releases;

  public RegistryResource(BlobStore blobs, Releases releases) {
    this.blobs = blobs;
    this.releases = releases;
  }

  /** Says that this is a registry, and that the caller is known. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Response ping(@Auth Caller caller) {
    return Response.ok("{}").header("Docker-Distribution-Api-Version", "registry/2.0").build();
  }

  /** The versions of one name. */
  @GET
  @Path(NAME + "/tags/list")
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> tags(@Auth Caller caller, @PathParam("name") RepositoryName name) {
    List<String> versions = releases.versions(name.text());
    if (versions.isEmpty()) {
      throw RegistryError.nameUnknown(name);
    }
    return Map.of("name", name.text(), "tags", versions);
  }

  /** A release's manifest, by version or by digest. */
  @GET
  @Path(NAME + "/manifests/{reference}")
  public Response manifest(
      @Auth Caller caller,
      @PathParam("name") RepositoryName name,
      @PathParam("reference") String reference) {
    Blob blob = manifestBlob(name, reference);
    return manifestHead(blob).entity(blob.bytes()).build();
  }

  /** Whether there is such a release. */
  @HEAD
  @Path(NAME + "/manifests/{reference}")
  public Response manifestExists(
      @Auth Caller caller,
      @PathParam("name") RepositoryName name,
      @PathParam("reference") String reference) {
    return manifestHead(manifestBlob(name, reference)).build();
  }

  /** A blob or one range of it. */
  @GET
  @Path(NAME + "/blobs/{digest}")
  public Response blob(
      @Auth Caller caller,
      @PathParam("name") RepositoryName name,
      @PathParam("digest") String digest,
      @HeaderParam("Range") String rangeHeader) {
    Blob blob = blobOf(digest);
    Optional<ByteRange> range = ByteRange.of(rangeHeader, blob.size());
    ByteRange sent = range.orElse(new ByteRange(0, blob.size()));
    Response.ResponseBuilder answer =
        Response.status(range.isPresent() ? 206 : 200)
            .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
            .header(HttpHeaders.CONTENT_LENGTH, sent.length())
            .header("Accept-Ranges", "bytes")
            .header(DIGEST_HEADER, blob.digest().toString())
            .entity((StreamingOutput) out -> send(blob, sent, out));
    range.ifPresent(part -> answer.header("Content-Range", part.contentRange(blob.size())));
    return answer.build();
  }

  /** Whether there is such a blob. */
  @HEAD
  @Path(NAME + "/blobs/{digest}")
  public Response blobExists(
      @Auth Caller caller,
      @PathParam("name") RepositoryName name,
      @PathParam("digest") String digest) {
    Blob blob = blobOf(digest);
    return Response.ok()
        .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
        .header(HttpHeaders.CONTENT_LENGTH, blob.size())
        .header("Accept-Ranges", "bytes")
        .header(DIGEST_HEADER, blob.digest().toString())
        .build();
  }

  /** Says where to send a blob. */
  @POST
  @Path(NAME + "/blobs/uploads")
  public Response beginUpload(@Auth Operator operator, @PathParam("name") RepositoryName name) {
    UUID upload = UUID.randomUUID();
    return Response.accepted()
        .location(URI.create("/v2/" + name + "/blobs/uploads/" + upload))
        .header("Docker-Upload-UUID", upload.toString())
        .header("Range", "0-0")
        .build();
  }

  /** Takes a blob in one piece. */
  @PUT
  @Path(NAME + "/blobs/uploads/{upload}")
  @Consumes(MediaType.WILDCARD)
  public Response upload(
      @Auth Operator operator,
      @PathParam("name") RepositoryName name,
      @QueryParam("digest") String digest,
      InputStream content) {
    Digest expected = digest(digest == null ? "" : digest);
    try {
      blobs.put(expected, content);
    } catch (OperatorError e) {
      throw RegistryError.digestInvalid(e.getMessage());
    }
    return Response.created(URI.create("/v2/" + name + "/blobs/" + expected))
        .header(DIGEST_HEADER, expected.toString())
        .build();
  }

  /** Publishes a release of which everything else was uploaded. */
  @PUT
  @Path(NAME + "/manifests/{version}")
  @Consumes(MediaType.WILDCARD)
  public Response publish(
      @Auth Operator operator,
      @PathParam("name") RepositoryName name,
      @PathParam("version") String version,
      InputStream manifest)
      throws IOException {
    byte[] bytes = manifest.readNBytes(LARGEST_MANIFEST + 1);
    if (bytes.length > LARGEST_MANIFEST) {
      throw RegistryError.manifestInvalid("A manifest has at most 4 MiB.");
    }
    try {
      Release release = releases.publish(new ReleaseName(name.text(), version), bytes);
      return Response.created(URI.create("/v2/" + name + "/manifests/" + release.digest()))
          .header(DIGEST_HEADER, release.digest().toString())
          .build();
    } catch (OperatorError e) {
      throw e.exitCode() == 1
          ? RegistryError.manifestInvalid(e.getMessage())
          : RegistryError.denied(e.getMessage());
    }
  }

  private Blob manifestBlob(RepositoryName name, String reference) {
    Optional<Release> release;
    if (reference.contains(":")) {
      release =
          releases.find(digest(reference)).filter(found -> found.name().name().equals(name.text()));
    } else {
      try {
        release = releases.find(new ReleaseName(name.text(), reference));
      } catch (OperatorError e) {
        throw RegistryError.manifestUnknown(name, reference);
      }
    }
    return release
        .flatMap(found -> blobs.find(found.digest()))
        .orElseThrow(() -> RegistryError.manifestUnknown(name, reference));
  }

  private static Response.ResponseBuilder manifestHead(Blob blob) {
    return Response.ok()
        .type(ReleaseManifest.MEDIA_TYPE)
        .header(HttpHeaders.CONTENT_LENGTH, blob.size())
        .header(DIGEST_HEADER, blob.digest().toString());
  }

  private Blob blobOf(String text) {
    return blobs.find(digest(text)).orElseThrow(() -> RegistryError.blobUnknown(text));
  }

  private static Digest digest(String text) {
    try {
      return Digest.parse(text);
    } catch (TreeException e) {
      throw RegistryError.digestInvalid(e.getMessage());
    }
  }

  private static void send(Blob blob, ByteRange range, OutputStream out) throws IOException {
    try (FileChannel file = FileChannel.open(blob.file(), StandardOpenOption.READ)) {
      WritableByteChannel target = Channels.newChannel(out);
      long sent = 0;
      while (sent < range.length()) {
        sent += file.transferTo(range.first() + sent, range.length() - sent, target);
      }
    }
  }
}
