package dev.slipway.controller.goldendisk;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The forms of a disk in a file. */
public enum DiskFormat {
  /** The disk byte for byte; sparse. */
  RAW,
  /** QEMU's format, which holds only what was written (QEMU docs/interop/qcow2.txt). */
  QCOW2;

  private static final byte[] QCOW2_MAGIC = {'Q', 'F', 'I', (byte) 0xfb};

  /** What a file of this name is taken for: qcow2 if it ends so, raw otherwise. */
  public static DiskFormat byNameOf(Path file) {
    return file.toString().endsWith(".qcow2") ? QCOW2 : RAW;
  }

  /**
   * What a file is by its first bytes.
   *
   * @throws OperatorError when it cannot be read
   */
  static DiskFormat of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(QCOW2_MAGIC.length), QCOW2_MAGIC) ? QCOW2 : RAW;
    } catch (NoSuchFileException e) {
      throw new OperatorError("The disk " + file + " does not exist.", e);
    } catch (IOException e) {
      throw new OperatorError("The disk " + file + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** What makes a file of this format. */
  List<Program> programs() {
    return this == RAW ? List.of() : List.of(new Program("qemu-img", "qemu-utils"));
  }

  /** As QEMU calls it. */
  String token() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Writes a raw disk once more, in this format.
   *
   * @param raw may be locked: it is whole and does not change any more
   */
  void convert(Path raw, Path target) {
    // Without QEMU's locks: they would meet the build's own, which is on the same file.
    String source =
        "driver=raw,file.driver=file,file.locking=off,file.filename="
            + raw.toString().replace(",", ",,");
    Command.of("qemu-img", "convert", "--image-opts", source, "-O", token(), target.toString())
        .run();
  }
}
