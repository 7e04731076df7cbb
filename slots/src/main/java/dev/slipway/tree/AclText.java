package dev.slipway.tree;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  private AclText() {}

  /**
   * The xattr's value; empty for an ACL of owner, group and other alone, which the mode says
   * already and Linux does not keep.
   *
   * @throws TreeException when a user or group is named and not numbered: names mean nothing
   *     outside the image
   */
  static Optional<ByteString> toXattr(ByteString text) {
    List<AclEntry> entries = entries(text);
    return entries.size() <= BASE_ENTRIES ? Optional.empty() : Optional.of(encode(entries));
  }

  /** The same for a directory's default ACL, which is kept even when it has only the three. */
  static Optional<ByteString> defaultToXattr(ByteString text) {
    List<AclEntry> entries = entries(text);
    return entries.isEmpty() ? Optional.empty() : Optional.of(encode(entries));
  }

  private static List<AclEntry> entries(ByteString text) {
    List<AclEntry> entries = new ArrayList<>();
    for (String line : text.toText().split("[,\n]", -1)) {
      int comment = line.indexOf('#');
      String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!entry.isEmpty()) {
        entries.add(parse(entry));
      }
    }
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
  private static AclEntry parse(String entry) {
    String[] parts = entry.split(":", -1);
    if (parts.length == 2) {
      // acl(5) allows mask:r-x and other:r-x.
      parts = new String[] {parts[0], "", parts[1]};
    }
    if (parts.length < 3) {
      throw unreadable(entry);
    }
    boolean named = !parts[1].isEmpty();
    Tag tag =
        switch (parts[0]) {
          case "user", "u" -> named ? Tag.USER : Tag.USER_OBJ;
          case "group", "g" -> named ? Tag.GROUP : Tag.GROUP_OBJ;
          case "mask", "m" -> Tag.MASK;
          case "other", "o" -> Tag.OTHER;
          default -> throw unreadable(entry);
        };
    return new AclEntry(tag, permissions(parts[2], entry), named ? id(parts, entry) : NO_ID);
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

  private static int id(String[] parts, String entry) {
    String number = parts.length > 3 ? parts[3].strip() : parts[1];
    try {
      return Integer.parseUnsignedInt(number);
    } catch (NumberFormatException e) {
      throw new TreeException(
          "The archive has an ACL with a name in it (\""
              + entry
              + "\"), and a name means nothing outside the system it comes from. Make the archive with"
              + " --xattrs-include='*' instead of --acls, which keeps ACLs as numbers.",
          e);
    }
  }

  private static TreeException unreadable(String entry) {
    return new TreeException("The archive has an ACL that cannot be read: \"" + entry + "\".");
  }
}
