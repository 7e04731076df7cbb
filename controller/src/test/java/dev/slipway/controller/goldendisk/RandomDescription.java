package dev.slipway.controller.goldendisk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.filesystem.Feature;
import dev.slipway.filesystem.FileSystemKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Descriptions with every key now and then, and the same with one mistake. JSON is YAML. */
final class RandomDescription {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPYiU12++Cy32hxJL0SzblKQGJ7DpEJN/AYcqRrHxhJf me";

  private final Random random;

  RandomDescription(Random random) {
    this.random = random;
  }

  /** One that is right. */
  ObjectNode good() {
    ObjectNode disk = JSON.objectNode();
    boolean data = random.nextInt(4) != 0;
    ArrayNode slots = disk.putArray("slots");
    slots.add(slot("boot", data));
    for (int i = random.nextInt(3); i > 0; i--) {
      slots.add(sometimes() || !data ? slot("slot" + i, data) : emptySlot("slot" + i));
    }
    maybe(disk, "size", this::size);
    maybe(disk, "table", () -> text(random.nextBoolean() ? "gpt" : "msdos"));
    if (data) {
      maybe(disk, "data", () -> sometimes() ? text("on") : JSON.objectNode().set("size", size()));
    } else {
      disk.put("data", "off");
    }
    maybe(disk, "default", () -> text("boot"));
    maybe(disk, "console", () -> oneOrSome("tty0", "ttyS0,115200", "ttyAMA0", "hvc0"));
    maybe(disk, "kernel-arguments", () -> oneOrSome("quiet", "net.ifnames=0", "rootwait"));
    if (data) {
      maybe(disk, "host", this::host);
      maybe(
          disk,
          "hosts",
          () -> JSON.objectNode().<ObjectNode>set("web1", host()).set("db.example.org", host()));
    }
    return disk;
  }

  /** With one mistake somewhere. */
  ObjectNode bad() {
    ObjectNode disk = good();
    List<ContainerNode<?>> containers = new ArrayList<>();
    collect(disk, containers);
    ContainerNode<?> container = containers.get(random.nextInt(containers.size()));
    if (container instanceof ObjectNode object && !object.isEmpty()) {
      List<String> keys = new ArrayList<>();
      object.fieldNames().forEachRemaining(keys::add);
      String key = keys.get(random.nextInt(keys.size()));
      if (sometimes()) {
        object.set(key + "_", object.remove(key));
      } else {
        object.set(key, nonsense());
      }
    } else if (container instanceof ArrayNode array && !array.isEmpty()) {
      array.set(random.nextInt(array.size()), nonsense());
    } else {
      disk.set("host", nonsense());
    }
    return disk;
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
    if (node instanceof ContainerNode<?> container) {
      containers.add(container);
    }
    node.forEach(child -> collect(child, containers));
  }

  /** What no key takes. */
  private JsonNode nonsense() {
    return switch (random.nextInt(4)) {
      case 0 -> text("§ 1");
      case 1 -> JSON.numberNode(5);
      case 2 -> JSON.arrayNode().add(JSON.arrayNode());
      default -> JSON.nullNode();
    };
  }

  private ObjectNode slot(String name, boolean agentAllowed) {
    ObjectNode slot = JSON.objectNode().put("name", name);
    slot.put("image", one("web:1", "oci:x", "rootfs:/y", "docker://example.org/web:1"));
    maybe(slot, "size", () -> sometimes() ? size() : text("auto"));
    maybe(slot, "filesystem", () -> text(one("xfs", "ext4")));
    maybe(slot, "initrd", () -> text(one("make", "keep")));
    if (!slot.path("initrd").asText().equals("keep")) {
      maybe(slot, "kernel", () -> text(one("6.1.0-31-amd64", "6.17.1-300.fc43.x86_64")));
    }
    maybe(slot, "agent", () -> JSON.booleanNode(agentAllowed && sometimes()));
    maybe(
        slot,
        "check",
        () -> sometimes() ? onOrOff() : switches(CheckChoice.names().toArray(String[]::new)));
    boolean xfs = slot.path("filesystem").asText().equals("xfs");
    maybe(
        slot,
        "features",
        () ->
            switches(
                (xfs ? FileSystemKind.XFS : FileSystemKind.EXT4)
                    .features().stream().map(Feature::name).toArray(String[]::new)));
    return slot;
  }

  private ObjectNode emptySlot(String name) {
    return JSON.objectNode().put("name", name).set("size", size());
  }

  private ObjectNode host() {
    ObjectNode host = JSON.objectNode();
    maybe(host, "hostname", () -> text(one("web1", "a.b-c.example")));
    maybe(host, "timezone", () -> text(one("Europe/Berlin", "UTC", "Etc/GMT+1")));
    maybe(host, "users", () -> JSON.arrayNode().add(user("root")).add(user("_ops-1")));
    maybe(host, "network", this::network);
    return host;
  }

  private ObjectNode user(String name) {
    ObjectNode user = JSON.objectNode().put("name", name);
    maybe(user, "uid", () -> JSON.numberNode(1000 + random.nextInt(59_000)));
    maybe(user, "ssh-keys", () -> oneOrSome(KEY, KEY + "@example", KEY + " of all"));
    maybe(user, "password-hash", () -> text("$6$salt$" + "x".repeat(20 + random.nextInt(80))));
    return user;
  }

  private ArrayNode network() {
    ArrayNode network = JSON.arrayNode();
    if (sometimes()) {
      network.add(card().put("mac", one("52:54:00:12:34:56", "52-54-00-AB-CD-EF")));
    }
    if (sometimes()) {
      network.add(card().put("interface", one("eth0", "enp1s0f1", "en.5")));
    }
    if (sometimes()) {
      network.add(card());
    }
    return network;
  }

  private ObjectNode card() {
    ObjectNode card = JSON.objectNode();
    maybe(card, "dns", () -> oneOrSome("192.0.2.53", "2001:db8::53"));
    if (sometimes()) {
      return card.put("dhcp", true);
    }
    maybe(card, "dhcp", () -> JSON.booleanNode(false));
    maybe(card, "gateway", () -> oneOrSome("192.0.2.1", "fe80::1"));
    return card.set("address", JSON.arrayNode().add("192.0.2.10/24").add("2001:db8::10/64"));
  }

  private ObjectNode switches(String... names) {
    ObjectNode switches = JSON.objectNode();
    for (String name : names) {
      maybe(switches, name, this::onOrOff);
    }
    return switches;
  }

  private JsonNode onOrOff() {
    return text(one("on", "off"));
  }

  private JsonNode size() {
    return text((1 + random.nextInt(900)) + one(" ", "") + "GiB");
  }

  private JsonNode oneOrSome(String... values) {
    if (sometimes()) {
      return text(one(values));
    }
    ArrayNode some = JSON.arrayNode();
    for (String value : values) {
      if (sometimes()) {
        some.add(value);
      }
    }
    return some;
  }

  private static JsonNode text(String text) {
    return JSON.textNode(text);
  }

  private String one(String... values) {
    return values[random.nextInt(values.length)];
  }

  private void maybe(ObjectNode object, String key, Supplier<JsonNode> value) {
    if (sometimes()) {
      object.set(key, value.get());
    }
  }

  private boolean sometimes() {
    return random.nextBoolean();
  }
}
