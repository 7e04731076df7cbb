package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The invariants of docs/switching.md hold whatever is cut off, wherever: hosts that are switched,
 * judged, rolled back and crashed at random, with GRUB played by its model.
 */
class RandomCrashTest {
  private static final int HOSTS = 120;
  private static final int STEPS = 40;

  @Test
  void theInvariantsHoldAfterEveryCrash() {
    long seed = System.nanoTime();
    for (int host = 0; host < HOSTS; host++) {
      run(seed + host, 0.15);
    }
  }

  @Test
  void withoutCrashesEverySwitchEndsAsItsChecksSay() {
    long seed = System.nanoTime();
    for (int host = 0; host < HOSTS; host++) {
      SimulatedHost simulated = run(seed + host, 0);
      assertThat(simulated.history().switches())
          .as("seed %d", seed + host)
          .flatExtracting(each -> each.ending().stream().toList())
          .noneMatch(
              ending ->
                  ending instanceof Event.RolledBack back
                      && (back.reason().startsWith("cut-")
                          || back.reason().equals(Reason.TRIAL_NO_SHOW)));
    }
  }

  /** It never left the old slot. */
  @Test
  void aSwitchThatCouldNotBeStartedWasNeverOnTrial() {
    long seed = System.nanoTime();
    for (int host = 0; host < HOSTS; host++) {
      assertThat(run(seed + host, 0.15).history().switches())
          .as("seed %d", seed + host)
          .filteredOn(
              each -> each.ending().filter(end -> end.equals(failedToStart(each))).isPresent())
          .noneMatch(each -> each.has(Event.TrialUp.class));
    }
  }

  private static Event failedToStart(Transaction each) {
    return new Event.Aborted(each.id(), Reason.JUMP_FAILED);
  }

  private static SimulatedHost run(long seed, double crashes) {
    SimulatedHost host = new SimulatedHost(new Random(seed), crashes, "seed " + seed);
    for (int step = 0; step < STEPS; step++) {
      host.step();
    }
    return host;
  }
}
