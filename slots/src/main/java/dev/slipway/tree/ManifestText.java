package dev.slipway.tree;

import dev.slipway.tree.Entry.Device;
import dev.slipway.tree.Entry.Directory;
import dev.slipway.tree.Entry.Fifo;
import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.Entry.Symlink;
import dev.slipway.tree.Entry.WithMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The text form of a manifest: a first line with the format's version, then one line an entry,
 * words parted by one space.
 *
 * <pre>
 * d MODE UID GID TIME XATTRS PATH
 * f MODE UID GID TIME XATTRS PATH SIZE SHA256
 * l MODE UID GID TIME XATTRS PATH TARGET
 * c MODE UID GID TIME XATTRS PATH MAJOR MINOR
 * b MODE UID GID TIME XATTRS PATH MAJOR MINOR
 * p MODE UID GID TIME XATTRS PATH
 * h PATH TARGET
 * </pre>
 *
 * <p>MODE is octal, TIME seconds and nanoseconds, XATTRS {@code -} or {@code name=hex} joined by
 * commas; names, paths and targets are escaped as {@link ByteString#toString} does it.
 */
final class ManifestText {
  private static final String FIRST_LINE = "slipway-tree 1";

  private ManifestText() {}

  static String write(Manifest manifest) {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    manifest.entries().forEach(entry -> text.append(line(manifest, entry)).append('\n'));
    return text.toString();
  }

  static String line(Manifest manifest, Entry entry) {
    if (entry instanceof HardLink link) {
      return "h " + link.path() + " " + link.target();
    }
    if (entry instanceof RegularFile file) {
      String digest = manifest.content(file.path()).map(Digest::hex).orElse("-");
      return start("f", file) + " " + file.size() + " " + digest;
    }
    if (entry instanceof Symlink link) {
      return start("l", link) + " " + link.target();
    }
    if (entry instanceof Device device) {
      String type = device.kind() == Device.Kind.CHARACTER ? "c" : "b";
      return start(type, device) + " " + device.major() + " " + device.minor();
    }
    return start(entry instanceof Directory ? "d" : "p", (WithMetadata) entry);
  }

  private static String start(String type, WithMetadata entry) {
    Metadata metadata = entry.metadata();
    return type
        + " "
        + octal(metadata.mode())
        + " "
        + metadata.uid()
        + " "
        + metadata.gid()
        + " "
        + metadata.modified()
        + " "
        + xattrs(metadata.xattrs())
        + " "
        + entry.path();
  }

  private static String octal(int mode) {
    return String.format("%04o", mode);
  }

  private static String xattrs(SortedMap<ByteString, ByteString> xattrs) {
    if (xattrs.isEmpty()) {
      return "-";
    }
    return xattrs.entrySet().stream()
        .map(xattr -> xattrName(xattr.getKey()) + "=" + xattr.getValue().toHex())
        .collect(Collectors.joining(","));
  }

  private static String xattrName(ByteString name) {
    return name.toString().replace(",", "\\x2c").replace("=", "\\x3d");
  }

  static Manifest parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(FIRST_LINE)) {
      throw new TreeException(
          "This is no manifest of a tree: it does not begin with \"" + FIRST_LINE + "\".");
    }
    List<Map.Entry<Entry, Optional<Digest>>> entries = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      try {
        entries.add(parseLine(line.split(" ", -1)));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new TreeException(
            "The tree's manifest has a line that cannot be read: \"" + line + "\".", e);
      }
    }
    return Manifest.ofLines(entries);
  }

  private static Map.Entry<Entry, Optional<Digest>> parseLine(String[] words) {
    if (words[0].equals("h")) {
      return Map.entry(new HardLink(path(words[1]), path(words[2])), Optional.empty());
    }
    Metadata metadata =
        new Metadata(
            Integer.parseInt(words[1], 8),
            Long.parseLong(words[2]),
            Long.parseLong(words[3]),
            Timestamp.parse(words[4]),
            parseXattrs(words[5]));
    TreePath path = path(words[6]);
    return switch (words[0]) {
      case "d" -> Map.entry(new Directory(path, metadata), Optional.empty());
      case "f" ->
          Map.entry(
              new RegularFile(path, metadata, Long.parseLong(words[7])),
              Optional.of(new Digest(words[8])));
      case "l" ->
          Map.entry(new Symlink(path, metadata, ByteString.parse(words[7])), Optional.empty());
      case "c" -> Map.entry(device(path, metadata, Device.Kind.CHARACTER, words), Optional.empty());
      case "b" -> Map.entry(device(path, metadata, Device.Kind.BLOCK, words), Optional.empty());
      case "p" -> Map.entry(new Fifo(path, metadata), Optional.empty());
      default -> throw new IllegalArgumentException("unknown kind " + words[0]);
    };
  }

  private static Device device(TreePath path, Metadata metadata, Device.Kind kind, String[] words) {
    return new Device(path, metadata, kind, Integer.parseInt(words[7]), Integer.parseInt(words[8]));
  }

  private static TreePath path(String word) {
    return TreePath.of(ByteString.parse(word).toBytes());
  }

  private static SortedMap<ByteString, ByteString> parseXattrs(String word) {
    SortedMap<ByteString, ByteString> xattrs = new TreeMap<>();
    if (!word.equals("-")) {
      for (String xattr : word.split(",", -1)) {
        int equals = xattr.indexOf('=');
        xattrs.put(
            ByteString.parse(xattr.substring(0, equals)),
            ByteString.ofHex(xattr.substring(equals + 1)));
      }
    }
    return xattrs;
  }
}
