package dev.slipway.agent.link;

import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.HostStatus;
import dev.slipway.agent.switching.HostStatus.SlotStatus;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A host with three slots, which are directories; it boots when it is told to. */
final class DirectoryHost implements Host {
  /** Where in a switch the agent is killed. */
  enum Dies {
    NOT,
    BEFORE_THE_JOURNAL,
    AFTER_THE_JOURNAL
  }

  private final Path directory;
  final List<String> switchedTo = new ArrayList<>();
  Optional<String> refusal = Optional.empty();
  volatile Dies dies = Dies.NOT;
  final AtomicInteger switchesBegun = new AtomicInteger();
  private String transaction = "";
  int stagings;
  private String bootId = UUID.randomUUID().toString();
  private String running = "slot1";
  private String mode = "committed";
  private Phase phase = Phase.IDLE;
  private Proof proof = Proof.COLD;
  private SlotStatus second = slotStatus("slot2", "empty", "", "");

  DirectoryHost(Path directory) {
    this.directory = directory;
  }

  Path slot(String name) {
    return directory.resolve(name);
  }

  synchronized void bootInto(String slot, String how, Phase then, Proof proven) {
    bootId = UUID.randomUUID().toString();
    running = slot;
    mode = how;
    phase = then;
    proof = proven;
  }

  @Override
  public synchronized HostStatus status() {
    return new HostStatus(
        bootId,
        "web1",
        "",
        "test",
        running,
        mode,
        "",
        1,
        "slot1",
        Optional.empty(),
        0,
        phase,
        proof,
        transaction,
        Optional.empty(),
        List.of(),
        List.of(
            slotStatus("slot1", "ready", Digest.of(new byte[] {1}).toString(), ""),
            second,
            slotStatus("slot3", "empty", "", "")),
        List.of());
  }

  @Override
  public String slotForStaging() {
    return "slot2";
  }

  @Override
  public void stage(String slot, Image image, Optional<ReleaseDescription> release) {
    synchronized (this) {
      stagings++;
    }
    if (refusal.isPresent()) {
      throw new OperatorError(refusal.get());
    }
    try {
      LayerStack.unpack(image, Files.createDirectories(slot(slot)));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    synchronized (this) {
      second =
          slotStatus(
              slot,
              "ready",
              image.digest().toString(),
              release.map(ReleaseDescription::name).map(ReleaseName::toString).orElse(""));
      phase = Phase.STAGED;
    }
  }

  @Override
  public void switchTo(String slot, CommitPolicy policy) {
    int number = switchesBegun.incrementAndGet();
    if (dies == Dies.BEFORE_THE_JOURNAL) {
      die();
    }
    synchronized (this) {
      transaction = "01SWITCH" + number;
    }
    if (dies == Dies.AFTER_THE_JOURNAL) {
      die();
    }
    synchronized (this) {
      switchedTo.add(slot);
      phase = Phase.SWITCHING;
    }
  }

  /** The thread does nothing more, as when the agent was killed. */
  private static void die() {
    while (true) {
      LockSupport.park();
    }
  }

  @Override
  public Path enrolmentDirectory() {
    return directory.resolve("agent");
  }

  private static SlotStatus slotStatus(String name, String state, String digest, String release) {
    return new SlotStatus(name, state, "", release, digest, "", "", 1L << 30);
  }
}
