package dev.slipway.boot;

import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.FatFile;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.UnbufferedFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The two copies of the boot environment on a disk's EFI system partition, read and overwritten in
 * place by sector. The partition is never mounted for it, and no file is ever created, truncated,
 * renamed or grown: a power cut at any moment leaves at least one whole copy.
 */
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

    /** The highest generation that can be read in either copy, damaged or not. */
    public OptionalLong highestGeneration() {
      return Stream.of(first, second).flatMapToLong(copy -> generation(copy).stream()).max();
    }

    private static OptionalLong generation(EnvironmentCopy copy) {
      return copy instanceof EnvironmentCopy.Damaged damaged
          ? damaged.highestGeneration()
          : OptionalLong.of(((EnvironmentCopy.Valid) copy).environment().generation());
    }

    /** Whether both copies are valid and say the same. */
    public boolean whole() {
      return environment().isPresent() && first.equals(second);
    }

    /** Which copy a new environment goes to first: 1 or 2. */
    public int firstToWrite() {
      if (chosen != 0) {
        return 3 - chosen;
      }
      return isTakenByGrub(second) && !isTakenByGrub(first) ? 2 : 1;
    }

    private static boolean isTakenByGrub(EnvironmentCopy copy) {
      return !(copy instanceof EnvironmentCopy.Damaged damaged) || damaged.takenByGrub();
    }

    /**
     * Weighs two copies by rule R2: the higher generation counts; of one generation, the copy with
     * fewer tries left.
     */
    public static Reading of(EnvironmentCopy first, EnvironmentCopy second) {
      int chosen = 0;
      if (first instanceof EnvironmentCopy.Valid one) {
        chosen = 1;
        if (second instanceof EnvironmentCopy.Valid two
            && isBetter(two.environment(), one.environment())) {
          chosen = 2;
        }
      } else if (second instanceof EnvironmentCopy.Valid) {
        chosen = 2;
      }
      return new Reading(first, second, chosen);
    }

    private static boolean isBetter(BootEnvironment candidate, BootEnvironment than) {
      return candidate.generation() > than.generation()
          || (candidate.generation() == than.generation() && left(candidate) < left(than));
    }

    private static int left(BootEnvironment environment) {
      return environment.trial().map(BootEnvironment.Trial::tries).orElse(0);
    }
  }

  private final Path disk;
  private final long espOffset;

  /**
   * The environment of this disk; nothing is opened yet.
   *
   * @param disk the disk, or an image of one
   * @param espOffset where its EFI system partition starts, in bytes
   */
  public EnvironmentStore(Path disk, long espOffset) {
    this.disk = disk;
    this.espOffset = espOffset;
  }

  /**
   * Reads both copies from the medium.
   *
   * @throws OperatorError when the EFI system partition does not hold the two files as they were
   *     made
   */
  public Reading read() {
    long first = place(EfiSystemPartition.ENVIRONMENT_1);
    long second = place(EfiSystemPartition.ENVIRONMENT_2);
    try (UnbufferedFile file = UnbufferedFile.openToRead(disk)) {
      return Reading.of(
          EnvironmentCopy.of(file.read(first, EnvironmentBlock.SIZE)),
          EnvironmentCopy.of(file.read(second, EnvironmentBlock.SIZE)));
    }
  }

  /**
   * Writes both copies, the one that does not count first, each brought to the medium and read back
   * before the other is touched. When neither counts, one that GRUB would go by all the same comes
   * first: it may outrank whatever is written beside it.
   *
   * @throws OperatorError when the environment's generation is not above what is on the disk; when
   *     the files are not as they were made; or when a copy does not read back, and then the other
   *     one is untouched
   */
  public void write(BootEnvironment environment) {
    Reading before = read();
    for (EnvironmentCopy copy : new EnvironmentCopy[] {before.first(), before.second()}) {
      if (copy instanceof EnvironmentCopy.Valid valid
          && valid.environment().generation() >= environment.generation()) {
        throw OperatorError.refused(
            "The boot environment of "
                + disk
                + " has changed meanwhile (generation "
                + valid.environment().generation()
                + "); generation "
                + environment.generation()
                + " is not written over it.");
      }
    }
    long first = place(EfiSystemPartition.ENVIRONMENT_1);
    long second = place(EfiSystemPartition.ENVIRONMENT_2);
    byte[] block = environment.block();
    if (before.firstToWrite() == 1) {
      overwrite(first, block);
      overwrite(second, block);
    } else {
      overwrite(second, block);
      overwrite(first, block);
    }
  }

  /**
   * Makes the copy that does not count equal to the one that does; the one that counts is not
   * touched.
   *
   * @return whether there was anything to do
   * @throws OperatorError when neither copy is valid: then {@link #write} a new environment
   */
  public boolean repair() {
    Reading found = read();
    BootEnvironment environment =
        found
            .environment()
            .orElseThrow(
                () ->
                    new OperatorError(
                        "Both copies of the boot environment of " + disk + " are damaged."));
    if (found.whole()) {
      return false;
    }
    overwrite(
        place(
            found.chosen() == 1
                ? EfiSystemPartition.ENVIRONMENT_2
                : EfiSystemPartition.ENVIRONMENT_1),
        environment.block());
    return true;
  }

  private void overwrite(long offset, byte[] block) {
    try (UnbufferedFile file = UnbufferedFile.openToWrite(disk)) {
      file.write(offset, block);
      if (!Arrays.equals(file.read(offset, block.length), block)) {
        throw new OperatorError(
            "A copy of the boot environment does not read back from "
                + disk
                + " (byte "
                + offset
                + "); the disk may be failing. The other copy still counts.");
      }
    }
  }

  /** Where a copy lies. The file must be as it was made, or other files would be overwritten. */
  private long place(String path) {
    FatFile file = FatFile.find(disk, espOffset, path);
    if (file.size() != EnvironmentBlock.SIZE || file.ranges().size() != 1) {
      throw new OperatorError(
          path
              + " on the EFI system partition of "
              + disk
              + " is no longer the one piece of "
              + EnvironmentBlock.SIZE
              + " bytes that it was made as; something else has written there. Nothing was"
              + " changed.");
    }
    return file.ranges().get(0).offset();
  }
}
