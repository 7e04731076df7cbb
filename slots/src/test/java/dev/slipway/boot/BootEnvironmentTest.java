package dev.slipway.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootEnvironmentTest {

  private static final TransactionId FIRST = new TransactionId("01AAAAAAAAAAAAAAAAAAAAAAAA");
  private static final TransactionId NEXT = new TransactionId("01BBBBBBBBBBBBBBBBBBBBBBBB");

  private final BootEnvironment start = BootEnvironment.first("a", FIRST);

  @Test
  void theBlockIsAsGrubsScriptExpectsIt() {
    String text = new String(start.trial("b", NEXT).block(), US_ASCII);
    assertThat(text)
        .hasSize(1024)
        .startsWith(
            """
            # GRUB Environment Block
            gen=1000000001
            default_slot=a
            try=b
            tries=3
            txn=01BBBBBBBBBBBBBBBBBBBBBBBB
            end=1000000001
            ###""");
    assertThat(new String(start.block(), US_ASCII)).contains("\ntry=none\ntries=0\n");
  }

  @Test
  void theLongestRecordsStayWithinTheFirstSector() {
    BootEnvironment longest =
        new BootEnvironment(
            9_999_999_999L,
            "a".repeat(16),
            Optional.of(new BootEnvironment.Trial("b".repeat(16), 3)),
            NEXT);
    assertThat(Arrays.copyOfRange(longest.block(), 512, 1024)).containsOnly('#');
  }

  @Test
  void grubsOwnToolReadsIt(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("env"), start.trial("b", NEXT).block());
    assertThat(Command.of("grub-editenv", file.toString(), "list").run().out().lines())
        .containsExactly(
            "gen=1000000001",
            "default_slot=a",
            "try=b",
            "tries=3",
            "txn=" + NEXT,
            "end=1000000001");
  }

  @Test
  void savingIsWhatGrubsOwnToolDoes(@TempDir Path directory) throws IOException {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    System.out.println("BootEnvironmentTest seed " + seed);
    Random random = new Random(seed);
    Path file = directory.resolve("env");
    for (int i = 0; i < 60; i++) {
      byte[] block = start.trial("b", NEXT).block();
      String name = random.nextBoolean() ? "tries" : random.nextBoolean() ? "txn" : "fresh";
      String value = "7".repeat(random.nextInt(random.nextInt(10) == 0 ? 1000 : 40));
      Files.write(file, block);
      int exit =
          Command.of("grub-editenv", file.toString(), "set", name + "=" + value)
              .runUnchecked()
              .exit();
      Optional<byte[]> ours = EnvironmentBlock.save(block, name, value);
      assertThat(ours.isPresent()).isEqualTo(exit == 0);
      ours.ifPresent(
          changed ->
              assertThat(EnvironmentBlock.load(changed))
                  .isEqualTo(EnvironmentBlock.load(read(file))));
    }
  }

  @Test
  void everyTransitionHasTheNextGenerationAndCarriesNothingOver() {
    BootEnvironment trial = start.trial("b", NEXT);
    assertThat(trial)
        .isEqualTo(
            new BootEnvironment(
                1_000_000_001L, "a", Optional.of(new BootEnvironment.Trial("b", 3)), NEXT));
    assertThat(trial.committed("b", NEXT))
        .isEqualTo(new BootEnvironment(1_000_000_002L, "b", Optional.empty(), NEXT));
    assertThat(trial.cleared(FIRST))
        .isEqualTo(new BootEnvironment(1_000_000_002L, "a", Optional.empty(), FIRST));
  }

  @Test
  void whatCouldNotBeStartedIsTakenBackToWhatItWasBefore() {
    BootEnvironment due = start.trial("b", NEXT);
    assertThat(due.trial("c", FIRST).takenBack(due))
        .isEqualTo(new BootEnvironment(1_000_000_003L, "a", due.trial(), NEXT));
  }

  @Test
  void aRebuiltOneIsAboveWhateverIsLeftOver() {
    assertThat(BootEnvironment.rebuilt("a", NEXT, OptionalLong.of(1_000_000_042L)).generation())
        .isEqualTo(1_000_000_043L);
    assertThat(BootEnvironment.rebuilt("a", NEXT, OptionalLong.empty()).generation())
        .isEqualTo(BootEnvironment.FIRST_GENERATION);
    assertThat(BootEnvironment.rebuilt("a", NEXT, OptionalLong.of(9_999_999_999L)).generation())
        .as("there is none above it")
        .isEqualTo(BootEnvironment.FIRST_GENERATION);
  }

  @Test
  void theGenerationOfADamagedCopyIsStillRead() {
    String block = new String(start.block(), US_ASCII);
    assertThat(damaged(block.replace("gen=1000000000", "gen=1000000009")).highestGeneration())
        .as("torn: the newer end of it")
        .hasValue(1_000_000_009L);
    assertThat(damaged(block.replace("end=1000000000", "end=1000000009")).highestGeneration())
        .hasValue(1_000_000_009L);
    assertThat(damaged(block.replace("default_slot=a", "default_slot=A B")))
        .matches(EnvironmentCopy.Damaged::takenByGrub, "GRUB minds no slot names")
        .extracting(EnvironmentCopy.Damaged::highestGeneration)
        .isEqualTo(OptionalLong.of(1_000_000_000L));
  }

  @Test
  void aTryIsGivenBackUpToThree() {
    BootEnvironment used =
        new BootEnvironment(
            1_000_000_005L, "a", Optional.of(new BootEnvironment.Trial("b", 1)), NEXT);
    assertThat(used.withTryGivenBack().trial()).contains(new BootEnvironment.Trial("b", 2));
    assertThat(used.withTryGivenBack().transaction()).isEqualTo(NEXT);
    assertThat(start.trial("b", NEXT).withTryGivenBack().trial())
        .contains(new BootEnvironment.Trial("b", 3));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (BootEnvironment environment :
        new BootEnvironment[] {
          start, start.trial("b", NEXT), start.trial("b", NEXT).withTryGivenBack()
        }) {
      assertThat(EnvironmentCopy.of(environment.block()))
          .isEqualTo(new EnvironmentCopy.Valid(environment));
    }
  }

  @Test
  void damageIsToldInWords() {
    assertThat(EnvironmentCopy.of(new byte[1024]))
        .isEqualTo(
            new EnvironmentCopy.Damaged(
                "it is not a GRUB environment block", false, OptionalLong.empty()));
    String block = new String(start.block(), US_ASCII);
    assertThat(damage(block.replace("gen=1000000000", "gen=1000000009"))).contains("cut off");
    assertThat(damage(block.replace("default_slot=a", "default_slot="))).contains("default slot");
    assertThat(damage(block.replace("try=none", "try="))).contains("trial");
    assertThat(damage(block.replace("1000000000", "x"))).contains("ten digits");
    assertThat(damage(block.replace("default_slot=a", "default_slot=A B"))).contains("\"A B\"");
  }

  @Test
  void triesThatGrubDoesNotKnowAreUsedUp() {
    String block = new String(start.trial("b", NEXT).block(), US_ASCII);
    for (String tries : new String[] {"0", "4", "x", "", "33"}) {
      EnvironmentCopy copy =
          EnvironmentCopy.of(block.replace("tries=3", "tries=" + tries).getBytes(US_ASCII));
      assertThat(((EnvironmentCopy.Valid) copy).environment().trial())
          .contains(new BootEnvironment.Trial("b", 0));
    }
  }

  @Test
  void whatCannotBeOneIsRefused() {
    assertThatThrownBy(() -> start.trial("none", NEXT)).isInstanceOf(OperatorError.class);
    assertThatThrownBy(() -> new TransactionId("a b")).isInstanceOf(OperatorError.class);
    assertThatThrownBy(() -> new BootEnvironment(1, "a", Optional.empty(), NEXT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void transactionIdsSortByTime() {
    Random random = new Random(1);
    TransactionId earlier = TransactionId.next(() -> Instant.ofEpochMilli(1_000), random);
    TransactionId later = TransactionId.next(() -> Instant.ofEpochMilli(1_001), random);
    assertThat(earlier.text()).hasSize(26).startsWith("00000000Z8");
    assertThat(earlier.text()).isLessThan(later.text());
    assertThat(TransactionId.next(InstantSource.system(), random).text()).startsWith("0");
  }

  @Test
  void aTransactionIdHoldsItsTimeAndAllItsBits() {
    Instant time = Instant.ofEpochMilli(1_700_000_000_000L);
    byte[] zeros = new byte[10];
    byte[] ones = new byte[10];
    Arrays.fill(ones, (byte) -1);
    byte[] last = new byte[10];
    last[9] = 1;

    assertThat(TransactionId.of(time, zeros).text()).isEqualTo("01HF7YAT00" + "0".repeat(16));
    assertThat(TransactionId.of(time, ones).text()).isEqualTo("01HF7YAT00" + "Z".repeat(16));
    assertThat(TransactionId.of(time, last).text()).endsWith("01");
  }

  private static String damage(String block) {
    return damaged(block).why();
  }

  private static EnvironmentCopy.Damaged damaged(String block) {
    return (EnvironmentCopy.Damaged) EnvironmentCopy.of(block.getBytes(US_ASCII));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
