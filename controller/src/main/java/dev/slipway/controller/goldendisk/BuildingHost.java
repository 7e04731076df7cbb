package dev.slipway.controller.goldendisk;

import dev.slipway.controller.survey.OsRelease;
import dev.slipway.disk.GrubImages;
import dev.slipway.filesystem.DistributionRelease;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.filesystem.Reader;
import dev.slipway.filesystem.ReaderKind;
import dev.slipway.filesystem.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this machine has to do with the disks that are built on it: it mounts and fills their slots,
 * and its GRUB becomes theirs.
 *
 * @param kernel the one that runs
 * @param grub the boot loader that all slots of a disk share
 * @param tools make the file systems
 */
record BuildingHost(Reader kernel, Reader grub, MkfsTools tools) {
  private static final String GRUB = "the shared boot loader";
  private static final Path KERNEL_RELEASE = Path.of("/proc/sys/kernel/osrelease");

  /**
   * Looks at this machine.
   *
   * @throws dev.slipway.linux.OperatorError when GRUB's files are missing
   */
  static BuildingHost thisOne() {
    OsRelease system =
        Stream.of("/etc/os-release", "/usr/lib/os-release")
            .map(Path::of)
            .filter(Files::isRegularFile)
            .findFirst()
            .map(file -> OsRelease.parse(read(file)))
            .orElse(OsRelease.UNKNOWN);
    var vendor = DistributionRelease.vendorOf(system.id());
    return new BuildingHost(
        Reader.of(
            ReaderKind.KERNEL, "the building host", new Version(read(KERNEL_RELEASE)), vendor),
        GrubImages.ofThisSystem()
            .version()
            .map(version -> Reader.of(ReaderKind.GRUB, GRUB, new Version(version), vendor))
            .orElseGet(
                () ->
                    Reader.assumed(
                        ReaderKind.GRUB,
                        GRUB,
                        DistributionRelease.of(system.id(), system.versionId()).grub(),
                        vendor)),
        MkfsTools.ofThisSystem());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
