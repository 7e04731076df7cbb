package dev.slipway.boot;

import dev.slipway.disk.SlotName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What GRUB is told to boot: the one record on the disk that decides it.
 *
 * <p>It only changes through the named transitions here. Each gives a new environment with the next
 * generation that carries nothing over but what its name says.
 *
 * <p>On the disk it is a block of 1024 bytes with the records {@code gen default_slot try tries txn
 * end} in this order, all within the first 512 bytes, so that a torn write of one copy is seen:
 * {@code gen} and {@code end} are the same ten digits.
 *
 * @param generation ten digits, from {@link #FIRST_GENERATION}
 * @param defaultSlot the slot that has proved itself
 * @param trial the slot on trial, if any
 * @param transaction which switch wrote this
 */
public record BootEnvironment(
    long generation, String defaultSlot, Optional<Trial> trial, TransactionId transaction) {

  public static final long FIRST_GENERATION = 1_000_000_000L;

  /** How often GRUB boots a slot on trial. */
  public static final int TRIES = 3;

  private static final long LAST_GENERATION = 9_999_999_999L;
  static final String NO_TRIAL = "none";

  /**
   * A slot on trial.
   *
   * @param tries how many boots it has left, 0 to 3
   */
  public record Trial(String slot, int tries) {
    public Trial {
      SlotName.require(slot);
      if (tries < 0 || tries > TRIES) {
        throw new IllegalArgumentException("tries must be 0 to " + TRIES + ", not " + tries);
      }
    }
  }

  public BootEnvironment {
    SlotName.require(defaultSlot);
    if (generation < FIRST_GENERATION || generation > LAST_GENERATION) {
      throw new IllegalArgumentException("generation must have ten digits, not " + generation);
    }
  }

  /** The environment of a new disk. */
  public static BootEnvironment first(String defaultSlot, TransactionId transaction) {
    return new BootEnvironment(FIRST_GENERATION, defaultSlot, Optional.empty(), transaction);
  }

  /**
   * The environment to lay down when neither copy on the disk can be read.
   *
   * @param highestGeneration the highest that was found in what is there: the new one is above it,
   *     so that nothing left over outranks it
   */
  public static BootEnvironment rebuilt(
      String defaultSlot, TransactionId transaction, OptionalLong highestGeneration) {
    long generation =
        highestGeneration.stream()
            .filter(found -> found >= FIRST_GENERATION && found < LAST_GENERATION)
            .map(found -> found + 1)
            .findFirst()
            .orElse(FIRST_GENERATION);
    return new BootEnvironment(generation, defaultSlot, Optional.empty(), transaction);
  }

  /** The slot has proved itself: it becomes the default, and no trial is pending. */
  public BootEnvironment committed(String slot, TransactionId by) {
    return new BootEnvironment(generation + 1, slot, Optional.empty(), by);
  }

  /** The next firmware boots try this slot, at most {@value #TRIES} times. */
  public BootEnvironment trial(String slot, TransactionId by) {
    return new BootEnvironment(
        generation + 1, defaultSlot, Optional.of(new Trial(slot, TRIES)), by);
  }

  /** No trial is pending any more; the default slot stays. */
  public BootEnvironment cleared(TransactionId by) {
    return new BootEnvironment(generation + 1, defaultSlot, Optional.empty(), by);
  }

  /**
   * What this environment asked for could not be started: it is again as it was before.
   *
   * @param before the environment that this one was made from
   */
  public BootEnvironment takenBack(BootEnvironment before) {
    return new BootEnvironment(
        generation + 1, before.defaultSlot, before.trial, before.transaction);
  }

  /**
   * An ordered shutdown within a trial boot is no failure: the try that GRUB counted is given back.
   * It is still the same switch, so the transaction stays. Without a trial nothing is given back.
   */
  public BootEnvironment withTryGivenBack() {
    return new BootEnvironment(
        generation + 1,
        defaultSlot,
        trial.map(given -> new Trial(given.slot(), Math.min(TRIES, given.tries() + 1))),
        transaction);
  }

  /** The 1024 bytes to write. */
  public byte[] block() {
    Map<String, String> records = new LinkedHashMap<>();
    records.put("gen", Long.toString(generation));
    records.put("default_slot", defaultSlot);
    records.put("try", trial.map(Trial::slot).orElse(NO_TRIAL));
    // Always one digit: it is the one record that GRUB overwrites in place.
    records.put("tries", trial.map(Trial::tries).map(String::valueOf).orElse("0"));
    records.put("txn", transaction.text());
    records.put("end", Long.toString(generation));
    return EnvironmentBlock.of(records);
  }
}
