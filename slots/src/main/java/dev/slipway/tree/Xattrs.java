package dev.slipway.tree;

import java.util.Arrays;

/** Which extended attributes are a tree's own, and in which form Linux keeps them. */
final class Xattrs {
  private static final ByteString CAPABILITY = ByteString.of("security.capability");
  private static final int REVISION_1_SIZE = 12;
  private static final int REVISION_2_SIZE = 20;
  private static final int REVISION_3_SIZE = 24;

  private Xattrs() {}

  /**
   * Whether the kernel or the storage of a machine put it there: overlayfs's own, SELinux labels,
   * which belong to the policy of the running system, and the form in which XFS keeps the ACLs that
   * it also shows as {@code system.posix_acl_*} (fs/xfs/xfs_xattr.c).
   */
  static boolean isForeign(ByteString name) {
    return name.startsWith("trusted.overlay.")
        || name.startsWith("user.overlay.")
        || name.startsWith("security.selinux")
        || name.startsWith("trusted.SGI_ACL_");
  }

  /**
   * The value as Linux keeps and returns it. File capabilities of revision 1 are no longer
   * accepted, and those of revision 3 whose user namespace is the first one (root id 0) are
   * returned as revision 2 (linux/capability.h, fs/xattr.c).
   */
  static ByteString asKept(ByteString name, ByteString value) {
    if (!name.equals(CAPABILITY) || value.length() < REVISION_1_SIZE) {
      return value;
    }
    int revision = value.at(3);
    boolean first = revision == 1 && value.length() == REVISION_1_SIZE;
    boolean third =
        revision == 3 && value.length() == REVISION_3_SIZE && isZero(value, REVISION_2_SIZE);
    if (!first && !third) {
      return value;
    }
    byte[] second = Arrays.copyOf(value.toBytes(), REVISION_2_SIZE);
    second[3] = 2;
    return ByteString.of(second);
  }

  private static boolean isZero(ByteString value, int from) {
    for (int i = from; i < value.length(); i++) {
      if (value.at(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
