package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.osimage.HostConfiguration;
import dev.slipway.controller.osimage.KernelChoice;
import dev.slipway.controller.osimage.NetworkCard;
import dev.slipway.controller.osimage.SourceDateEpoch;
import dev.slipway.filesystem.Demand;
import dev.slipway.image.Image;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the identities of a disk are derived from when its build shall give the same bytes again:
 * its whole description but the place of its file, the digests of its images, and the epoch.
 * Another of any of them makes another disk, which must not pass for this one.
 *
 * @param images by slot
 */
record DiskSeed(DiskDescription description, Map<String, Image> images, SourceDateEpoch epoch) {

  /** Reads all of an image that knows its digest only then, such as a directory. */
  Digest digest() {
    JsonObject inputs =
        JsonObject.EMPTY
            .with("epoch", epoch.seconds())
            .withOptional("chosenHost", description.chosenHost())
            .withOptional("size", description.size().map(DiskSeed::bytes))
            .with("table", description.table().token())
            .withStrings("consoles", description.consoles())
            .with("slots", description.slots().stream().map(this::slot).toList())
            .withOptional("data", description.data().map(DiskSeed::bytes))
            .with("defaultSlot", description.defaultSlot())
            .with("host", host(description.host()))
            .withStrings("kernelArguments", description.kernelArguments());
    return Digest.of(inputs.write().getBytes(StandardCharsets.UTF_8));
  }

  private JsonObject slot(Slot slot) {
    JsonObject json =
        JsonObject.EMPTY
            .with("name", slot.name())
            .withOptional("size", slot.size().map(DiskSeed::bytes));
    return slot.content()
        .map(content -> json.with("content", content(content, images.get(slot.name()))))
        .orElse(json);
  }

  private static JsonObject content(Content content, Image image) {
    return JsonObject.EMPTY
        .with("image", image.reference())
        .with("digest", image.digest().toString())
        .with("fileSystem", content.fileSystem().token())
        .with("initrd", content.initrd().name())
        .withOptional("kernel", pinned(content.kernel()))
        .with("agent", content.agent())
        .withStrings("checksOff", new TreeSet<>(content.checksOff()))
        .with("features", features(content.features()));
  }

  private static Optional<String> pinned(KernelChoice kernel) {
    return kernel instanceof KernelChoice.Pinned pinned
        ? Optional.of(pinned.version())
        : Optional.empty();
  }

  private static JsonObject features(Map<String, Demand> features) {
    JsonObject json = JsonObject.EMPTY;
    for (Map.Entry<String, Demand> feature : new TreeMap<>(features).entrySet()) {
      json = json.with(feature.getKey(), feature.getValue().on());
    }
    return json;
  }

  private static JsonObject host(HostConfiguration host) {
    return JsonObject.EMPTY
        .withOptional("hostname", host.hostname())
        .with("users", host.users().stream().map(DiskSeed::user).toList())
        .withStrings("network", host.network().stream().map(NetworkCard::lines).toList())
        .withOptional("timezone", host.timezone());
  }

  private static JsonObject user(HostConfiguration.User user) {
    return JsonObject.EMPTY
        .with("name", user.name())
        .withOptional("uid", user.uid().map(String::valueOf))
        .withOptional("passwordHash", user.passwordHash())
        .withStrings("sshKeys", user.sshKeys());
  }

  private static String bytes(ByteSize size) {
    return Long.toString(size.bytes());
  }
}
