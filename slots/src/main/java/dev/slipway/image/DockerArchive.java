package dev.slipway.image;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code docker save} writes: {@code manifest.json} names, for each image, its configuration
 * and layers, in archives of old (ID/layer.tar) and since Docker 25 (an OCI layout as well).
 */
final class DockerArchive {
  private static final String INDEX = "manifest.json";
  private static final Pattern HEX_NAME = Pattern.compile("(?:.*/)?([0-9a-f]{64})(?:\\.json)?");
  private static final String DOCKER_HUB = "docker.io/";
  private static final String DOCKER_LIBRARY = "library/";

  private DockerArchive() {}

  static Image open(String reference, ImageFiles files, Selection selection) {
    try {
      JsonObject image = choose(reference, images(reference, files), selection);
      byte[] configBytes = config(reference, files, image);
      JsonObject config = Json.readObject(configBytes);
      return new StoredImage(
          reference,
          Digest.of(configBytes),
          ImageConfig.parse(config),
          layers(reference, files, image, config),
          false);
    } catch (JsonException e) {
      throw new ImageException(
          reference + " is damaged (" + e.getMessage() + "). Save the image again.", e);
    }
  }

  private static List<JsonObject> images(String reference, ImageFiles files) {
    byte[] index =
        files
            .find(INDEX)
            .map(file -> Documents.read(file, reference))
            .orElseThrow(
                () ->
                    new ImageException(
                        reference
                            + " is no archive of docker save: it has no manifest.json. A root file system goes by"
                            + " rootfs:, an OCI archive by oci-archive:."));
    if (Json.read(index) instanceof Json.Array array) {
      // Read through an object, whose accessors say what is wrong.
      return new JsonObject(java.util.Map.of("manifest.json", array)).objects("manifest.json");
    }
    throw new JsonException("manifest.json is not a list");
  }

  private static JsonObject choose(String reference, List<JsonObject> images, Selection selection) {
    List<String> tags =
        images.stream().flatMap(image -> image.strings("RepoTags").stream()).toList();
    String known = tags.isEmpty() ? "no names" : "these names: " + String.join(", ", tags);
    if (selection instanceof Selection.At at) {
      if (at.index() >= images.size()) {
        throw new ImageException(
            reference
                + " is not in that archive; it has "
                + images.size()
                + " images, counted from 0, and "
                + known
                + ".");
      }
      return images.get(at.index());
    }
    if (selection instanceof Selection.Named named) {
      String wanted = plain(named.name());
      return images.stream()
          .filter(
              image ->
                  image.strings("RepoTags").stream().anyMatch(name -> plain(name).equals(wanted)))
          .findFirst()
          .orElseThrow(
              () ->
                  new ImageException(reference + " is not in that archive; it has " + known + "."));
    }
    if (images.size() != 1) {
      throw new ImageException(
          reference
              + " holds "
              + images.size()
              + " images; say which, as docker-archive:PATH:NAME or, counted from 0, docker-archive:PATH:@INDEX. It"
              + " has "
              + known
              + ".");
    }
    return images.get(0);
  }

  /** {@code debian} and {@code docker.io/library/debian:latest} are one name. */
  private static String plain(String name) {
    String plain = name.startsWith(DOCKER_HUB) ? name.substring(DOCKER_HUB.length()) : name;
    plain = plain.startsWith(DOCKER_LIBRARY) ? plain.substring(DOCKER_LIBRARY.length()) : plain;
    return plain.indexOf(':', plain.lastIndexOf('/') + 1) < 0 ? plain + ":latest" : plain;
  }

  private static byte[] config(String reference, ImageFiles files, JsonObject image) {
    String path = image.string("Config");
    byte[] config = Documents.read(file(reference, files, path), reference);
    Matcher name = HEX_NAME.matcher(path);
    if (name.matches() && !Digest.of(config).hex().equals(name.group(1))) {
      throw new ImageException(
          reference
              + " is damaged: its configuration does not have the digest that its name "
              + path
              + " states. Save the image again.");
    }
    return config;
  }

  private static List<Layer> layers(
      String reference, ImageFiles files, JsonObject image, JsonObject config) {
    List<String> paths = image.strings("Layers");
    List<Digest> diffIds = Documents.diffIds(config);
    Documents.requireSameNumber(reference, paths.size(), diffIds.size());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      layers.add(
          new TarLayer(
              "layer " + (i + 1) + " of " + reference,
              file(reference, files, paths.get(i)),
              Optional.empty(),
              Optional.of(diffIds.get(i))));
    }
    return layers;
  }

  private static Supplier<InputStream> file(String reference, ImageFiles files, String path) {
    return files
        .find(path)
        .orElseThrow(
            () ->
                new ImageException(
                    reference + " is incomplete: its archive lacks " + path + ". Save it again."));
  }
}
