package dev.slipway.controller.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long MIB = 1 << 20;
  private static final long SECOND = 1_000_000_000;

  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);

  private static Step startedAtZero(String name, OptionalLong total) {
    return new Step(name, total, () -> {}, 0);
  }

  @Test
  void aLogHasALineForTheStartAndTheEndOfEachStepAndTheTimeOfAll() {
    try (Progress progress = new Progress(new PlainLines(out), () -> {})) {
      String result = progress.run("slot1: make xfs", () -> "made");
      assertThat(result).isEqualTo("made");
      progress.run("slot1: nothing", () -> {});
    }
    assertThat(text.toString().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("slot1: make xfs ..."),
            line -> assertThat(line).matches("slot1: make xfs: [0-9]+[.][0-9] s"),
            line -> assertThat(line).isEqualTo("slot1: nothing ..."),
            line -> assertThat(line).matches("slot1: nothing: [0-9]+[.][0-9] s"),
            line -> assertThat(line).isEqualTo("Time of each step:"),
            line -> assertThat(line).matches(" +[0-9]+[.][0-9] s  slot1: make xfs.*"),
            line -> assertThat(line).matches(" +[0-9]+[.][0-9] s  slot1: nothing.*"),
            line -> assertThat(line).matches("In all: [0-9]+[.][0-9] s"));
  }

  private static final List<FinishedStep> STEPS =
      List.of(
          new FinishedStep("open", Duration.ofMillis(80), 0),
          new FinishedStep("slot1: unpack", Duration.ofMillis(101_300), 310),
          new FinishedStep("slot1: read back", Duration.ofMillis(9_000), 0));

  @Test
  void atTheEndPeopleSeeWhereTheTimeWent() {
    String table =
        """
        Time of each step:
               0.1 s  open
             101.3 s  slot1: unpack  <- the longest
               9.0 s  slot1: read back
        In all: 110.5 s
        """;
    new PlainLines(out).ended(STEPS, Duration.ofMillis(110_500));
    assertThat(text.toString()).isEqualTo(table);

    text.getBuffer().setLength(0);
    new StatusLine(out).ended(STEPS, Duration.ofMillis(110_500));
    assertThat(text.toString()).startsWith("\r").endsWith(table);
  }

  @Test
  void atTheEndProgramsSeeWhereTheTimeWent() {
    new JsonLines(out).ended(STEPS, Duration.ofMillis(110_500));

    List<JsonObject> steps = Json.readObject(text.toString()).objects("steps");
    assertThat(steps)
        .extracting(step -> step.string("step") + " " + step.integer("milliseconds"))
        .containsExactly("open 80", "slot1: unpack 101300", "slot1: read back 9000");
    assertThat(steps.get(1).integer("bytes")).isEqualTo(310);
    assertThat(steps.get(0).has("bytes")).isFalse();
  }

  @Test
  void aStepWhoseBytesAreCountedEndsWhenItShallNotGoOn() {
    AtomicBoolean stopped = new AtomicBoolean();
    Runnable mayGoOn =
        () -> {
          if (stopped.get()) {
            throw new IllegalStateException("stopped");
          }
        };
    try (Progress progress = new Progress(new PlainLines(out), mayGoOn)) {
      assertThatThrownBy(
              () ->
                  progress.runCounted(
                      "pack",
                      OptionalLong.empty(),
                      step -> {
                        step.accept(MIB);
                        stopped.set(true);
                        step.accept(MIB);
                      }))
          .hasMessage("stopped");
    }
  }

  @Test
  void aStepThatFailsIsNotToldAsFinished() {
    try (Progress progress = new Progress(new PlainLines(out), () -> {})) {
      assertThatThrownBy(
              () ->
                  progress.run(
                      "slot1: unpack",
                      () -> {
                        throw new IllegalStateException("broken");
                      }))
          .hasMessage("broken");
    }
    assertThat(text.toString()).contains("slot1: unpack ...").doesNotContain("unpack:");
  }

  @Test
  void noStepBeginsWhenTheWorkShallStop() {
    try (Progress progress =
        new Progress(
            new PlainLines(out),
            () -> {
              throw new IllegalStateException("stopped");
            })) {
      assertThatThrownBy(() -> progress.run("slot1: unpack", () -> {})).hasMessage("stopped");
    }
    assertThat(text.toString()).doesNotContain("unpack");
  }

  @Test
  void whatAProgramSaysStandsOnALineOfItsOwnInEveryForm() {
    new PlainLines(out).said("Step 1/2 : FROM \"os\"");
    new JsonLines(out).said("Step 1/2 : FROM \"os\"");
    StatusLine terminal = new StatusLine(out);
    terminal.ticked(List.of(startedAtZero("slot1: open", OptionalLong.empty())), SECOND);
    terminal.said("Step 1/2 : FROM \"os\"");
    assertThat(text.toString().stripTrailing().split("\n", -1))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("  Step 1/2 : FROM \"os\""),
            line ->
                assertThat(Json.readObject(line).string("line"))
                    .isEqualTo("Step 1/2 : FROM \"os\""),
            line ->
                assertThat(line)
                    .contains("slot1: open")
                    .endsWith("\u001b[K  Step 1/2 : FROM \"os\""));
  }

  @Test
  void sizesRatesAndTimeLeftAreThoseOfTheStep() {
    Step step = startedAtZero("slot1: unpack", OptionalLong.of(300 * MIB));
    assertThat(step.rate(SECOND)).as("nothing done yet").isEmpty();
    step.accept(60 * MIB);
    step.accept(40 * MIB);
    assertThat(step.rate(SECOND / 2)).as("too early to tell").isEmpty();
    assertThat(step.rate(2 * SECOND)).hasValue(50 * MIB);
    assertThat(step.secondsLeft(2 * SECOND)).hasValue(4);

    new StatusLine(out).ticked(List.of(step), 2 * SECOND);
    assertThat(text.toString())
        .contains("slot1: unpack 100.0 MiB of 300.0 MiB, 50.0 MiB/s, 4 s left");
  }

  @Test
  void aStepThatHasMoreThanWasThoughtTellsNoTotal() {
    Step step = startedAtZero("slot1: unpack", OptionalLong.of(100));
    step.accept(300);
    new StatusLine(out).ticked(List.of(step), 3 * SECOND);
    assertThat(text.toString()).contains("slot1: unpack 300 bytes, 100 bytes/s, 0 s left");
  }

  @Test
  void aTerminalHasOneLineForAllThatIsAtWork() {
    StatusLine view = new StatusLine(out);
    Step one = startedAtZero("slot1: unpack", OptionalLong.empty());
    Step other = startedAtZero("slot2: make ext4", OptionalLong.empty());
    view.ticked(List.of(one, other), 65 * SECOND);
    assertThat(text.toString())
        .startsWith("\r")
        .contains("slot1: unpack 1 min 5 s  |  slot2: make ext4 1 min 5 s")
        .doesNotContain("\n");
    view.finished(new FinishedStep("slot2: make ext4", Duration.ofMillis(65_200), 0));
    assertThat(text.toString()).endsWith("slot2: make ext4: 65.2 s\n");
  }

  @Test
  void aProgramGetsAnObjectALine() {
    JsonLines view = new JsonLines(out);
    Step step = startedAtZero("slot1: unpack", OptionalLong.of(300));
    view.began(step);
    step.accept(100);
    for (int tick = 0; tick < 4; tick++) {
      view.ticked(List.of(step), SECOND);
    }
    view.finished(new FinishedStep("slot1: unpack", Duration.ofMillis(1200), 310));
    view.ended(List.of(), Duration.ofMillis(1300));

    List<JsonObject> lines = text.toString().lines().map(Json::readObject).toList();
    assertThat(lines)
        .extracting(line -> line.string("event"))
        .containsExactly("began", "moved", "finished", "ended");
    assertThat(lines.get(1).integer("bytes")).isEqualTo(100);
    assertThat(lines.get(1).integer("totalBytes")).isEqualTo(300);
    assertThat(lines.get(2).integer("milliseconds")).isEqualTo(1200);
    assertThat(lines.get(2).string("step")).isEqualTo("slot1: unpack");
    assertThat(lines.get(3).integer("milliseconds")).isEqualTo(1300);
  }

  @Test
  void runningStepsAreToldOfWhileTheyRun() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    StringWriter watched =
        new StringWriter() {
          @Override
          public void write(String line, int from, int length) {
            super.write(line, from, length);
            if (line.contains("2.0 KiB")) {
              told.countDown();
            }
          }
        };
    try (Progress progress = new Progress(new StatusLine(new PrintWriter(watched)), () -> {})) {
      progress.run(
          "slot1: unpack",
          OptionalLong.empty(),
          step -> {
            step.accept(2048);
            return await(told);
          });
    }
    assertThat(told.getCount()).isZero();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
