package dev.slipway.tree;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;

/** The extended attributes among PAX records, in the ways that writers put them there. */
final class PaxXattrs {
  /** GNU tar, star, Go and Slipway: the value's own bytes. */
  static final String SCHILY = "SCHILY.xattr.";

  private static final String LIBARCHIVE = "LIBARCHIVE.xattr.";
  private static final ByteString ACL_ACCESS = ByteString.of("system.posix_acl_access");
  private static final ByteString ACL_DEFAULT = ByteString.of("system.posix_acl_default");

  private PaxXattrs() {}

  static SortedMap<ByteString, ByteString> of(PaxRecords pax) {
    SortedMap<ByteString, ByteString> xattrs = new TreeMap<>();
    for (PaxRecords.Pair record : pax.all()) {
      ByteString key = record.key();
      if (key.startsWith(SCHILY)) {
        xattrs.put(unescaped(rest(key, SCHILY)), record.value());
      } else if (key.startsWith(LIBARCHIVE)) {
        xattrs.putIfAbsent(unescaped(rest(key, LIBARCHIVE)), base64(record.value()));
      }
    }
    pax.value("SCHILY.acl.access")
        .flatMap(AclText::toXattr)
        .ifPresent(acl -> xattrs.put(ACL_ACCESS, acl));
    pax.value("SCHILY.acl.default")
        .flatMap(AclText::defaultToXattr)
        .ifPresent(acl -> xattrs.put(ACL_DEFAULT, acl));
    xattrs.keySet().removeIf(Xattrs::isForeign);
    xattrs.replaceAll(Xattrs::asKept);
    return xattrs;
  }

  private static ByteString rest(ByteString key, String prefix) {
    return key.slice(prefix.length(), key.length());
  }

  /** A key as it may stand in a record: the equals sign would end it. GNU tar's way. */
  static ByteString escaped(ByteString name) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream();
    for (byte b : name.toBytes()) {
      if (b == '%' || b == '=') {
        escaped.writeBytes(
            (b == '%' ? "%25" : "%3D").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      } else {
        escaped.write(b);
      }
    }
    return ByteString.of(escaped.toByteArray());
  }

  private static ByteString unescaped(ByteString key) {
    if (!key.contains((byte) '%')) {
      return key;
    }
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (int i = 0; i < key.length(); i++) {
      boolean escape = key.at(i) == '%' && i + 2 < key.length();
      String code = escape ? key.slice(i + 1, i + 3).toText() : "";
      if (code.equals("25")) {
        name.write('%');
        i += 2;
      } else if (code.equalsIgnoreCase("3d")) {
        name.write('=');
        i += 2;
      } else {
        name.write(key.at(i));
      }
    }
    return ByteString.of(name.toByteArray());
  }

  private static ByteString base64(ByteString value) {
    try {
      return ByteString.of(Base64.getDecoder().decode(value.toBytes()));
    } catch (IllegalArgumentException e) {
      throw new TreeException(
          "The tar archive is damaged: an extended attribute is not valid base64.", e);
    }
  }
}
