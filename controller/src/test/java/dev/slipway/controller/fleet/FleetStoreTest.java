package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.database.Database;
import dev.slipway.controller.fleet.EventDao.EventRow;
import dev.slipway.controller.fleet.engine.CommitPolicy;
import dev.slipway.controller.fleet.engine.Effect;
import dev.slipway.controller.fleet.engine.Engine;
import dev.slipway.controller.fleet.engine.Event;
import dev.slipway.controller.fleet.engine.HostId;
import dev.slipway.controller.fleet.engine.HostState;
import dev.slipway.controller.fleet.engine.Plan;
import dev.slipway.controller.fleet.engine.Report;
import dev.slipway.controller.fleet.engine.RolloutId;
import dev.slipway.controller.fleet.engine.RolloutSignal;
import dev.slipway.controller.fleet.engine.SlotReport;
import dev.slipway.controller.fleet.engine.State;
import dev.slipway.controller.fleet.engine.Step;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine decides, in the tables of a real file and back, with all their queries. */
class FleetStoreTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final HostId WEB1 = new HostId("11111111-1111-1111-1111-111111111111");
  private static final RolloutId R1 = new RolloutId(1);

  @TempDir Path directory;
  private Database database;
  private FleetStore store;
  private State state = State.empty();

  @BeforeEach
  void open() {
    database = Database.open(directory.resolve("slipway.db"));
    store = new FleetStore(database.reader(), database.writer());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyStepOfARolloutIsTheSameAfterARestart() {
    enrolAndReport();
    assertRestartKeepsTheState();
    start();
    assertThat(state.rollout(R1).orElseThrow().member(WEB1).orElseThrow().state())
        .isEqualTo(HostState.OFFERED);
    assertRestartKeepsTheState();
    step(new Event.HostSynced(WEB1, report(3, 1, Phase.FAILED)), START.plusSeconds(60));
    assertThat(state.verdicts()).as("it could not be staged").hasSize(1);
    assertRestartKeepsTheState();
    step(new Event.RolloutOrdered(R1, RolloutSignal.CANCEL, "op", "enough"), START.plusSeconds(70));
    step(new Event.HostRevoked(WEB1, "web1 (revoked 1)"), START.plusSeconds(80));
    assertRestartKeepsTheState();
    assertThat(store.load().host(WEB1).orElseThrow().revoked()).isTrue();
  }

  @Test
  void aClearedVerdictIsForgottenForGood() {
    enrolAndReport();
    start();
    step(new Event.HostSynced(WEB1, report(3, 1, Phase.FAILED)), START.plusSeconds(60));
    var pair = state.verdicts().firstKey();

    store.commit(List.of(new Effect.ForgetVerdict(pair)));

    assertThat(store.load().verdicts()).isEmpty();
  }

  @Test
  void aStepIsWrittenAsAWholeOrNotAtAll() {
    enrolAndReport();
    Step planned =
        Engine.step(state, new Event.RolloutStarted(plan(), List.of(List.of(WEB1))), START);
    List<Effect> withoutItsRollout =
        planned.effects().stream().filter(e -> !(e instanceof Effect.SaveRollout)).toList();

    assertThatThrownBy(() -> store.commit(withoutItsRollout))
        .hasMessageContaining("FOREIGN KEY constraint failed");

    assertThat(store.load()).isEqualTo(state);
    assertThat(store.events(R1, 0, 10)).isEmpty();
  }

  @Test
  void eventsAreReadInOrderFromAnyPlaceAndByRollout() {
    enrolAndReport();
    start();
    long last = store.lastEvent();
    List<EventRow> all = store.events(0, 100);

    assertThat(all).extracting(EventRow::seq).isSorted().last().isEqualTo(last);
    assertThat(all.get(0).kind()).isEqualTo("host.ENROLLED");
    assertThat(all.get(0).hostId()).hasValue(WEB1.value());
    assertThat(all.get(0).rolloutNo()).isEmpty();
    assertThat(store.events(all.get(0).seq(), 1)).containsExactly(all.get(1));
    assertThat(store.events(last, 100)).isEmpty();
    List<EventRow> ofRollout = store.events(R1, 0, 100);
    assertThat(ofRollout)
        .extracting(EventRow::kind)
        .containsExactly("rollout.RUNNING", "host.OFFERED");
    assertThat(store.lastEvents(R1, 1)).containsExactly(ofRollout.get(1));
    assertThat(store.events(new RolloutId(2), 0, 100)).isEmpty();
  }

  @Test
  void joinedAndRevokedHostsAreSeenUntilTheFleetHasTakenNote() {
    join(WEB1, "web1");
    assertThat(store.joined()).containsExactly(new HostDao.Joined(WEB1.value(), "web1", "{}"));
    enrolAndReport();
    assertThat(store.joined()).isEmpty();
    assertThat(store.revoked()).isEmpty();

    database
        .writer()
        .useHandle(handle -> handle.execute("update host set revoked_at = 1, name = 'gone'"));
    assertThat(store.revoked()).containsExactly(new HostDao.Revoked(WEB1.value(), "gone"));
    step(new Event.HostRevoked(WEB1, "gone"), START);
    assertThat(store.revoked()).isEmpty();
    assertThat(store.joined()).isEmpty();
  }

  @Test
  void whenTheControllerAndItsHostsWereLastAliveOutlivesARestart() {
    assertThat(store.lastAlive()).isEmpty();
    enrolAndReport();
    Instant later = START.plusSeconds(100);
    step(new Event.HostSynced(WEB1, report(2, 0, Phase.IDLE)), later);

    store.alive(later, state.hosts().values());
    store.alive(later.plusSeconds(1), List.of());

    assertThat(store.lastAlive()).hasValue(later.plusSeconds(1));
    assertThat(store.load().host(WEB1).orElseThrow().lastSeen()).hasValue(later);
  }

  private void assertRestartKeepsTheState() {
    database.close();
    open();
    assertThat(store.load()).isEqualTo(state);
  }

  private void enrolAndReport() {
    step(new Event.HostEnrolled(WEB1, "web1", new TreeMap<>(Map.of("rack", "r1"))), START);
    step(new Event.HostSynced(WEB1, report(1, 0, Phase.IDLE)), START.plusMillis(1500));
  }

  private void start() {
    step(new Event.RolloutStarted(plan(), List.of(List.of(WEB1))), START.plusSeconds(2));
  }

  private void step(Event event, Instant now) {
    Step step = Engine.step(state, event, now);
    state = step.state();
    if (step.refusal().isEmpty()) {
      store.commit(step.effects());
    }
  }

  private void join(HostId id, String name) {
    database
        .writer()
        .useHandle(
            handle ->
                handle.execute(
                    "insert into host (id, name, machine_id, key_sha256, token_sha256, labels_json,"
                        + " enrolled_at) values (?, ?, 'm', 'k', 't', '{}', 0)",
                    id.value(),
                    name));
  }

  private static Plan plan() {
    return new Plan(
        "web:2",
        "sha256:" + "2".repeat(64),
        "all",
        true,
        1,
        0,
        1,
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        CommitPolicy.TRUST,
        "op");
  }

  private static Report report(long seq, long generation, Phase phase) {
    return new Report(
        seq,
        "boot",
        generation,
        "slot1",
        "committed",
        "",
        "",
        "slot1",
        "",
        List.of(
            new SlotReport("slot1", "ready", "sha256:" + "1".repeat(64), "web:1"),
            new SlotReport("slot2", "empty", "", "")),
        phase,
        Proof.COLD,
        Optional.empty(),
        List.of(),
        "test");
  }
}
