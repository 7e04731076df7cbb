package dev.slipway.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.boot.GrubModel.BootDecision;
import dev.slipway.boot.GrubModel.Copies;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The cases that were tried with the real GRUB (GrubAgreesWithModelTest does so again), with what
 * it did: slot a is the default, slot b on trial.
 */
class GrubModelTest {

  private static final TransactionId OLD = new TransactionId("OLD");
  private static final TransactionId NEW = new TransactionId("NEW");
  private static final BootEnvironment IDLE = BootEnvironment.first("a", OLD);
  private static final byte[] NOTHING = new byte[0];
  private static final Set<String> BOTH = Set.of("a", "b");

  private final GrubModel model = new GrubModel(List.of("a", "b"));

  @Test
  void withoutATrialTheDefaultBoots() {
    assertBoots(decide(IDLE.block(), IDLE.block()), "a", BootMode.COMMITTED, "", "OLD");
    assertUnchanged(IDLE.block(), IDLE.block());
  }

  @Test
  void aTrialIsCountedDownInBothCopies() {
    for (int tries = 3; tries >= 1; tries--) {
      BootDecision decision = decide(trial(tries), trial(tries));
      assertBoots(decision, "b", BootMode.COLDTRIAL, "", "NEW");
      assertThat(decision.copies()).isEqualTo(new Copies(trial(tries - 1), trial(tries - 1)));
    }
  }

  @Test
  void triesThatAreUsedUpRollBack() {
    assertBoots(decide(trial(0), trial(0)), "a", BootMode.ROLLEDBACK, "triesout", "NEW");
    assertUnchanged(trial(0), trial(0));
  }

  @Test
  void ofOneGenerationTheCopyWithFewerTriesCounts() {
    BootDecision decision = decide(trial(3), trial(1));
    assertBoots(decision, "b", BootMode.COLDTRIAL, "", "NEW");
    assertThat(decision.copies()).isEqualTo(new Copies(trial(0), trial(0)));
  }

  @Test
  void aCopyThatIsNotValidIsPassedOverAndLeftAlone() {
    for (byte[] bad : new byte[][] {NOTHING, new byte[1024], noise(), torn(), full('\n')}) {
      BootDecision decision = decide(bad, trial(3));
      assertBoots(decision, "b", BootMode.COLDTRIAL, "", "NEW");
      assertThat(decision.copies()).isEqualTo(new Copies(bad, trial(2)));
      assertBoots(decide(bad, IDLE.block()), "a", BootMode.COMMITTED, "", "OLD");
      assertBoots(decide(IDLE.block(), bad), "a", BootMode.COMMITTED, "", "OLD");
    }
  }

  @Test
  void theNewerCopyCountsAndOnlyItIsCountedDown() {
    BootDecision decision = decide(IDLE.block(), trial(3));
    assertBoots(decision, "b", BootMode.COLDTRIAL, "", "NEW");
    assertThat(decision.copies()).isEqualTo(new Copies(IDLE.block(), trial(2)));
  }

  @Test
  void aCommitThatReachedOneCopyCounts() {
    byte[] committed = IDLE.trial("b", NEW).committed("b", NEW).block();
    assertBoots(decide(committed, trial(2)), "b", BootMode.COMMITTED, "", "NEW");
    assertBoots(decide(trial(2), committed), "b", BootMode.COMMITTED, "", "NEW");
  }

  @Test
  void aShortButValidCopyIsCountedDown() {
    byte[] half = Arrays.copyOf(trial(3), 512);
    BootDecision decision = decide(half, NOTHING);
    assertBoots(decision, "b", BootMode.COLDTRIAL, "", "NEW");
    assertThat(decision.copies()).isEqualTo(new Copies(Arrays.copyOf(trial(2), 512), NOTHING));
  }

  @Test
  void withoutAnyCopyTheFirstReadableSlotBoots() {
    assertBoots(decide(NOTHING, noise()), "a", BootMode.ENVBAD, "", "");
    BootDecision onlyB = model.decide(new Copies(NOTHING, NOTHING), Set.of("b"), true);
    assertBoots(onlyB, "b", BootMode.ENVBAD, "", "");
    BootDecision none = model.decide(new Copies(NOTHING, NOTHING), Set.of(), true);
    assertThat(none.slot()).isEmpty();
  }

  @Test
  void aTrialSlotThatCannotBeReadRollsBackInTheSameBoot() {
    BootDecision decision = model.decide(new Copies(trial(3), trial(3)), Set.of("a"), true);
    assertBoots(decision, "a", BootMode.ROLLEDBACK, "nokernel", "NEW");
    assertThat(decision.copies()).isEqualTo(new Copies(trial(2), trial(2)));
  }

  @Test
  void anUnknownDefaultEndsWithTheFirstReadableSlot() {
    byte[] unknown =
        new String(IDLE.block(), US_ASCII)
            .replace("default_slot=a", "default_slot=Z")
            .getBytes(US_ASCII);
    assertBoots(decide(unknown, unknown), "a", BootMode.ROLLEDBACK, "lastresort", "OLD");
  }

  @Test
  void withoutAnyReadableSlotNothingBoots() {
    BootDecision decision = model.decide(new Copies(trial(3), trial(3)), Set.of(), true);
    assertThat(decision.slot()).isEmpty();
    assertThat(decision.copies()).isEqualTo(new Copies(trial(2), trial(2)));
  }

  @Test
  void whenTheCountCannotBeWrittenTheTrialDoesNotStart() {
    BootDecision decision = model.decide(new Copies(trial(3), trial(3)), BOTH, false);
    assertBoots(decision, "a", BootMode.SAVEERR, "", "NEW");
    assertThat(decision.copies()).isEqualTo(new Copies(trial(3), trial(3)));
  }

  @Test
  void aCopyThatCannotHoldTheCountDoesNotStartTheTrial() {
    byte[] zeroTail = trial(3);
    Arrays.fill(zeroTail, 512, 1024, (byte) 0);
    assertBoots(decide(zeroTail, NOTHING), "a", BootMode.SAVEERR, "", "NEW");
  }

  @Test
  void aTrialBootsThreeTimesAndThenNoMore() {
    Copies copies = new Copies(trial(3), trial(3));
    for (int boot = 1; boot <= 3; boot++) {
      BootDecision decision = model.decide(copies, BOTH, true);
      assertBoots(decision, "b", BootMode.COLDTRIAL, "", "NEW");
      copies = decision.copies();
    }
    assertBoots(model.decide(copies, BOTH, true), "a", BootMode.ROLLEDBACK, "triesout", "NEW");
  }

  @Test
  void emptyRecordsMakeACopyInvalid() {
    String block = new String(trial(3), US_ASCII);
    for (String record : new String[] {"try=b", "default_slot=a", "end=1000000001"}) {
      String name = record.substring(0, record.indexOf('=') + 1);
      byte[] empty = block.replace(record, name).getBytes(US_ASCII);
      assertBoots(decide(empty, IDLE.block()), "a", BootMode.COMMITTED, "", "OLD");
    }
  }

  private BootDecision decide(byte[] first, byte[] second) {
    return model.decide(new Copies(first, second), BOTH, true);
  }

  private static void assertBoots(
      BootDecision decision, String slot, BootMode mode, String why, String transaction) {
    assertThat(decision.slot()).isEqualTo(Optional.of(slot));
    assertThat(decision.mode()).isEqualTo(mode);
    assertThat(decision.why()).isEqualTo(why);
    assertThat(decision.transaction()).isEqualTo(transaction);
  }

  private void assertUnchanged(byte[] first, byte[] second) {
    assertThat(decide(first, second).copies()).isEqualTo(new Copies(first, second));
  }

  private static byte[] trial(int tries) {
    return new BootEnvironment(
            IDLE.generation() + 1, "a", Optional.of(new BootEnvironment.Trial("b", tries)), NEW)
        .block();
  }

  private static byte[] torn() {
    return new String(IDLE.block(), US_ASCII)
        .replace("gen=1000000000", "gen=1000000009")
        .getBytes(US_ASCII);
  }

  private static byte[] noise() {
    byte[] noise = new byte[1024];
    new Random(7).nextBytes(noise);
    return noise;
  }

  private static byte[] full(char filling) {
    byte[] bytes = new byte[1024];
    Arrays.fill(bytes, (byte) filling);
    return bytes;
  }
}
