package dev.slipway.controller.targetdisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What tells a disk from every other one, so that a person who names it means this one.
 *
 * @param kind in words, such as {@code serial number}
 * @param text as it is shown and has to be typed: what is not a printable ASCII character is a
 *     question mark, for the disk says it and it goes to a terminal
 */
public record DiskIdentity(String kind, String text) {

  public DiskIdentity {
    text = text.replaceAll("[^ -~]", "?");
  }

  /** In the answer of a SCSI disk with its serial number: the header before it (SPC-4, 7.8.18). */
  private static final int PAGE_HEADER = 4;

  /**
   * The disk's serial number; of a disk that has none, its name in {@code /dev/disk/by-id}, its
   * WWN, or at last its device node. A loop device has the file behind it.
   */
  static DiskIdentity of(SysDisk disk, HostView host) {
    return first("backing file", disk.text("loop/backing_file"))
        .or(() -> first("serial number", serial(disk)))
        .or(() -> first("name in /dev/disk/by-id", nameById(disk, host)))
        .or(() -> first("WWN", disk.text("wwid").or(() -> disk.text("device/wwid"))))
        .orElseGet(() -> new DiskIdentity("device node", "/dev/" + disk.name()));
  }

  private static Optional<DiskIdentity> first(String kind, Optional<String> text) {
    return text.map(found -> new DiskIdentity(kind, found));
  }

  private static Optional<String> serial(SysDisk disk) {
    return disk.text("device/serial")
        .or(() -> disk.text("serial"))
        .or(() -> disk.bytes("device/vpd_pg80").flatMap(DiskIdentity::serialIn));
  }

  private static Optional<String> serialIn(byte[] page) {
    if (page.length <= PAGE_HEADER) {
      return Optional.empty();
    }
    byte[] serial = Arrays.copyOfRange(page, PAGE_HEADER, page.length);
    return Optional.of(new String(serial, StandardCharsets.US_ASCII).replace("\0", "").strip())
        .filter(text -> !text.isEmpty());
  }

  private static Optional<String> nameById(SysDisk disk, HostView host) {
    Path directory = host.dev().resolve("disk/by-id");
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> links = Files.list(directory)) {
      return links
          .filter(link -> leadsTo(link, disk.name()))
          .map(link -> link.getFileName().toString())
          .filter(name -> !name.startsWith("wwn-"))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean leadsTo(Path link, String name) {
    try {
      return Files.readSymbolicLink(link).getFileName().toString().equals(name);
    } catch (IOException e) {
      return false;
    }
  }
}
