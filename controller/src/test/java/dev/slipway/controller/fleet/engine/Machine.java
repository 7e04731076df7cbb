package dev.slipway.controller.fleet.engine;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A machine with an agent, in memory: it can do right, wrong, nothing, and say the same twice. */
final class Machine {
  final HostId id;
  String runningSlot = "slot1";
  String runningMode = "committed";
  Phase phase = Phase.IDLE;
  Proof proof = Proof.COLD;
  Optional<Failure> failure = Optional.empty();
  long generation;
  String other = "";
  String bootId;
  boolean dead;
  Optional<Report> last = Optional.empty();

  private final String slot1;
  private int boots;
  private long seq;
  private Desired told = Desired.nothing();

  Machine(String name, String os) {
    id = new HostId(name);
    slot1 = os;
    bootId = name + "-boot0";
  }

  String runs() {
    return runningSlot.equals("slot1") ? slot1 : other;
  }

  Report report() {
    seq++;
    List<SlotReport> slots = new ArrayList<>();
    slots.add(new SlotReport("slot1", "ready", slot1, ""));
    slots.add(new SlotReport("slot2", other.isEmpty() ? "empty" : "ready", other, ""));
    Report report =
        new Report(
            seq,
            bootId,
            generation,
            runningSlot,
            runningMode,
            "",
            "",
            "slot1",
            "",
            slots,
            phase,
            proof,
            failure,
            List.of(),
            "test");
    last = Optional.of(report);
    return report;
  }

  /** Hears an answer; never acts on a generation below the highest it saw. */
  void hear(Desired desired) {
    if (desired.generation() < generation) {
      throw new AssertionError(id + " was told an older generation: " + desired);
    }
    if (desired.generation() > generation) {
      generation = desired.generation();
      failure = Optional.empty();
      phase = phase == Phase.GOOD ? Phase.GOOD : Phase.IDLE;
    }
    told = desired;
  }

  /** Does something that it may do now. */
  void act(RandomGenerator random) {
    switch (told.want()) {
      case IDLE -> {}
      case STAGE -> stage(random);
      case SWITCH -> go(random);
    }
    if (phase == Phase.CHECKING && random.nextInt(2) == 0) {
      judge(random);
    }
    boolean coldTrialIsDue =
        phase == Phase.GOOD && proof == Proof.WARM && runningSlot.equals("slot2");
    if (coldTrialIsDue && random.nextInt(20) == 0) {
      failColdTrial();
    }
    if (random.nextInt(200) == 0) {
      boot(runningMode);
    }
  }

  private void stage(RandomGenerator random) {
    if (other.equals(told.digest()) || slot1.equals(told.digest())) {
      phase = Phase.STAGED;
    } else if (phase == Phase.STAGING) {
      if (random.nextInt(12) == 0) {
        fail("stage");
      } else if (runningSlot.equals("slot1")) {
        other = told.digest();
        phase = Phase.STAGED;
      }
    } else if (failure.isEmpty()) {
      phase = Phase.STAGING;
    }
  }

  private void go(RandomGenerator random) {
    if (runs().equals(told.digest()) || failure.isPresent()) {
      return;
    }
    switch (random.nextInt(15)) {
      case 0 -> fail("preflight");
      case 1 -> dead = true;
      case 2 -> phase = Phase.SWITCHING;
      case 3 -> boot("committed");
      case 4 -> goDownBeforeTheJump(told.digest());
      default -> {
        runningSlot = slot1.equals(told.digest()) ? "slot1" : "slot2";
        boot("warmtrial");
        phase = Phase.CHECKING;
        proof = Proof.NONE;
      }
    }
  }

  private void judge(RandomGenerator random) {
    if (random.nextInt(8) == 0) {
      runningSlot = runningSlot.equals("slot1") ? "slot2" : "slot1";
      leftTrial("health:web", told.digest());
    } else {
      phase = Phase.GOOD;
      proof = random.nextBoolean() ? Proof.WARM : Proof.COLD;
    }
  }

  /** The power goes between the order and the jump. */
  void goDownBeforeTheJump(String digest) {
    boot("committed");
    fail(Phase.SWITCHING.word(), "cut-before-jump", digest);
  }

  /** Boots by firmware, fails a check there, and is back in its first slot. */
  void failColdTrial() {
    String tried = runs();
    runningSlot = "slot1";
    leftTrial("cold-health:web", tried);
  }

  /** The agent gives a trial up before it reboots, so GRUB sees none, and says "committed". */
  private void leftTrial(String reason, String digest) {
    boot("committed");
    phase = Phase.ROLLEDBACK;
    failure = Optional.of(new Failure("checking", reason, digest));
    proof = Proof.COLD;
  }

  private void fail(String where) {
    fail(where, "it failed", told.digest());
  }

  private void fail(String where, String reason, String digest) {
    phase = Phase.FAILED;
    failure = Optional.of(new Failure(where, reason, digest));
  }

  void boot(String mode) {
    boots++;
    seq = 0;
    bootId = id + "-boot" + boots;
    runningMode = mode;
  }
}
