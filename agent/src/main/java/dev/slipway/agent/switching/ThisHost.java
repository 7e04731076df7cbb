package dev.slipway.agent.switching;

import dev.slipway.agent.slots.DataPartition;
import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.slots.Roots;
import dev.slipway.agent.slots.SlipwayDisk;
import dev.slipway.boot.EnvironmentStore;
import dev.slipway.release.SlotRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The host that the agent runs on: its disk, what is kept on it, and what can be done to the
 * machine.
 *
 * @param configurationFile may be missing
 * @param operation held by the one flash or switch that may run
 * @param daemon held by the daemon
 */
public record ThisHost(
    Roots roots,
    SlipwayDisk disk,
    EnvironmentStore environment,
    SlotRecords records,
    Journal journal,
    Path configurationFile,
    NextKernel kernel,
    InitSystem init,
    LockFile operation,
    LockFile daemon) {

  /**
   * Finds everything.
   *
   * @throws dev.slipway.linux.OperatorError (refused) when this system does not run from a Slipway
   *     disk
   */
  public static ThisHost find(Roots roots) {
    SlipwayDisk disk = SlipwayDisk.find(roots);
    DataPartition data = DataPartition.mounted(disk, roots);
    return new ThisHost(
        roots,
        disk,
        disk.environment(),
        new SlotRecords(data.slotRecords()),
        new Journal(data.journal(), InstantSource.system()),
        data.configuration(),
        NextKernel.ofThisMachine(),
        InitSystem.of(roots),
        new LockFile(roots.operationLock(), "A flash or switch"),
        new LockFile(roots.daemonLock(), "An agent daemon"));
  }

  /**
   * The configuration as it is now. Read by who needs it, so that an error in it takes away nothing
   * else.
   *
   * @throws dev.slipway.linux.OperatorError (refused) when it is not understood
   */
  public AgentConfiguration configuration() {
    return AgentConfiguration.read(configurationFile);
  }

  /** The kernel's random id of this boot. */
  public String bootId() {
    return read(roots.bootId());
  }

  /**
   * Concludes where the host stands.
   *
   * @param operationRunning whether a flash or switch is at work; a caller that holds the operation
   *     lock knows that there is none
   */
  public Conclusion conclude(boolean operationRunning) {
    return conclude(journal.read(), operationRunning);
  }

  /** What somebody who does not hold the operation lock can conclude now. */
  public Conclusion look() {
    return look(journal.read());
  }

  /**
   * The same, from a journal that was read just now. The lock is looked at after it: a switch that
   * the journal tells of was ordered under the lock, and is at work as long as that is held.
   */
  Conclusion look(Journal.Content content) {
    return conclude(content, operation.isHeld());
  }

  private Conclusion conclude(Journal.Content content, boolean operationRunning) {
    Evidence evidence =
        new Evidence(
            bootId(),
            panicSince(content.newestSwitch()),
            LastWords.read(new DataPartition(roots.data()).lastWords()),
            operationRunning,
            operationRunning || init.shuttingDown());
    return Conclusion.of(environment.read(), disk.boot(), content.history(), evidence);
  }

  /** pstore keeps the last words of a kernel that panicked, where the machine can hold them. */
  private boolean panicSince(Optional<Instant> newestSwitch) {
    Path pstore = roots.sys().resolve("fs/pstore");
    if (newestSwitch.isEmpty() || !Files.isDirectory(pstore)) {
      return false;
    }
    try (Stream<Path> records = Files.list(pstore)) {
      return records
          .filter(record -> record.getFileName().toString().startsWith("dmesg-"))
          .anyMatch(record -> modified(record).isAfter(newestSwitch.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
