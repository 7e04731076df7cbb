package dev.slipway.agent.switching;

import static dev.slipway.agent.switching.Scene.BEFORE;
import static dev.slipway.agent.switching.Scene.COMMITTED;
import static dev.slipway.agent.switching.Scene.ON_TRIAL;
import static dev.slipway.agent.switching.Scene.due;
import static dev.slipway.agent.switching.Scene.judged;
import static dev.slipway.agent.switching.Scene.jumped;
import static dev.slipway.agent.switching.Scene.ordered;
import static dev.slipway.agent.switching.Scene.orderedCold;
import static dev.slipway.agent.switching.Scene.second;
import static dev.slipway.agent.switching.Scene.torn;
import static dev.slipway.agent.switching.Scene.triesLeft;
import static dev.slipway.agent.switching.Scene.up;
import static dev.slipway.agent.switching.Scene.whole;
import static dev.slipway.boot.BootMode.COLDTRIAL;
import static dev.slipway.boot.BootMode.ENVBAD;
import static dev.slipway.boot.BootMode.ROLLEDBACK;
import static dev.slipway.boot.BootMode.SAVEERR;
import static dev.slipway.boot.BootMode.WARMTRIAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Purpose;
import dev.slipway.agent.switching.Event.Stage;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.EnvironmentCopy;
import dev.slipway.boot.TransactionId;
import dev.slipway.release.Proof;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every crash point of docs/switching.md is told apart, and ends with its reason and its repair.
 */
class CrashPointTest {

  private static Event started() {
    return new Event.StagingStarted("01FLASH", "slot-b", "rootfs:x", "boot-1");
  }

  static Stream<Arguments> crashPoints() {
    Event warmPass = judged(Stage.WARM, "", "boot-w");
    Event warmFail = judged(Stage.WARM, "health:disk", "boot-w");
    Event coldPass = judged(Stage.COLD, "", "boot-c");
    Event coldFail = judged(Stage.COLD, "health:disk", "boot-c");
    Event warmUp = up(WARMTRIAL, "boot-w");
    return Stream.of(
        crash(
            "C1 slot half written", new Scene().journal(started()), State.COMMITTED, "staging-cut"),
        crash(
            "C2 not read back",
            new Scene().journal(started(), new Event.StagingWritten("01FLASH", "slot-b")),
            State.COMMITTED,
            "unverified"),
        crash(
            "C3 staged",
            new Scene().journal(started(), new Event.Staged("01FLASH", "slot-b", "sha256:0")),
            State.COMMITTED),
        crash("C4 armed, not jumped", ordered(), State.COMMITTED, "cut-before-jump"),
        crash(
            "C4 the agent died, the boot goes on",
            ordered().sameBoot(),
            State.COMMITTED,
            "interrupted"),
        crash(
            "C5 old system hangs in its shutdown",
            ordered().journal(new Event.Jumping(Scene.T, true)),
            State.COMMITTED,
            "shutdown-hang"),
        crash(
            "C6 hang after the jump",
            ordered().journal(jumped()),
            State.COMMITTED,
            "trial-no-show"),
        crash(
            "C6 with the shutdown seen",
            ordered().journal(new Event.Jumping(Scene.T, true), new Event.Farewell(Scene.T)),
            State.COMMITTED,
            "trial-no-show"),
        crash(
            "C7 panic after the jump",
            ordered().journal(jumped()).panicRecorded(),
            State.COMMITTED,
            "trial-panic"),
        crash(
            "C7 panic in the trial",
            ordered().journal(jumped(), warmUp).panicRecorded(),
            State.COMMITTED,
            "trial-panic"),
        crash(
            "C8 the initrd finds no root",
            ordered().journal(jumped()).lastWords(Scene.T, "trial-no-root"),
            State.COMMITTED,
            "trial-no-root"),
        crash(
            "C8 the last words are another switch's",
            ordered().journal(jumped()).lastWords("01OLDER", "trial-no-root"),
            State.COMMITTED,
            "trial-no-show"),
        crash(
            "C9 the deadline ends a trial whose agent hangs",
            ordered().journal(jumped(), warmUp).lastWords(Scene.T, "trial-deadline"),
            State.COMMITTED,
            "trial-deadline"),
        crash(
            "C9 cut in the warm trial",
            ordered().journal(jumped(), warmUp),
            State.COMMITTED,
            "cut-in-warm-trial"),
        crash(
            "C10 checks failed",
            ordered().journal(jumped(), warmUp, warmFail),
            State.COMMITTED,
            "health:disk"),
        crash(
            "C10 checks failed, not rebooted yet",
            ordered().journal(jumped(), warmUp, warmFail).runs("slot-b", WARMTRIAL, ""),
            State.LEAVING),
        crash(
            "C11 first copy of the first commit torn",
            ordered().journal(jumped(), warmUp, warmPass).copies(whole(BEFORE), torn()),
            State.COMMITTED,
            "cut-in-commit1"),
        crash(
            "C12 between the copies of the first commit",
            ordered()
                .journal(jumped(), warmUp, warmPass)
                .copies(whole(BEFORE), whole(triesLeft(2)))
                .runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL),
        crash(
            "C13 journal behind",
            ordered()
                .journal(jumped(), warmUp, warmPass)
                .environment(triesLeft(2))
                .runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL),
        crash(
            "C14 cold boot out of the warm trial",
            ordered()
                .journal(jumped(), warmUp, warmPass, due())
                .environment(triesLeft(2))
                .runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL),
        crash(
            "C15 GRUB's own write lost on one copy",
            ordered()
                .journal(jumped(), warmUp, warmPass, due())
                .copies(whole(triesLeft(2)), whole(triesLeft(3)))
                .runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL,
            "grub-write-lost"),
        crash(
            "C16 GRUB cannot write",
            ordered()
                .journal(jumped(), warmUp, warmPass, due())
                .environment(ON_TRIAL)
                .runs("slot-a", SAVEERR, ""),
            State.COMMITTED,
            "grub-save-failed"),
        crash(
            "C17 kernel unreadable for GRUB",
            ordered()
                .journal(jumped(), warmUp, warmPass, due())
                .environment(triesLeft(2))
                .runs("slot-a", ROLLEDBACK, "nokernel"),
            State.COMMITTED,
            "cold-kernel-unreadable"),
        crash(
            "C18 three cold boots died",
            ordered()
                .journal(jumped(), warmUp, warmPass, due())
                .environment(triesLeft(0))
                .runs("slot-a", ROLLEDBACK, "triesout"),
            State.COMMITTED,
            "cold-tries-exhausted"),
        crash(
            "C19 cold checks failed",
            ordered()
                .journal(jumped(), warmUp, warmPass, due(), up(COLDTRIAL, "boot-c"), coldFail)
                .environment(triesLeft(2).cleared(Scene.SWITCH)),
            State.COMMITTED,
            "cold-health:disk"),
        crash(
            "C20 first copy of the final commit torn",
            ordered()
                .journal(jumped(), warmUp, warmPass, due(), up(COLDTRIAL, "boot-c"), coldPass)
                .copies(torn(), whole(triesLeft(1)))
                .runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL,
            "cut-in-commit2"),
        crash(
            "C21 between the copies of the final commit",
            ordered()
                .journal(jumped(), warmUp, warmPass, due(), up(COLDTRIAL, "boot-c"), coldPass)
                .copies(whole(COMMITTED), whole(triesLeft(2)))
                .runs("slot-b", BootMode.COMMITTED, ""),
            State.COMMITTED),
        crash(
            "C22 both copies lost",
            new Scene().copies(torn(), torn()).runs("slot-a", ENVBAD, ""),
            State.COMMITTED,
            "env-lost"),
        crash(
            "C22 both copies lost with a trial due",
            ordered()
                .journal(jumped(), warmUp, warmPass, due())
                .copies(torn(), torn())
                .runs("slot-a", ENVBAD, ""),
            State.COMMITTED,
            "env-lost",
            "env-lost"),
        crash(
            "cold switch cut before its environment",
            orderedCold(),
            State.COMMITTED,
            "cut-before-jump"),
        crash(
            "cold switch up",
            orderedCold().journal(due()).environment(triesLeft(2)).runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL));
  }

  /** A second switch, out of the trial of the first. */
  static Stream<Arguments> crashPointsOfLeaving() {
    Event warmUp = up(WARMTRIAL, "boot-w");
    Event warmPass = judged(Stage.WARM, "", "boot-w");
    Event secondJumps = new Event.Jumping(Scene.SECOND, false);
    return Stream.of(
        crash(
            "an unjudged trial is left, the jump hangs",
            ordered()
                .journal(jumped(), warmUp, second(Purpose.TRIAL, Way.WARM, "slot-c", "boot-w"))
                .journal(secondJumps),
            State.COMMITTED,
            "operator",
            "trial-no-show"),
        crash(
            "a proven trial is left, the jump hangs: its cold trial is due as before",
            warmGood()
                .journal(second(Purpose.TRIAL, Way.WARM, "slot-c", "boot-w"), secondJumps)
                .environment(triesLeft(2))
                .runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL,
            "trial-no-show"),
        crash(
            "a proven trial is left, the power goes before the jump",
            warmGood()
                .journal(second(Purpose.TRIAL, Way.WARM, "slot-c", "boot-w"))
                .environment(triesLeft(2))
                .runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL,
            "cut-before-jump"),
        crash(
            "a proven trial is left, the agent dies before the jump",
            warmGood()
                .journal(second(Purpose.TRIAL, Way.WARM, "slot-c", "boot-w"))
                .environment(ON_TRIAL)
                .runs("slot-b", WARMTRIAL, "")
                .boot("boot-w"),
            State.WARM_GOOD,
            "interrupted"),
        crash(
            "a proven trial is left cold, the agent dies before the reboot",
            warmGood()
                .journal(second(Purpose.TRIAL, Way.COLD, "slot-c", "boot-w"))
                .environment(ON_TRIAL.trial("slot-c", new TransactionId(Scene.SECOND)))
                .runs("slot-b", WARMTRIAL, "")
                .boot("boot-w"),
            State.WARM_GOOD,
            "interrupted"),
        crash(
            "a cold trial is left cold, the agent dies before the reboot",
            warmGood()
                .journal(up(COLDTRIAL, "boot-c"))
                .journal(second(Purpose.TRIAL, Way.COLD, "slot-c", "boot-c"))
                .environment(triesLeft(2).trial("slot-c", new TransactionId(Scene.SECOND)))
                .runs("slot-b", COLDTRIAL, "")
                .boot("boot-c"),
            State.COLD_TRIAL,
            "interrupted"),
        crash(
            "the second one passes, the power goes before the first is ended",
            warmGood()
                .journal(second(Purpose.TRIAL, Way.WARM, "slot-c", "boot-w"), secondJumps)
                .journal(
                    new Event.TrialUp(Scene.SECOND, "slot-c", "warmtrial", "boot-d"),
                    new Event.Judged(Scene.SECOND, Stage.WARM, true, "", List.of(), "boot-d"))
                .environment(ON_TRIAL.trial("slot-c", new TransactionId(Scene.SECOND)))
                .runs("slot-c", COLDTRIAL, ""),
            State.COLD_TRIAL,
            "operator"),
        crash(
            "rolled back, the power goes before the default is written",
            warmGood()
                .journal(second(Purpose.RETURN, Way.WARM, "slot-a", "boot-w"))
                .environment(triesLeft(2))
                .runs("slot-b", COLDTRIAL, ""),
            State.COLD_TRIAL,
            "cut-before-jump"),
        crash(
            "rolled back, the power goes after the default is written",
            warmGood()
                .journal(second(Purpose.RETURN, Way.WARM, "slot-a", "boot-w"))
                .environment(ON_TRIAL.committed("slot-a", new TransactionId(Scene.SECOND))),
            State.COMMITTED,
            "operator",
            "operator"),
        crash(
            "rolled back, the agent dies before the default is written",
            ordered()
                .journal(jumped(), warmUp, second(Purpose.RETURN, Way.WARM, "slot-a", "boot-w"))
                .runs("slot-b", WARMTRIAL, "")
                .boot("boot-w"),
            State.WARM_TRIAL,
            "interrupted"),
        crash(
            "rolled back, the agent dies after the default is written",
            warmGood()
                .journal(second(Purpose.RETURN, Way.WARM, "slot-a", "boot-w"))
                .environment(ON_TRIAL.committed("slot-a", new TransactionId(Scene.SECOND)))
                .runs("slot-b", WARMTRIAL, "")
                .boot("boot-w"),
            State.LEAVING),
        crash(
            "a failed check keeps its reason when the operator leaves after it",
            ordered()
                .journal(jumped(), warmUp, judged(Stage.WARM, "health:disk", "boot-w"))
                .journal(second(Purpose.RETURN, Way.WARM, "slot-a", "boot-w"))
                .environment(BEFORE.committed("slot-a", new TransactionId(Scene.SECOND))),
            State.COMMITTED,
            "health:disk",
            "operator"),
        crash(
            "a proven trial whose environment something else changed",
            ordered().journal(jumped(), warmUp, warmPass, due()),
            State.COMMITTED,
            "env-changed"));
  }

  private static Scene warmGood() {
    return ordered()
        .journal(jumped(), up(WARMTRIAL, "boot-w"), judged(Stage.WARM, "", "boot-w"), due());
  }

  private static Arguments crash(String name, Scene scene, State state, String... reasons) {
    return Arguments.of(name, scene, state, List.of(reasons));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"crashPoints", "crashPointsOfLeaving"})
  void endsWithItsReason(String name, Scene scene, State state, List<String> reasons) {
    Conclusion before = scene.conclude();
    assertThat(before.state()).as(name).isEqualTo(state);
    scene.repaired();
    assertThat(scene.reasons()).isEqualTo(reasons);
    assertThat(scene.conclude().state()).as("after the repairs").isEqualTo(state);
    assertThat(scene.conclude().repairs().none()).as("nothing is left to repair").isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"crashPoints", "crashPointsOfLeaving"})
  void leavesTheDefaultOneThatHasProvedItself(
      String name, Scene scene, State state, List<String> reasons) {
    scene.repaired();
    String expected = name.startsWith("C21") ? "slot-b" : "slot-a";
    assertThat(scene.environmentNow().defaultSlot())
        .as("%s %s", state, reasons)
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"crashPoints", "crashPointsOfLeaving"})
  void aTrialThatIsOverIsNeverDueAgain(
      String name, Scene scene, State state, List<String> reasons) {
    scene.repaired();
    boolean over = scene.history().switchCalled(Scene.T).flatMap(Transaction::ending).isPresent();
    boolean itsOwn = scene.environmentNow().transaction().text().equals(Scene.T);
    if (over && itsOwn) {
      assertThat(scene.environmentNow().trial()).as("%s %s %s", name, state, reasons).isEmpty();
    }
    // Of a host that is leaving, the trial and the way out of it are both open.
    assertThat(scene.history().open().size()).isLessThanOrEqualTo(state == State.LEAVING ? 2 : 1);
  }

  @Test
  void aRebuiltEnvironmentOutranksWhatIsLeftOfTheOldOne() {
    Scene scene =
        new Scene()
            .copies(
                torn(),
                new EnvironmentCopy.Damaged(
                    "its slot has no name", true, OptionalLong.of(1_000_000_041L)))
            .runs("slot-a", ENVBAD, "");
    scene.repaired();
    assertThat(scene.environmentNow().generation()).isEqualTo(1_000_000_042L);
  }

  @Test
  void aCommittedSlotIsNotOnTrialAgainAfterAColdSwitchThatDied() {
    Scene scene =
        ordered()
            .journal(jumped(), up(WARMTRIAL, "boot-w"), judged(Stage.WARM, "", "boot-w"))
            .journal(new Event.Committed(Scene.T, "slot-b", "slot-a", Proof.WARM))
            .journal(second(Purpose.TRIAL, Way.COLD, "slot-a", "boot-w"))
            .environment(COMMITTED.trial("slot-a", new TransactionId(Scene.SECOND)))
            .runs("slot-b", WARMTRIAL, "")
            .boot("boot-w");
    assertThat(scene.conclude().state()).isEqualTo(State.COMMITTED);
    scene.repaired();
    assertThat(scene.conclude().state()).isEqualTo(State.COMMITTED);
    assertThat(scene.conclude().repairs().none()).isTrue();
    assertThat(scene.environmentNow().defaultSlot()).isEqualTo("slot-b");
    assertThat(scene.reasons()).containsExactly("interrupted");
  }

  @Test
  void aFailedSwitchBackToTheDefaultKeepsItsReason() {
    Scene scene =
        ordered()
            .journal(jumped(), up(WARMTRIAL, "boot-w"), judged(Stage.WARM, "health:disk", "boot-w"))
            .environment(BootEnvironment.first("slot-b", new TransactionId("01BUILD")))
            .runs("slot-b", BootMode.COMMITTED, "");
    assertThat(scene.conclude().state()).isEqualTo(State.COMMITTED);
    scene.repaired();
    assertThat(scene.reasons()).containsExactly("health:disk");
  }
}
