package dev.slipway.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that people name in place of an archive, known by what they begin with: what such a file is
 * helps more than what it is not.
 */
enum ForeignFile {
  ZIP("a zip archive", WayOut.UNPACK, "PK\003\004"),
  SEVEN_ZIP("a 7z archive", WayOut.UNPACK, "7z\274\257\047\034"),
  DEBIAN_PACKAGE("a Debian package or another ar archive", WayOut.INSTALL, "!<arch>\n"),
  RPM("an RPM package", WayOut.INSTALL, "\355\253\356\333"),
  QCOW2("a disk image of QEMU (qcow2)", WayOut.MOUNT, "QFI\373"),
  VMDK("a disk image of VMware (vmdk)", WayOut.MOUNT, "KDMV"),
  VHDX("a disk image of Hyper-V (vhdx)", WayOut.MOUNT, "vhdxfile"),
  SQUASHFS("a squashfs file system", WayOut.MOUNT, "hsqs"),
  PROGRAM("a program (ELF)", WayOut.NONE, "\177ELF");

  private enum WayOut {
    UNPACK("Unpack it, and name the directory: rootfs:DIRECTORY, or oci:DIRECTORY for a layout."),
    INSTALL("Install it in an image, and name that."),
    MOUNT(
        "Slipway takes container images and root file systems, not disks: mount its root file"
            + " system, and name the directory: rootfs:DIRECTORY."),
    NONE("See whether it is the right file.");

    private final String sentence;

    WayOut(String sentence) {
      this.sentence = sentence;
    }
  }

  private static final int LONGEST = 8;

  private final String name;
  private final WayOut wayOut;
  private final String magic;

  ForeignFile(String name, WayOut wayOut, String magic) {
    this.name = name;
    this.wayOut = wayOut;
    this.magic = magic;
  }

  /**
   * Refuses a file that is one of these.
   *
   * @param reference what messages call it
   * @throws ImageException when it is, or cannot be read
   */
  static void refuse(Path file, String reference) {
    String start;
    try (InputStream in = Files.newInputStream(file)) {
      // One character a byte, as the magics are written.
      start = new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new ImageException(reference + " cannot be read: " + e.getMessage() + ".", e);
    }
    for (ForeignFile foreign : values()) {
      if (start.startsWith(foreign.magic)) {
        throw new ImageException(
            reference + " is " + foreign.name + ", no tar archive. " + foreign.wayOut.sentence);
      }
    }
  }
}
