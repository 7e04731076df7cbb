package dev.slipway.filesystem;

import java.util.List;
import java.util.Set;

/**
 * What a release of a distribution came with, for readers whose own version is not known: the
 * oldest that it can be.
 *
 * @param ids what the distribution and its rebuilds call themselves, by os-release(5) ID
 * @param release the least VERSION_ID that it speaks of
 */
public record DistributionRelease(
    Set<String> ids,
    Version release,
    Version kernel,
    Version grub,
    Version e2fsprogs,
    Version xfsprogs) {

  private static final Set<String> DEBIAN = Set.of("debian");
  private static final Set<String> UBUNTU = Set.of("ubuntu");
  private static final Set<String> ENTERPRISE_LINUX =
      Set.of("rhel", "centos", "rocky", "almalinux", "ol");

  /** By family, the oldest release first; the packages as each first came. */
  private static final List<DistributionRelease> KNOWN =
      List.of(
          row(DEBIAN, "11", "5.10", "2.06-3~deb11u6", "1.46.2", "5.10.0"),
          row(DEBIAN, "12", "6.1", "2.06-13+deb12u2", "1.47.0", "6.1.0"),
          row(DEBIAN, "13", "6.12", "2.12-9+deb13u2", "1.47.2", "6.13.0"),
          row(UBUNTU, "20.04", "5.4", "2.04", "1.45.5", "5.3.0"),
          row(UBUNTU, "22.04", "5.15", "2.06", "1.46.5", "5.13.0"),
          row(UBUNTU, "24.04", "6.8", "2.12", "1.47.0", "6.6.0"),
          row(ENTERPRISE_LINUX, "7", "3.10.0", "2.02~beta2", "1.42.9", "4.5.0"),
          row(ENTERPRISE_LINUX, "8", "4.18.0", "2.02", "1.45.6", "5.0.0"),
          row(ENTERPRISE_LINUX, "9", "5.14.0", "2.06", "1.46.5", "5.12.0"),
          row(ENTERPRISE_LINUX, "10", "6.12.0", "2.12", "1.47.1", "6.11.0"));

  /** For distributions of which nothing is known. */
  private static final DistributionRelease UNKNOWN =
      row(Set.of(), "0", "4.18", "2.02", "1.45", "5.0");

  public DistributionRelease {
    ids = Set.copyOf(ids);
  }

  private static DistributionRelease row(
      Set<String> ids,
      String release,
      String kernel,
      String grub,
      String e2fsprogs,
      String xfsprogs) {
    return new DistributionRelease(
        ids,
        new Version(release),
        new Version(kernel),
        new Version(grub),
        new Version(e2fsprogs),
        new Version(xfsprogs));
  }

  /**
   * The newest known release that is not newer than this one. Without a release, the family's
   * oldest.
   *
   * @param id os-release(5) ID; empty text when it is not known
   * @param versionId os-release(5) VERSION_ID; empty text when it is not known
   */
  public static DistributionRelease of(String id, String versionId) {
    List<DistributionRelease> family = KNOWN.stream().filter(row -> row.ids.contains(id)).toList();
    if (versionId.isEmpty() && !family.isEmpty()) {
      return family.get(0);
    }
    Version release = new Version(versionId);
    return family.stream()
        .filter(row -> release.isAtLeast(row.release))
        .reduce(UNKNOWN, (older, newer) -> newer);
  }

  /** Whose patches its packages carry. */
  public static Vendor vendorOf(String id) {
    if (DEBIAN.contains(id)) {
      return Vendor.DEBIAN;
    }
    return ENTERPRISE_LINUX.contains(id) ? Vendor.ENTERPRISE_LINUX : Vendor.OTHER;
  }

  /** The tools of a kind, which are its fsck, too. */
  public Version fsck(FileSystemKind kind) {
    return switch (kind) {
      case XFS -> xfsprogs;
      case EXT4 -> e2fsprogs;
    };
  }
}
