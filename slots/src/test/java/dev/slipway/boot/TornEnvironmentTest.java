package dev.slipway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.boot.GrubModel.BootDecision;
import dev.slipway.boot.GrubModel.Copies;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every change of the boot environment, cut off in every way: each of the four sectors of the two
 * copies is as before, as after, zero or random. 8 changes x 4^4 tears = 2048 disks, each booted
 * with every set of readable slots.
 */
class TornEnvironmentTest {

  private static final long SEED = Long.getLong("slipway.seed", System.nanoTime());
  private static final List<String> SLOTS = List.of("a", "b", "c");
  private static final GrubModel MODEL = new GrubModel(SLOTS);
  private static final TransactionId T1 = new TransactionId("T1");
  private static final TransactionId T2 = new TransactionId("T2");

  /** What one sector of 512 bytes holds after the cut. */
  private enum Sector {
    OLD,
    NEW,
    ZERO,
    RANDOM
  }

  /** A change of the environment, by the agent or by GRUB's own count. */
  record Change(String name, BootEnvironment before, BootEnvironment after) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Change> changes() {
    BootEnvironment idle = BootEnvironment.first("a", T1);
    BootEnvironment trial = idle.trial("b", T2);
    return List.of(
        new Change("a trial begins", idle, trial),
        new Change("GRUB counts its first try", trial, withTries(trial, 2)),
        new Change("GRUB counts its last try", withTries(trial, 1), withTries(trial, 0)),
        new Change(
            "a try is given back", withTries(trial, 0), withTries(trial, 0).withTryGivenBack()),
        new Change("the trial is committed", withTries(trial, 2), trial.committed("b", T2)),
        new Change("the trial is cleared", withTries(trial, 2), trial.cleared(T2)),
        new Change("used up tries are cleared", withTries(trial, 0), trial.cleared(T2)),
        new Change("another slot is committed at once", idle, idle.committed("c", T2)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void everyBootAfterACutIsASafeOne(Change change) {
    System.out.println("TornEnvironmentTest seed " + SEED);
    Random random = new Random(SEED);
    int disks = 0;
    for (Sector a : Sector.values()) {
      for (Sector b : Sector.values()) {
        for (Sector c : Sector.values()) {
          for (Sector d : Sector.values()) {
            Copies copies = new Copies(copy(change, a, b, random), copy(change, c, d, random));
            boolean oneWhole = isWhole(a, b) || isWhole(c, d);
            for (Set<String> readable : subsets()) {
              for (boolean writable : new boolean[] {true, false}) {
                BootDecision decision = MODEL.decide(copies, readable, writable);
                assertSafe(change, copies, decision, readable, writable);
                if (oneWhole) {
                  assertOldOrNew(change, decision, readable, writable);
                }
              }
            }
            disks++;
          }
        }
      }
    }
    assertThat(disks).isEqualTo(256);
  }

  private static void assertSafe(
      Change change, Copies copies, BootDecision decision, Set<String> readable, boolean writable) {
    // With any readable slot left the machine ends in an operating system (I10).
    assertThat(decision.slot().isPresent()).isEqualTo(!readable.isEmpty());
    assertThat(readable).containsAll(decision.slot().stream().toList());
    assertThat(decision.mode()).isNotEqualTo(BootMode.WARMTRIAL);
    if (decision.mode() == BootMode.COLDTRIAL) {
      // Only the slot on trial, only when a count was written, and only while one was left (I5).
      assertThat(writable).isTrue();
      assertThat(decision.slot()).contains("b");
      assertThat(left(change.before()) + left(change.after())).isPositive();
      assertThat(decision.copies()).isNotEqualTo(copies);
    }
    if (decision.mode() == BootMode.COMMITTED) {
      // The default always is a slot that has proved itself (I1).
      assertThat(List.of(change.before().defaultSlot(), change.after().defaultSlot()))
          .containsAll(decision.slot().stream().toList());
    }
    // GRUB's own writes leave whatever counted before a valid copy.
    if (decision.mode() != BootMode.ENVBAD && !decision.transaction().isEmpty()) {
      assertThat(
              List.of(
                  EnvironmentCopy.of(decision.copies().first()),
                  EnvironmentCopy.of(decision.copies().second())))
          .anyMatch(EnvironmentCopy.Valid.class::isInstance);
    }
  }

  /** With one copy whole, a cut is as if it had come before or after the change (I9). */
  private static void assertOldOrNew(
      Change change, BootDecision decision, Set<String> readable, boolean writable) {
    List<Outcome> allowed =
        List.of(
            Outcome.of(MODEL.decide(both(change.before()), readable, writable)),
            Outcome.of(MODEL.decide(both(change.after()), readable, writable)),
            // A copy whose records are whole but whose padding is not takes no count; GRUB sees
            // that
            // and does not start the trial.
            Outcome.of(MODEL.decide(both(change.before()), readable, false)),
            Outcome.of(MODEL.decide(both(change.after()), readable, false)));
    assertThat(allowed).contains(Outcome.of(decision));
    assertThat(decision.mode()).isNotEqualTo(BootMode.ENVBAD);
  }

  private record Outcome(Optional<String> slot, BootMode mode, String why, String transaction) {
    static Outcome of(BootDecision decision) {
      return new Outcome(decision.slot(), decision.mode(), decision.why(), decision.transaction());
    }
  }

  private static Copies both(BootEnvironment environment) {
    return new Copies(environment.block(), environment.block());
  }

  private static boolean isWhole(Sector first, Sector second) {
    return first == second && (first == Sector.OLD || first == Sector.NEW);
  }

  private static byte[] copy(Change change, Sector first, Sector second, Random random) {
    byte[] copy = new byte[1024];
    fill(copy, 0, first, change, random);
    fill(copy, 512, second, change, random);
    return copy;
  }

  private static void fill(byte[] copy, int at, Sector sector, Change change, Random random) {
    byte[] content =
        switch (sector) {
          case OLD -> Arrays.copyOfRange(change.before().block(), at, at + 512);
          case NEW -> Arrays.copyOfRange(change.after().block(), at, at + 512);
          case ZERO -> new byte[512];
          case RANDOM -> {
            byte[] noise = new byte[512];
            random.nextBytes(noise);
            yield noise;
          }
        };
    System.arraycopy(content, 0, copy, at, 512);
  }

  private static List<Set<String>> subsets() {
    return List.of(
        Set.of(),
        Set.of("a"),
        Set.of("b"),
        Set.of("c"),
        Set.of("a", "b"),
        Set.of("a", "c"),
        Set.of("b", "c"),
        Set.of("a", "b", "c"));
  }

  private static int left(BootEnvironment environment) {
    return environment.trial().map(BootEnvironment.Trial::tries).orElse(0);
  }

  private static BootEnvironment withTries(BootEnvironment trial, int tries) {
    return new BootEnvironment(
        trial.generation(),
        trial.defaultSlot(),
        Optional.of(new BootEnvironment.Trial("b", tries)),
        trial.transaction());
  }
}
