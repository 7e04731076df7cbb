package dev.slipway.tree;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a file carries besides its content.
 *
 * @param mode the twelve permission bits: set-id, sticky, rwxrwxrwx
 * @param uid owner, 0 to 2^32 - 2
 * @param gid group, 0 to 2^32 - 2
 * @param modified when its content last changed
 * @param xattrs extended attributes by full name, such as {@code security.capability}; ACLs are
 *     {@code system.posix_acl_access} and {@code system.posix_acl_default}
 * @param namedAcls ACLs of an archive with users or groups by name, in the text form of acl(5), by
 *     the xattr they become when the tree that they are written to says which numbers those have
 */
public record Metadata(
    int mode,
    long uid,
    long gid,
    Timestamp modified,
    SortedMap<ByteString, ByteString> xattrs,
    SortedMap<ByteString, ByteString> namedAcls) {

  /** Keeps its own copies of the maps. */
  public Metadata {
    xattrs = copy(xattrs);
    namedAcls = copy(namedAcls);
  }

  /** Without ACLs that have names in them. */
  public Metadata(
      int mode, long uid, long gid, Timestamp modified, SortedMap<ByteString, ByteString> xattrs) {
    this(mode, uid, gid, modified, xattrs, NONE);
  }

  private static SortedMap<ByteString, ByteString> copy(SortedMap<ByteString, ByteString> map) {
    return map.isEmpty() ? NONE : Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  private static final SortedMap<ByteString, ByteString> NONE =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  /** Without xattrs. */
  public static Metadata of(int mode, long uid, long gid, Timestamp modified) {
    return new Metadata(mode, uid, gid, modified, NONE);
  }

  /** The same with this time instead. */
  public Metadata withModified(Timestamp replaced) {
    return new Metadata(mode, uid, gid, replaced, xattrs, namedAcls);
  }

  /** The same with these xattrs instead. */
  public Metadata withXattrs(SortedMap<ByteString, ByteString> replaced) {
    return new Metadata(mode, uid, gid, modified, replaced, namedAcls);
  }
}
