package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Purpose;
import dev.slipway.agent.switching.Event.Stage;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootArguments;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.EnvironmentCopy;
import dev.slipway.boot.EnvironmentStore.Reading;
import dev.slipway.boot.GrubModel;
import dev.slipway.boot.TransactionId;
import dev.slipway.disk.PartitionId;
import dev.slipway.release.Proof;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * A host in memory: two environment copies as bytes, a journal, and the writes that the agent
 * makes, in the agent's order. Any write may be the last one before the power goes; an environment
 * copy is then torn between its sectors. The next boot is decided by the model of GRUB.
 */
final class SimulatedHost {
  private static final List<String> SLOTS = List.of("slot-a", "slot-b", "slot-c");
  private static final int SECTOR = 512;

  /** The power is gone: the rest of what the agent was doing does not happen. */
  private static final class PowerCut extends RuntimeException {}

  private final Random random;
  private final double crashes;
  private final String seed;
  private final GrubModel grub = new GrubModel(SLOTS);
  private final List<Event> journal = new ArrayList<>();
  private final Set<String> proven = new HashSet<>(Set.of("slot-a"));
  private final byte[][] copies = new byte[2][];
  private BootArguments boot = arguments("slot-a", BootMode.COMMITTED, "", "");
  private String bootId = "boot-0";
  private int boots;
  private int switches;
  private boolean shutdownOrdered;
  private Optional<BootEnvironment> environmentBeforeBoot = Optional.empty();

  SimulatedHost(Random random, double crashes, String seed) {
    this.random = random;
    this.crashes = crashes;
    this.seed = seed;
    byte[] first = BootEnvironment.first("slot-a", new TransactionId("01BUILD")).block();
    copies[0] = first.clone();
    copies[1] = first.clone();
  }

  History history() {
    return History.of(journal);
  }

  /** One thing happens to the host, and the invariants are looked at. */
  void step() {
    try {
      Conclusion now = reconcile();
      switch (now.state()) {
        case COMMITTED -> atRest(now);
        case WARM_TRIAL, COLD_TRIAL -> onTrial(now);
        case WARM_GOOD -> warmGood(now);
        case LEAVING -> firmwareBoot();
        case SWITCHING -> throw new AssertionError(seed + ": nothing is switching after a repair");
      }
    } catch (PowerCut cut) {
      if (random.nextInt(3) == 0) {
        shutdownOrdered = false; // only the agent died; the boot goes on
      } else {
        firmwareBoot();
      }
    }
  }

  private void atRest(Conclusion now) {
    switch (random.nextInt(5)) {
      case 0 -> firmwareBoot();
      case 1 -> rollBack(now);
      default -> switchTo(other(), random.nextInt(4) == 0 ? Way.COLD : Way.WARM, now);
    }
  }

  private void onTrial(Conclusion now) {
    int what = random.nextInt(8);
    if (what == 0 && crashes > 0) {
      firmwareBoot(); // a panic, or a power cut
      return;
    }
    switch (what) {
      case 1 -> fail(now);
      case 2 -> switchTo(other(), Way.WARM, now);
      case 3 -> switchTo(other(), Way.COLD, now);
      case 4 -> rollBack(now);
      default -> pass(now);
    }
  }

  private void warmGood(Conclusion now) {
    switch (random.nextInt(5)) {
      case 0, 1 -> switchTo(other(), Way.WARM, now);
      case 2 -> switchTo(other(), Way.COLD, now);
      case 3 -> rollBack(now);
      default -> firmwareBoot();
    }
  }

  private String other() {
    List<String> others = SLOTS.stream().filter(slot -> !slot.equals(boot.slot())).toList();
    return others.get(random.nextInt(others.size()));
  }

  // ---- what the agent does, write by write, as Switch and Trial do it ----

  private Conclusion reconcile() {
    Conclusion conclusion = conclude();
    Conclusion.Repairs repairs = conclusion.repairs();
    for (Event event : repairs.events()) {
      append(event);
    }
    repairs.write().ifPresent(this::writeEnvironment);
    if (repairs.matchCopies()) {
      int chosen = reading().chosen();
      writeCopy(chosen == 1 ? 1 : 0, environment().block());
    }
    Conclusion after = conclude();
    assertThat(after.repairs().none()).as("%s: repairs end", seed).isTrue();
    assertThat(after.state())
        .as("%s: repairs do not change the state", seed)
        .isEqualTo(conclusion.state());
    holds(after);
    return after;
  }

  private void switchTo(String to, Way way, Conclusion now) {
    String transaction = order(Purpose.TRIAL, to, way, now);
    if (way == Way.COLD) {
      TransactionId id = new TransactionId(transaction);
      if (!environment().defaultSlot().equals(to)) {
        writeEnvironment(environment().trial(to, id));
        append(new Event.ColdTrialDue(transaction, to));
      } else if (environment().trial().isPresent()) {
        writeEnvironment(environment().cleared(id));
      }
      restart(transaction, now);
    } else {
      BootEnvironment before = environment();
      append(new Event.Jumping(transaction, false));
      jump(arguments(to, BootMode.WARMTRIAL, "", transaction), now);
      assertThat(environmentBeforeBoot)
          .as("%s: I2, a warm switch changes nothing that the firmware reads", seed)
          .contains(before);
    }
  }

  private void rollBack(Conclusion now) {
    String defaultSlot = now.environment().defaultSlot();
    boolean committed = now.state() == State.COMMITTED && boot.slot().equals(defaultSlot);
    Optional<String> to =
        (committed ? history().defaultBefore(defaultSlot) : Optional.of(defaultSlot))
            .filter(slot -> !slot.equals(boot.slot()));
    if (to.isEmpty()) {
      return;
    }
    Way way = random.nextBoolean() ? Way.WARM : Way.COLD;
    String transaction = order(Purpose.RETURN, to.get(), way, now);
    writeEnvironment(environment().committed(to.get(), new TransactionId(transaction)));
    if (way == Way.COLD) {
      restart(transaction, now);
    } else {
      append(new Event.Jumping(transaction, false));
      jump(arguments(to.get(), BootMode.ROLLEDBACK, Reason.OPERATOR, transaction), now);
    }
  }

  private String order(Purpose purpose, String to, Way way, Conclusion now) {
    String transaction = "01T%08d".formatted(switches++);
    append(
        new Event.SwitchOrdered(
            transaction,
            purpose,
            way,
            boot.slot(),
            to,
            now.environment().defaultSlot(),
            "sha256:0",
            CommitPolicy.NEXT_NATURAL,
            bootId,
            List.of()));
    return transaction;
  }

  private void jump(BootArguments into, Conclusion before) {
    mayCut();
    environmentBeforeBoot = environmentIfAny();
    if (random.nextInt(10) == 0) {
      takeBack(into.transaction(), before);
    } else if (crashes > 0 && random.nextInt(8) == 0) {
      firmwareBoot(); // the kernel hangs, and a watchdog sees it
    } else {
      runs(into);
    }
  }

  private void restart(String transaction, Conclusion before) {
    if (random.nextInt(10) == 0) {
      takeBack(transaction, before);
    } else {
      shutdownOrdered = true;
      firmwareBoot();
    }
  }

  /** The jump or the reboot could not be started: all is as it was. */
  private void takeBack(String transaction, Conclusion before) {
    if (environment().transaction().text().equals(transaction)) {
      writeEnvironment(environment().takenBack(before.environment()));
    }
    append(new Event.Aborted(transaction, Reason.JUMP_FAILED));
    Conclusion now = conclude();
    assertThat(now.state()).as("%s: a switch that could not start", seed).isEqualTo(before.state());
    assertThat(now.environment().trial()).isEqualTo(before.environment().trial());
    assertThat(now.environment().defaultSlot()).isEqualTo(before.environment().defaultSlot());
  }

  private void pass(Conclusion now) {
    Stage stage = now.state() == State.COLD_TRIAL ? Stage.COLD : Stage.WARM;
    String id = now.transaction().orElseThrow().id();
    append(new Event.Judged(id, stage, true, "", List.of(), bootId));
    BootEnvironment environment = now.environment();
    boolean trusted = random.nextInt(4) == 0;
    if (stage == Stage.COLD || environment.defaultSlot().equals(boot.slot()) || trusted) {
      proven.add(boot.slot());
      writeEnvironment(environment.committed(boot.slot(), new TransactionId(id)));
      endTrialBefore(id, environment);
      append(new Event.Committed(id, boot.slot(), environment.defaultSlot(), Proof.COLD));
    } else {
      writeEnvironment(environment.trial(boot.slot(), new TransactionId(id)));
      endTrialBefore(id, environment);
      append(new Event.ColdTrialDue(id, boot.slot()));
    }
  }

  private void endTrialBefore(String id, BootEnvironment environment) {
    String due = environment.transaction().text();
    if (environment.trial().isPresent() && !due.equals(id)) {
      append(new Event.RolledBack(due, Reason.OPERATOR));
    }
  }

  private void fail(Conclusion now) {
    Stage stage = now.state() == State.COLD_TRIAL ? Stage.COLD : Stage.WARM;
    String id = now.transaction().orElseThrow().id();
    append(new Event.Judged(id, stage, false, "health:x", List.of(), bootId));
    boolean isOwn = now.environment().transaction().text().equals(id);
    if (now.environment().trial().isPresent() && isOwn) {
      writeEnvironment(now.environment().cleared(now.environment().transaction()));
    }
    firmwareBoot();
  }

  private void append(Event event) {
    mayCut();
    journal.add(event);
    mayCut();
  }

  private void writeEnvironment(BootEnvironment environment) {
    byte[] block = environment.block();
    int first = reading().firstToWrite() - 1;
    writeCopy(first, block);
    writeCopy(1 - first, block);
  }

  /** Two sectors; the power may go before, between and after them, in either order. */
  private void writeCopy(int copy, byte[] block) {
    mayCut();
    int first = random.nextBoolean() ? 0 : SECTOR;
    System.arraycopy(block, first, copies[copy], first, SECTOR);
    mayCut();
    System.arraycopy(block, SECTOR - first, copies[copy], SECTOR - first, SECTOR);
    assertThat(wholeCopies()).as("%s: I9, a copy is whole", seed).isPositive();
    mayCut();
  }

  private void mayCut() {
    if (random.nextDouble() < crashes) {
      throw new PowerCut();
    }
  }

  // ---- the machine ----

  private void firmwareBoot() {
    shutdownOrdered = false;
    Set<String> readable = new HashSet<>(SLOTS);
    if (crashes > 0 && random.nextInt(10) == 0) {
      // A trial slot that GRUB cannot read; the default always can be.
      environmentIfAny()
          .flatMap(BootEnvironment::trial)
          .ifPresent(trial -> readable.remove(trial.slot()));
    }
    boolean writable = crashes == 0 || random.nextInt(12) != 0;
    GrubModel.BootDecision decision =
        grub.decide(new GrubModel.Copies(copies[0], copies[1]), readable, writable);
    assertThat(decision.slot()).as("%s: I10, an OS is booted", seed).isPresent();
    copies[0] = decision.copies().first();
    copies[1] = decision.copies().second();
    runs(
        arguments(
            decision.slot().orElseThrow(),
            decision.mode(),
            decision.why(),
            decision.transaction()));
  }

  private void runs(BootArguments next) {
    boot = next;
    bootId = "boot-" + ++boots;
  }

  private static BootArguments arguments(String slot, BootMode mode, String why, String txn) {
    return new BootArguments(
        slot,
        PartitionId.of(
            UUID.nameUUIDFromBytes(slot.getBytes(java.nio.charset.StandardCharsets.UTF_8))),
        mode,
        why,
        txn);
  }

  private Conclusion conclude() {
    return Conclusion.of(
        reading(),
        boot,
        history(),
        new Evidence(bootId, false, Optional.empty(), false, shutdownOrdered));
  }

  private Reading reading() {
    return Reading.of(EnvironmentCopy.of(copies[0]), EnvironmentCopy.of(copies[1]));
  }

  private Optional<BootEnvironment> environmentIfAny() {
    return reading().environment();
  }

  private BootEnvironment environment() {
    return environmentIfAny().orElseThrow();
  }

  private int wholeCopies() {
    int whole = 0;
    for (byte[] copy : copies) {
      if (EnvironmentCopy.of(copy) instanceof EnvironmentCopy.Valid) {
        whole++;
      }
    }
    return whole;
  }

  // ---- the invariants ----

  private void holds(Conclusion now) {
    assertThat(proven)
        .as("%s: I1, the default has proved itself", seed)
        .contains(environment().defaultSlot());
    assertThat(now).as("%s: I7, the same input gives the same answer", seed).isEqualTo(conclude());
    for (Transaction each : history().switches()) {
      long endings = each.events().stream().filter(Event.Ending.class::isInstance).count();
      assertThat(endings).as("%s: I6, one ending of %s", seed, each.id()).isLessThanOrEqualTo(1);
    }
    Set<String> open = new HashSet<>();
    history().open().forEach(each -> open.add(each.id()));
    boolean onTrial = now.state() != State.COMMITTED;
    Optional<BootEnvironment.Trial> due = environment().trial();
    if (!onTrial && due.isEmpty()) {
      assertThat(open).as("%s: I6, every switch has ended", seed).isEmpty();
    }
    due.ifPresent(
        trial -> {
          Transaction pending =
              history().switchCalled(environment().transaction().text()).orElseThrow();
          assertThat(pending.to())
              .as("%s: I4, I8: the trial is its own switch's", seed)
              .isEqualTo(trial.slot());
          assertThat(pending.ending()).as("%s: an ended switch has no trial", seed).isEmpty();
        });
  }
}
