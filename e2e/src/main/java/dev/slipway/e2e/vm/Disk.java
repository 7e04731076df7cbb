package dev.slipway.e2e.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk of a virtual machine.
 *
 * @param format QEMU's name: {@code raw} or {@code qcow2}; only qcow2 holds snapshots
 * @param readOnly for the machine; such a disk may be raw in a machine with snapshots
 * @param bus how the machine reaches it
 */
public record Disk(Path file, String format, boolean readOnly, Bus bus) {

  /** Controllers of disks that machines have. */
  public enum Bus {
    VIRTIO_BLK,
    VIRTIO_SCSI,
    NVME
  }

  /** On virtio-blk. */
  public Disk(Path file, String format, boolean readOnly) {
    this(file, format, readOnly, Bus.VIRTIO_BLK);
  }

  /** The same disk, reached in another way. */
  public Disk on(Bus other) {
    return new Disk(file, format, readOnly, other);
  }

  /** The file itself; what the machine writes stays in it. */
  public static Disk raw(Path file) {
    return new Disk(file, "raw", false);
  }

  /**
   * A new layer in which the machine's writes land; {@code base}, a raw image, stays as it is and
   * can be shared by any number of machines.
   */
  public static Disk overlay(Path base, Path overlay) {
    run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-F",
        "raw",
        "-b",
        base.toAbsolutePath().toString(),
        overlay.toString());
    return new Disk(overlay, "qcow2", false);
  }

  /** How a failing disk fails. */
  public enum Fault {
    /** Nothing can be written; reading works. */
    WRITES_FAIL(
        """
        [inject-error]
        event = "write_aio"
        iotype = "write"
        errno = "5"
        """),
    /** The first write fails, and so does everything after it. */
    DIES_AT_THE_FIRST_WRITE(
        """
        [set-state]
        event = "write_aio"
        state = "1"
        new_state = "2"

        [inject-error]
        event = "write_aio"
        errno = "5"

        [inject-error]
        event = "read_aio"
        state = "2"
        errno = "5"
        """);

    private final String rules;

    Fault(String rules) {
      this.rules = rules;
    }
  }

  /** A raw disk that fails with input/output errors (QEMU docs/devel/blkdebug.rst). */
  public static Disk failing(Path file, Fault fault) {
    Path rules = file.resolveSibling(file.getFileName() + ".faults");
    try {
      Files.writeString(rules, fault.rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Disk(
        Path.of("blkdebug:" + rules.toAbsolutePath() + ":" + file.toAbsolutePath()), "raw", false);
  }

  /** A disk that holds nothing yet. */
  public static Disk empty(Path file, long bytes) {
    run("qemu-img", "create", "-q", "-f", "qcow2", file.toString(), Long.toString(bytes));
    return new Disk(file, "qcow2", false);
  }

  /**
   * A read-only way to bring files in: an ext4 file system, without a partition table, that holds a
   * copy of {@code directory}.
   */
  public static Disk ofDirectory(Path directory, Path file) {
    long bytes;
    try (var files = Files.walk(directory)) {
      bytes = files.mapToLong(path -> path.toFile().length() + 4096).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long mebibytes = 16 + bytes * 11 / 10 / (1 << 20);
    run(
        "mkfs.ext4",
        "-q",
        "-O",
        "^has_journal",
        "-L",
        "files",
        "-d",
        directory.toString(),
        file.toString(),
        mebibytes + "M");
    return new Disk(file, "raw", true);
  }

  static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new VmException(String.join(" ", command) + " failed: " + output.strip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VmException("Interrupted during " + String.join(" ", command), e);
    }
  }
}
