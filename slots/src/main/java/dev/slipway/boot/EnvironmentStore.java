package dev.slipway.boot;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The two copies of the boot environment on a disk's EFI system partition, read and overwritten in
 * place by sector; the partition is never mounted.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class EnvironmentStore {

  /**
   * Both copies and the one that GRUB would go by (rule R2).
   *
   * @param chosen 1 or 2; 0 when neither is valid
   */
  public record Reading(EnvironmentCopy first, EnvironmentCopy second, int chosen) {

    /** The environment that counts; empty when neither copy is valid. */
    public Optional<BootEnvironment> environment() {
      EnvironmentCopy counting = chosen == 2 ? second : first;
      return counting instanceof EnvironmentCopy.Valid valid
          ? Optional.of(valid.environment())
          : Optional.empty();
    }

    /** Whether both copies are valid and say the same. */
    public boolean whole() {
      return environment().isPresent() && first.equals(second);
    }
  }

  private final Path disk;
  private final long espOffset;

  /**
   * @param disk the disk, or an image of one
   * @param espOffset where its EFI system partition starts, in bytes
   */
  public EnvironmentStore(Path disk, long espOffset) {
    this.disk = disk;
    this.espOffset = espOffset;
  }

  public Reading read() {
    throw new UnsupportedOperationException(disk + "@" + espOffset);
  }

  /**
   * Writes both copies, the one that does not count first, each flushed to the medium and read back
   * before the other is touched.
   *
   * @throws dev.slipway.linux.OperatorError when the environment's generation is not above what is
   *     on the disk, or when a copy does not read back; then the other copy is untouched
   */
  public void write(BootEnvironment environment) {
    throw new UnsupportedOperationException();
  }

  /** Makes both copies equal to the one that counts. Says whether there was anything to do. */
  public boolean repair() {
    throw new UnsupportedOperationException();
  }
}
