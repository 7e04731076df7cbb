package dev.slipway.tree;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * POSIX ACLs: from the text form of acl(5), as tar archives carry it in {@code SCHILY.acl.access}
 * and {@code SCHILY.acl.default}, to the bytes of the xattr (linux/posix_acl_xattr.h: a version,
 * then tag, permissions and id of each entry, little-endian).
 */
final class AclText {
  private static final int VERSION = 2;
  private static final int NO_ID = -1;
  private static final int BASE_ENTRIES = 3;

  /** The tags of linux/posix_acl.h; they stand in an ACL in the order of their numbers. */
  private enum Tag {
    USER_OBJ(0x01),
    USER(0x02),
    GROUP_OBJ(0x04),
    GROUP(0x08),
    MASK(0x10),
    OTHER(0x20);

    private final int number;

    Tag(int number) {
      this.number = number;
    }
  }

  private record AclEntry(Tag tag, int permissions, int id) {}

  /** The xattrs that ACLs are kept in. */
  static final ByteString ACCESS = ByteString.of("system.posix_acl_access");

  static final ByteString DEFAULT = ByteString.of("system.posix_acl_default");

  private AclText() {}

  /**
   * The value of this xattr; empty for an access ACL of owner, group and other alone, which the
   * mode says already and Linux does not keep. A directory's default ACL is kept even then.
   *
   * @param accounts of the tree, for users and groups that are named and not numbered
   * @throws TreeException when one is named whom the accounts lack
   */
  static Optional<ByteString> toXattr(ByteString xattr, ByteString text, Accounts accounts) {
    List<AclEntry> entries = entries(text, accounts);
    int nothing = xattr.equals(ACCESS) ? BASE_ENTRIES : 0;
    return entries.size() <= nothing ? Optional.empty() : Optional.of(encode(entries));
  }

  /** Whether a user or group stands in it without its number. */
  static boolean hasNames(ByteString text) {
    return lines(text).stream()
        .map(AclText::fields)
        .anyMatch(fields -> !fields[1].isEmpty() && Accounts.number(id(fields)).isEmpty());
  }

  /** The metadata with its named ACLs as xattrs. */
  static Metadata resolved(Metadata metadata, Accounts accounts) {
    SortedMap<ByteString, ByteString> xattrs = new TreeMap<>(metadata.xattrs());
    metadata
        .namedAcls()
        .forEach(
            (xattr, text) ->
                toXattr(xattr, text, accounts).ifPresent(value -> xattrs.put(xattr, value)));
    return new Metadata(
        metadata.mode(), metadata.uid(), metadata.gid(), metadata.modified(), xattrs);
  }

  private static List<String> lines(ByteString text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.toText().split("[,\n]", -1)) {
      int comment = line.indexOf('#');
      String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!entry.isEmpty()) {
        lines.add(entry);
      }
    }
    return lines;
  }

  private static List<AclEntry> entries(ByteString text, Accounts accounts) {
    List<AclEntry> entries = new ArrayList<>();
    lines(text).forEach(line -> entries.add(parse(line, accounts)));
    entries.sort(
        Comparator.comparing(AclEntry::tag)
            .thenComparing(entry -> Integer.toUnsignedLong(entry.id())));
    return entries;
  }

  private static ByteString encode(List<AclEntry> entries) {
    ByteBuffer value = ByteBuffer.allocate(4 + 8 * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
    value.putInt(VERSION);
    for (AclEntry entry : entries) {
      value
          .putShort((short) entry.tag().number)
          .putShort((short) entry.permissions())
          .putInt(entry.id());
    }
    return ByteString.of(value.array());
  }

  // user:lisa:rwx:502 (star adds the number), user:502:rwx, user::rwx, mask::r-x, u::rwx
  private static String[] fields(String entry) {
    String[] parts = entry.split(":", -1);
    if (parts.length == 2) {
      // acl(5) allows mask:r-x and other:r-x.
      return new String[] {parts[0], "", parts[1]};
    }
    if (parts.length < 3) {
      throw unreadable(entry);
    }
    return parts;
  }

  private static AclEntry parse(String entry, Accounts accounts) {
    String[] parts = fields(entry);
    boolean named = !parts[1].isEmpty();
    Tag tag =
        switch (parts[0]) {
          case "user", "u" -> named ? Tag.USER : Tag.USER_OBJ;
          case "group", "g" -> named ? Tag.GROUP : Tag.GROUP_OBJ;
          case "mask", "m" -> Tag.MASK;
          case "other", "o" -> Tag.OTHER;
          default -> throw unreadable(entry);
        };
    return new AclEntry(
        tag, permissions(parts[2], entry), named ? id(tag, parts, accounts) : NO_ID);
  }

  private static int permissions(String text, String entry) {
    int permissions = 0;
    for (char c : text.strip().toCharArray()) {
      permissions |=
          switch (c) {
            case 'r' -> 4;
            case 'w' -> 2;
            case 'x' -> 1;
            case '-' -> 0;
            default -> throw unreadable(entry);
          };
    }
    return permissions;
  }

  private static String id(String[] parts) {
    return parts.length > 3 ? parts[3].strip() : parts[1];
  }

  private static int id(Tag tag, String[] parts, Accounts accounts) {
    String kind = tag == Tag.USER ? "user" : "group";
    var known = tag == Tag.USER ? accounts.users() : accounts.groups();
    return Accounts.number(id(parts))
        .or(() -> Optional.ofNullable(known.get(parts[1])))
        .orElseThrow(
            () ->
                new TreeException(
                    "An ACL names the "
                        + kind
                        + " "
                        + parts[1]
                        + ", and the tree's own "
                        + (tag == Tag.USER ? "/etc/passwd" : "/etc/group")
                        + " has no such "
                        + kind
                        + ". Add it there, or make the archive with --xattrs-include='*' instead of"
                        + " --acls, which keeps ACLs as numbers."));
  }

  private static TreeException unreadable(String entry) {
    return new TreeException("The archive has an ACL that cannot be read: \"" + entry + "\".");
  }
}
