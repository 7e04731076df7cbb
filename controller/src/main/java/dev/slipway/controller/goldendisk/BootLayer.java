package dev.slipway.controller.goldendisk;

import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.EnvironmentStore;
import dev.slipway.boot.TransactionId;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.FatFile;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.Superblock;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.stream.Collectors;

/**
 * A layer over a disk's image, in QEMU's format, in which the boot environment names another
 * default slot. The image itself stays as it is.
 */
public final class BootLayer {
  private static final String[] COPIES = {
    EfiSystemPartition.ENVIRONMENT_1, EfiSystemPartition.ENVIRONMENT_2
  };

  private BootLayer() {}

  /**
   * Makes the layer.
   *
   * @param image of a Slipway disk
   * @param slot the slot that GRUB shall start
   * @param layer the file to make; it names the image as its base
   * @throws OperatorError when the image has no such slot, or nothing is in it
   */
  public static void make(Path image, String slot, Path layer) {
    try (RawDisk raw = RawDisk.of(image)) {
      DiskLayout layout = DiskLayout.of(PartitionTable.read(raw.path()), image.toString());
      requireSystem(image, raw.path(), layout, slot);
      Command.of(
              "qemu-img",
              "create",
              "-q",
              "-f",
              DiskFormat.QCOW2.token(),
              "-F",
              raw.format().token(),
              "-b",
              image.toAbsolutePath().toString(),
              layer.toString())
          .run();
      long esp = layout.esp().offset();
      write(environment(raw.path(), esp, slot), raw.path(), esp, layer);
    }
  }

  private static void requireSystem(Path image, Path raw, DiskLayout layout, String name) {
    DiskLayout.Slot slot =
        layout.slots().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new OperatorError(
                        image
                            + " has no slot '"
                            + name
                            + "'; it has "
                            + layout.slots().stream()
                                .map(DiskLayout.Slot::name)
                                .collect(Collectors.joining(", "))
                            + "."));
    if (Superblock.read(raw, slot.partition().offset()).isEmpty()) {
      throw new OperatorError(
          "Slot '" + name + "' of " + image + " is empty; nothing boots in it.");
    }
  }

  private static BootEnvironment environment(Path raw, long esp, String slot) {
    TransactionId id = TransactionId.next(InstantSource.system(), new SecureRandom());
    EnvironmentStore.Reading found = new EnvironmentStore(raw, esp).read();
    return found
        .environment()
        .map(environment -> environment.committed(slot, id))
        .orElseGet(() -> BootEnvironment.rebuilt(slot, id, found.highestGeneration()));
  }

  private static void write(BootEnvironment environment, Path raw, long esp, Path layer) {
    try {
      Path block = Files.createTempFile("slipway-environment", null);
      try {
        Files.write(block, environment.block());
        for (String copy : COPIES) {
          FatFile.Range range = FatFile.find(raw, esp, copy).ranges().get(0);
          Command.of(
                  "qemu-io",
                  "-f",
                  "qcow2",
                  "-c",
                  "write -s " + block + " " + range.offset() + " " + environment.block().length,
                  layer.toString())
              .run();
        }
      } finally {
        Files.delete(block);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the boot environment for the layer", e);
    }
  }
}
