package dev.slipway.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An executable model of the GRUB script: what a firmware boot does with the two copies of the boot
 * environment as they lie on the disk. Pure; tests hold it against the real GRUB. The rules R1 to
 * R8 are the script's.
 */
public final class GrubModel {

  /**
   * What a boot comes to.
   *
   * @param slot the slot that is booted; empty: none can be read, the machine waits and reboots
   * @param why {@code slipway.why=}, may be empty text
   * @param transaction {@code slipway.txn=}, may be empty text
   * @param copies the two copies after GRUB's own writes
   */
  public record BootDecision(
      Optional<String> slot, BootMode mode, String why, String transaction, Copies copies) {}

  private final List<String> slots;

  /**
   * The model of a disk's script.
   *
   * @param slots the order that the script was rendered with
   */
  public GrubModel(List<String> slots) {
    this.slots = List.copyOf(slots);
  }

  /**
   * Decides a boot.
   *
   * @param copies the copies as they lie on the disk
   * @param readable slots whose kernel and initrd GRUB can load. Not said here is what a slot does
   *     that has both, but an initrd that cannot be read to its end: the machine starts anew, which
   *     costs a trial one of its tries
   * @param writable whether GRUB's writes reach the disk
   */
  public BootDecision decide(Copies copies, Set<String> readable, boolean writable) {
    Optional<Chosen> choice = choose(copies);
    if (choice.isEmpty()) {
      Attempt envbad = new Attempt(BootMode.ENVBAD, "", "", copies);
      return firstReadable(readable)
          .map(envbad::boots)
          .orElseGet(() -> envbad.givenUp(BootMode.ROLLEDBACK, "lastresort").bootsNothing());
    }
    Chosen chosen = choice.get();
    Attempt attempt = attempt(chosen, copies, writable);
    if (attempt.mode() == BootMode.COLDTRIAL) {
      if (isReadable(chosen.trial(), readable)) {
        return attempt.boots(chosen.trial());
      }
      attempt = attempt.givenUp(BootMode.ROLLEDBACK, "nokernel");
    }
    if (isReadable(chosen.defaultSlot(), readable)) {
      return attempt.boots(chosen.defaultSlot());
    }
    Attempt lastResort = attempt.givenUp(BootMode.ROLLEDBACK, "lastresort");
    return firstReadable(readable).map(lastResort::boots).orElseGet(lastResort::bootsNothing);
  }

  /** R2: the higher generation, compared as text; of one generation, the fewer tries. */
  private static Optional<Chosen> choose(Copies copies) {
    Optional<Map<String, String>> first = valid(copies.first());
    Optional<Map<String, String>> second = valid(copies.second());
    if (first.isEmpty()) {
      return second.map(records -> new Chosen(2, false, records));
    }
    if (second.isEmpty()) {
      return Optional.of(new Chosen(1, false, first.get()));
    }
    int newer = first.get().get("gen").compareTo(second.get().get("gen"));
    boolean same = newer == 0;
    boolean secondIsBetter =
        newer < 0 || (same && tries(second.get()).compareTo(tries(first.get())) < 0);
    return Optional.of(
        secondIsBetter ? new Chosen(2, same, second.get()) : new Chosen(1, same, first.get()));
  }

  /** R1. */
  private static Optional<Map<String, String>> valid(byte[] copy) {
    return EnvironmentBlock.load(copy)
        .filter(records -> EnvironmentCopy.defectForGrub(records).isEmpty());
  }

  /** R3 to R5. */
  private static Attempt attempt(Chosen chosen, Copies copies, boolean writable) {
    String transaction = chosen.records().getOrDefault("txn", "");
    if (chosen.trial().equals("none")) {
      return new Attempt(BootMode.COMMITTED, "", transaction, copies);
    }
    Optional<String> left = oneLess(tries(chosen.records()));
    if (left.isEmpty()) {
      return new Attempt(BootMode.ROLLEDBACK, "triesout", transaction, copies);
    }
    Copies counted = writable ? copies.saving(chosen.copy(), left.get()) : copies;
    boolean readsBack =
        valid(counted.get(chosen.copy()))
            .filter(records -> records.get("gen").equals(chosen.records().get("gen")))
            .filter(records -> tries(records).equals(left.get()))
            .isPresent();
    if (!readsBack) {
      return new Attempt(BootMode.SAVEERR, "", transaction, counted);
    }
    Copies both = chosen.same() ? counted.saving(3 - chosen.copy(), left.get()) : counted;
    return new Attempt(BootMode.COLDTRIAL, "", transaction, both);
  }

  private static Optional<String> oneLess(String tries) {
    return switch (tries) {
      case "3" -> Optional.of("2");
      case "2" -> Optional.of("1");
      case "1" -> Optional.of("0");
      default -> Optional.empty();
    };
  }

  private static String tries(Map<String, String> records) {
    return records.getOrDefault("tries", "");
  }

  /** A slot that the script was not rendered for has no partition. */
  private boolean isReadable(String slot, Set<String> readable) {
    return slots.contains(slot) && readable.contains(slot);
  }

  private Optional<String> firstReadable(Set<String> readable) {
    return slots.stream().filter(readable::contains).findFirst();
  }

  /**
   * The copy that counts.
   *
   * @param copy 1 or 2
   * @param same whether the other copy is valid and of the same generation
   */
  private record Chosen(int copy, boolean same, Map<String, String> records) {
    String defaultSlot() {
      return records.get("default_slot");
    }

    String trial() {
      return records.get("try");
    }
  }

  /** A boot whose slot is still to be found readable. */
  private record Attempt(BootMode mode, String why, String transaction, Copies copies) {
    Attempt givenUp(BootMode nextMode, String reason) {
      return new Attempt(nextMode, reason, transaction, copies);
    }

    BootDecision boots(String slot) {
      return new BootDecision(Optional.of(slot), mode, why, transaction, copies);
    }

    BootDecision bootsNothing() {
      return new BootDecision(Optional.empty(), mode, why, transaction, copies);
    }
  }

  /** The bytes of both copies as they lie on the disk; a missing or empty file is no bytes. */
  public static final class Copies {
    private final byte[] first;
    private final byte[] second;

    public Copies(byte[] first, byte[] second) {
      this.first = first.clone();
      this.second = second.clone();
    }

    public byte[] first() {
      return first.clone();
    }

    public byte[] second() {
      return second.clone();
    }

    private byte[] get(int copy) {
      return copy == 1 ? first : second;
    }

    /** After {@code save_env} of the tries into one copy; as before when that fails. */
    private Copies saving(int copy, String tries) {
      byte[] saved = EnvironmentBlock.save(get(copy), "tries", tries).orElse(get(copy));
      return copy == 1 ? new Copies(saved, second) : new Copies(first, saved);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Copies copies
          && Arrays.equals(first, copies.first)
          && Arrays.equals(second, copies.second);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(first) + Arrays.hashCode(second);
    }
  }
}
