package dev.slipway.tree;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The extended attributes among PAX records, in the ways that writers put them there. */
final class PaxXattrs {
  /** GNU tar, star, Go and Slipway: the value's own bytes. */
  static final String SCHILY = "SCHILY.xattr.";

  private static final String LIBARCHIVE = "LIBARCHIVE.xattr.";
  private static final Map<ByteString, String> ACLS =
      Map.of(AclText.ACCESS, "SCHILY.acl.access", AclText.DEFAULT, "SCHILY.acl.default");

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
    acls(pax, false)
        .forEach(
            (xattr, text) ->
                AclText.toXattr(xattr, text, Accounts.NONE)
                    .ifPresent(acl -> xattrs.putIfAbsent(xattr, acl)));
    xattrs.keySet().removeIf(Xattrs::isForeign);
    xattrs.replaceAll(Xattrs::asKept);
    return xattrs;
  }

  /** The texts of ACLs with names in them, where no xattr says the same in numbers. */
  static SortedMap<ByteString, ByteString> namedAcls(PaxRecords pax) {
    SortedMap<ByteString, ByteString> named = acls(pax, true);
    if (!named.isEmpty()) {
      named.keySet().removeAll(of(pax).keySet());
    }
    return named;
  }

  private static SortedMap<ByteString, ByteString> acls(PaxRecords pax, boolean named) {
    SortedMap<ByteString, ByteString> acls = new TreeMap<>();
    ACLS.forEach(
        (xattr, key) ->
            pax.value(key)
                .filter(text -> AclText.hasNames(text) == named)
                .ifPresent(text -> acls.put(xattr, text)));
    return acls;
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
