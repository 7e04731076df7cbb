package dev.slipway.agent.link;

import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.image.TarLayer;
import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.util.List;
import java.util.Optional;

/**
 * A release at the controller's registry, named by digest: what comes is either exactly that or an
 * error. Nothing is stored on the way; the layer goes from the connection into the slot.
 */
final class PulledRelease implements Image {
  private final ControllerApi api;
  private final ReleaseName name;
  private final Digest digest;
  private final ReleaseManifest manifest;
  private final ReleaseDescription description;
  private final ImageConfig config;

  private PulledRelease(
      ControllerApi api,
      ReleaseName name,
      Digest digest,
      ReleaseManifest manifest,
      ReleaseDescription description,
      ImageConfig config) {
    this.api = api;
    this.name = name;
    this.digest = digest;
    this.manifest = manifest;
    this.description = description;
    this.config = config;
  }

  /**
   * Asks for the release's manifest and configuration.
   *
   * @throws OperatorError when they are not there, or are not what the digest says
   */
  static PulledRelease open(ControllerApi api, ReleaseName name, Digest digest)
      throws InterruptedException {
    byte[] bytes = api.get(path(name, "manifests", digest), ReleaseManifest.MEDIA_TYPE);
    require(digest, bytes);
    ReleaseManifest manifest = ReleaseManifest.read(bytes);
    ReleaseDescription description =
        manifest
            .description()
            .orElseThrow(
                () -> new OperatorError(digest + " is no release, it was not prepared to boot."));
    Digest configDigest = manifest.config().digest();
    byte[] configBytes = api.get(path(name, "blobs", configDigest), ReleaseManifest.CONFIG_TYPE);
    require(configDigest, configBytes);
    return new PulledRelease(api, name, digest, manifest, description, config(configBytes));
  }

  ReleaseDescription description() {
    return description;
  }

  @Override
  public String reference() {
    return description.name() + "@" + digest;
  }

  @Override
  public Digest digest() {
    return digest;
  }

  @Override
  public ImageConfig config() {
    return config;
  }

  @Override
  public List<Layer> layers() {
    Digest blob = manifest.layer().digest();
    long size = manifest.layer().size();
    return List.of(
        new TarLayer(
            "the layer of " + name,
            () -> Download.of(api, path(name, "blobs", blob), size, Patience.USUAL),
            Optional.of(blob),
            Optional.empty()));
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public void close() {
    // The layer closes its own connection.
  }

  private static String path(ReleaseName name, String kind, Digest digest) {
    return "/v2/" + name.name() + "/" + kind + "/" + digest;
  }

  private static void require(Digest expected, byte[] bytes) {
    Digest found = Digest.of(bytes);
    if (!found.equals(expected)) {
      throw new OperatorError(
          "What the controller sent as " + expected + " has the digest " + found + "; refused.");
    }
  }

  private static ImageConfig config(byte[] bytes) {
    try {
      JsonObject json = Json.readObject(bytes);
      JsonObject running = json.optionalObject("config").orElse(JsonObject.EMPTY);
      return new ImageConfig(
          json.string("architecture"),
          json.string("os"),
          running.strings("Env"),
          running.strings("Entrypoint"),
          running.strings("Cmd"),
          running.optionalString("WorkingDir"),
          running.optionalString("User"),
          running.optionalString("StopSignal"),
          running.stringMap("Labels"));
    } catch (JsonException e) {
      throw new OperatorError("The release's configuration is malformed: " + e.getMessage(), e);
    }
  }
}
