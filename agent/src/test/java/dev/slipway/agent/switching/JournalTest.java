package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path directory;
  private Path file;
  private Journal journal;

  @BeforeEach
  void make() {
    file = directory.resolve("journal");
    journal = new Journal(file, InstantSource.fixed(NOW));
  }

  /** One of every kind, with text that JSON must escape. */
  static List<Event> everyEvent() {
    HostStatus.Check check = new HostStatus.Check("disk", "failed", "no \"room\"\n");
    return List.of(
        new Event.StagingStarted("T0", "slot2", "oci-archive:/tmp/ü.tar", "boot"),
        new Event.StagingWritten("T0", "slot2"),
        new Event.Staged("T0", "slot2", "sha256:00"),
        new Event.StagingFailed("T1", "slot2", "no room left"),
        new Event.SwitchOrdered(
            "T2",
            Event.Purpose.RETURN,
            Event.Way.COLD,
            "slot1",
            "slot2",
            "slot1",
            "sha256:00",
            CommitPolicy.TRUST,
            "boot",
            List.of("a.service", "b\\x2dc.mount")),
        new Event.FellBackToCold("T2", "kexec is switched off"),
        new Event.Jumping("T2", true),
        new Event.Farewell("T2"),
        new Event.TrialUp("T2", "slot2", "warmtrial", "boot2"),
        new Event.Judged("T2", Event.Stage.WARM, false, "health:disk", List.of(check), "boot2"),
        new Event.ColdTrialDue("T2", "slot2"),
        new Event.TryGivenBack("T2", "boot3"),
        new Event.Committed("T2", "slot2", "slot1", Proof.COLD),
        new Event.RolledBack("T2", "operator"),
        new Event.Aborted("T2", "interrupted"),
        new Event.Noted("", "env-lost", "boot3"));
  }

  @Test
  void givesBackEveryKindOfEventAsItWasWritten() {
    everyEvent().forEach(journal::append);
    Journal.Content content = journal.read();
    assertThat(content.entries().stream().map(Journal.Entry::event)).isEqualTo(everyEvent());
    assertThat(content.entries()).allMatch(entry -> entry.at().equals(NOW));
    assertThat(content.unreadable()).isZero();
  }

  @Test
  void isEmptyBeforeTheFirstEvent() {
    assertThat(journal.read().entries()).isEmpty();
  }

  @Test
  void keepsEveryWholeEventWhereverAPowerCutTearsTheLastOne() throws IOException {
    List<Event> events = everyEvent();
    events.forEach(journal::append);
    byte[] whole = Files.readAllBytes(file);
    int lastLine = lastLineStart(whole);
    for (int length = lastLine; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      Event next = new Event.Farewell("after the cut");
      // One byte short is the newline: then the event itself is whole.
      int kept = length == whole.length - 1 ? events.size() : events.size() - 1;
      List<Event> expected = new ArrayList<>(events.subList(0, kept));
      assertThat(read()).as("cut at byte %d", length).isEqualTo(expected);
      journal.append(next);
      expected.add(next);
      assertThat(read()).as("appended after the cut at byte %d", length).isEqualTo(expected);
    }
  }

  @Test
  void neverInventsAnEventFromDamagedBytes() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Event> events = everyEvent();
    events.forEach(journal::append);
    byte[] whole = Files.readAllBytes(file);
    for (int round = 0; round < 500; round++) {
      byte[] damaged = whole.clone();
      int start = random.nextInt(damaged.length);
      int end = Math.min(damaged.length, start + 1 + random.nextInt(200));
      for (int i = start; i < end; i++) {
        damaged[i] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      assertThat(events).as("seed %d, round %d", seed, round).containsAll(read());
    }
  }

  @Test
  void passesOverEventsOfANewerAgent() throws IOException {
    journal.append(new Event.Farewell("T"));
    String line = Files.readString(file);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    String json = "{\"event\":\"teleported\",\"at\":\"2026-11-21T10:00:00Z\"}";
    crc.update(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Files.writeString(file, line + "%08x %s\n".formatted(crc.getValue(), json));
    assertThat(journal.read().entries()).hasSize(1);
    assertThat(journal.read().unreadable()).isEqualTo(1);
  }

  private List<Event> read() {
    return journal.read().entries().stream().map(Journal.Entry::event).toList();
  }

  private static int lastLineStart(byte[] text) {
    int at = text.length - 2;
    while (text[at] != '\n') {
      at--;
    }
    return at + 1;
  }
}
