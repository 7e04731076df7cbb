package dev.slipway.controller.goldendisk;

import dev.slipway.controller.osimage.HostConfiguration;
import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.osimage.KernelChoice;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.Demand;
import dev.slipway.filesystem.FileSystemKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a golden disk shall be, as a disk.yml says it. The reader has checked every value by itself
 * and against the others (unique names, a default slot that exists and has an image); what only the
 * images can tell, and whether everything fits, {@link DiskBuilder} finds out.
 *
 * @param file the disk.yml, for messages
 * @param chosenHost the one that it was read for of those that the disk.yml names
 * @param size the size of the whole disk; empty means: just what the partitions need
 * @param table the kind of partition table
 * @param consoles kernel consoles, such as {@code ttyS0,115200}; the last one is {@code
 *     /dev/console}
 * @param slots in the order of their partitions, at least one
 * @param data the size of the data partition; empty: there shall be none
 * @param defaultSlot the slot that boots unless the boot environment is changed later
 * @param host what every slot takes over from the data partition: name, users, network
 * @param kernelArguments added to the command line of every slot
 */
public record DiskDescription(
    Path file,
    Optional<String> chosenHost,
    Optional<ByteSize> size,
    PartitionTable.Kind table,
    List<String> consoles,
    List<Slot> slots,
    Optional<ByteSize> data,
    String defaultSlot,
    HostConfiguration host,
    List<String> kernelArguments) {

  public DiskDescription {
    consoles = List.copyOf(consoles);
    slots = List.copyOf(slots);
    kernelArguments = List.copyOf(kernelArguments);
  }

  /**
   * Reads and checks a disk.yml.
   *
   * @throws dev.slipway.linux.OperatorError when it cannot be read or anything in it is not as
   *     docs/man/disk.yml.md says; the message names file, line and what is allowed
   */
  public static DiskDescription read(Path file) {
    return read(file, Optional.empty());
  }

  /**
   * As {@link #read(Path)}, for one of the hosts that it names.
   *
   * @param host its name; empty: what holds for all hosts
   * @throws dev.slipway.linux.OperatorError also when it names no such host, with the nearest names
   */
  public static DiskDescription read(Path file, Optional<String> host) {
    return new DescriptionReader(file).read(host);
  }

  /**
   * A slot: a partition that holds one operating system or, without content, is left for the agent
   * to flash.
   *
   * @param name also the end of the partition's name
   * @param size of the partition; empty: auto, as {@link SlotSizes} says; never without content
   */
  public record Slot(String name, Optional<ByteSize> size, Optional<Content> content) {}

  /**
   * What is written into a slot.
   *
   * @param image relative paths in it have been resolved against the disk.yml's directory
   * @param initrd where the initial RAM disk comes from
   * @param kernel which one of the image's boots, unless it brings its initrd
   * @param agent whether the agent is put in
   * @param checksOff names of checks that the image is not put to
   * @param features what the file system shall have or not, by the names of {@link
   *     FileSystemKind#features}
   */
  public record Content(
      ImageReference image,
      FileSystemKind fileSystem,
      InitrdSource initrd,
      KernelChoice kernel,
      boolean agent,
      Set<String> checksOff,
      Map<String, Demand> features) {

    public Content {
      checksOff = Set.copyOf(checksOff);
      features = Map.copyOf(features);
    }
  }
}
