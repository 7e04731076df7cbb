package dev.slipway.agent.slots;

import dev.slipway.linux.Mount;
import dev.slipway.linux.MountPoint;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.SystemCallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The partition that all slots share: the journal, what each slot holds, the host's identity.
 *
 * @param directory where it is mounted
 */
public record DataPartition(Path directory) {

  /** Finds it mounted where every slot mounts it, or mounts it there. */
  public static DataPartition mounted(SlipwayDisk disk, Roots roots) {
    Path directory = roots.data();
    boolean isMounted =
        Mount.current().stream().map(MountPoint::target).anyMatch(directory::equals);
    if (!isMounted) {
      mount(disk, directory);
    }
    return new DataPartition(directory);
  }

  // It stays mounted: the slot's initrd should have done it, and everyone else looks for it there.
  @SuppressWarnings("resource")
  private static void mount(SlipwayDisk disk, Path directory) {
    try {
      Files.createDirectories(directory);
      Mount.of(disk.dataDevice(), directory, "ext4", Set.of(), "");
    } catch (SystemCallException e) {
      throw new OperatorError(
          "The data partition %s could not be mounted at %s (%s); without it the agent knows nothing of the slots."
              .formatted(disk.dataDevice(), directory, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What each slot holds. */
  public Path slotRecords() {
    return directory.resolve("slots");
  }

  /** What happened. */
  public Path journal() {
    return directory.resolve("journal");
  }

  /** What a trial that found no way on wrote down before it rebooted; may be missing. */
  public Path lastWords() {
    return directory.resolve("last-words");
  }

  /** The agent's configuration; may be missing. */
  public Path configuration() {
    return directory.resolve("agent.conf");
  }

  /** The enrolment with a controller; may be missing. */
  public Path enrolment() {
    return directory.resolve("agent");
  }

  /** The machine id, the same in every slot. */
  public Path machineId() {
    return directory.resolve("host/machine-id");
  }
}
