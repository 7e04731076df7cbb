package dev.slipway.boot;

import dev.slipway.linux.OperatorError;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One copy of the boot environment, as GRUB judges it (rule R1 of the GRUB script). */
public sealed interface EnvironmentCopy {

  /** GRUB would take this copy. */
  record Valid(BootEnvironment environment) implements EnvironmentCopy {}

  /**
   * GRUB would not take it, or Slipway cannot have written it.
   *
   * @param why a clause such as "its first and last generation differ"
   * @param takenByGrub whether GRUB would go by it all the same
   * @param highestGeneration the highest generation that can be read in it; empty when none can
   */
  record Damaged(String why, boolean takenByGrub, OptionalLong highestGeneration)
      implements EnvironmentCopy {}

  /** Reads the bytes of a copy. */
  static EnvironmentCopy of(byte[] block) {
    Optional<Map<String, String>> loaded = EnvironmentBlock.load(block);
    if (loaded.isEmpty()) {
      return new Damaged("it is not a GRUB environment block", false, OptionalLong.empty());
    }
    Map<String, String> records = loaded.get();
    Optional<String> defect = defectForGrub(records);
    if (defect.isPresent()) {
      return new Damaged(defect.get(), false, highestGeneration(records));
    }
    if (!isGeneration(records.get("gen"))) {
      return new Damaged(
          "its generation is not a number of ten digits", true, OptionalLong.empty());
    }
    try {
      return new Valid(environment(records));
    } catch (OperatorError e) {
      return new Damaged(e.getMessage(), true, highestGeneration(records));
    }
  }

  /** Of a torn copy, either end may be the newer one. */
  private static OptionalLong highestGeneration(Map<String, String> records) {
    return Stream.of("gen", "end")
        .map(name -> records.getOrDefault(name, ""))
        .filter(EnvironmentCopy::isGeneration)
        .mapToLong(Long::parseLong)
        .max();
  }

  private static boolean isGeneration(String text) {
    return Pattern.matches("[1-9][0-9]{9}", text);
  }

  /** Why GRUB would not take these records, if so. */
  static Optional<String> defectForGrub(Map<String, String> records) {
    String generation = records.getOrDefault("gen", "");
    if (generation.isEmpty() || !generation.equals(records.getOrDefault("end", ""))) {
      return Optional.of("its first and last generation differ, so a write was cut off");
    }
    if (records.getOrDefault("default_slot", "").isEmpty()) {
      return Optional.of("it names no default slot");
    }
    if (records.getOrDefault("try", "").isEmpty()) {
      return Optional.of("it does not say whether a trial is pending");
    }
    return Optional.empty();
  }

  private static BootEnvironment environment(Map<String, String> records) {
    String tries = records.getOrDefault("tries", "");
    // GRUB takes anything but 1, 2 and 3 for used up (rule R5).
    int left = Pattern.matches("[123]", tries) ? Integer.parseInt(tries) : 0;
    Optional<BootEnvironment.Trial> trial =
        Optional.of(records.get("try"))
            .filter(slot -> !slot.equals(BootEnvironment.NO_TRIAL))
            .map(slot -> new BootEnvironment.Trial(slot, left));
    return new BootEnvironment(
        Long.parseLong(records.get("gen")),
        records.get("default_slot"),
        trial,
        new TransactionId(records.getOrDefault("txn", "")));
  }
}
