package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.database.Database;
import dev.slipway.controller.fleet.engine.Desired;
import dev.slipway.controller.fleet.engine.Failure;
import dev.slipway.controller.fleet.engine.HostId;
import dev.slipway.controller.fleet.engine.HostState;
import dev.slipway.controller.fleet.engine.Member;
import dev.slipway.controller.fleet.engine.Origin;
import dev.slipway.controller.fleet.engine.Report;
import dev.slipway.controller.fleet.engine.Rollout;
import dev.slipway.controller.fleet.engine.RolloutId;
import dev.slipway.controller.fleet.engine.RolloutSignal;
import dev.slipway.controller.fleet.engine.RolloutState;
import dev.slipway.controller.fleet.engine.SlotReport;
import dev.slipway.controller.fleet.engine.Want;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet in the middle of its work, left by an earlier controller, is gone on with. */
class FleetUpgradeTest {
  private static final RolloutId OVER = new RolloutId(1);
  private static final RolloutId UNDER_WAY = new RolloutId(2);

  /** A minute after the earlier controller stopped. */
  private static final Instant NOW = Instant.ofEpochMilli(1767225638750L).plusSeconds(60);

  @TempDir Path directory;
  private Database database;
  private FleetStore store;

  @BeforeEach
  void open() throws Exception {
    Path file = directory.resolve("slipway.db");
    try (InputStream dump = getClass().getResourceAsStream("fleet-of-version-2.sql");
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      String script = new String(dump.readAllBytes(), StandardCharsets.UTF_8);
      Jdbi.create(connection).useHandle(handle -> handle.createScript(script).execute());
    }
    database = Database.open(file);
    store = new FleetStore(database.reader(), database.writer());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyHostStandsWhereItStood() {
    Rollout rollout = store.load().rollout(UNDER_WAY).orElseThrow();

    assertThat(rollout.members())
        .extracting(Member::state)
        .containsExactly(
            HostState.COMMITTED,
            HostState.SWITCHING,
            HostState.SWITCHING,
            HostState.OFFERED,
            HostState.ROLLED_BACK,
            HostState.IDLE);
    Member switching = rollout.member(web(2)).orElseThrow();
    Origin two = new Origin("slot2", digest(2), "web:2", true);
    assertThat(switching.from()).hasValue(two);
    assertThat(switching.leaving()).hasValue(two);
    assertThat(switching.bootIdBefore()).hasValue("boot2x");
    assertThat(switching.deadline()).hasValue(Instant.parse("2026-01-01T00:05:29.125Z"));
    assertThat(switching.failure()).isEmpty();
    assertThat(rollout.member(web(1)).orElseThrow().proof()).isEqualTo(Proof.WARM);
    assertThat(rollout.member(web(5)).orElseThrow().failure())
        .hasValue(new Failure("checking", "health:web", digest(3)));
    assertThat(rollout.member(web(6)).orElseThrow().from()).isEmpty();
  }

  @Test
  void aRolloutThatWasUnderWayEndsWell() {
    Fleet fleet = fleet();
    for (int host : new int[] {2, 3, 4, 6}) {
      bring(fleet, host);
    }
    Rollout rollout = fleet.state().rollout(UNDER_WAY).orElseThrow();
    assertThat(rollout.reason()).isEqualTo("5 of 6 hosts run web:3");
    assertThat(rollout.state()).isEqualTo(RolloutState.SUCCEEDED);
  }

  @Test
  void aRolloutThatWasUnderWayIsTakenBackToWhatHostsRanBefore() {
    Fleet fleet = fleet();
    fleet.order(UNDER_WAY, RolloutSignal.ROLL_BACK, "op", "");
    Desired asked = fleet.state().host(web(1)).orElseThrow().desired();
    assertThat(asked.digest()).isEqualTo(digest(2));
    assertThat(fleet.state().rollout(OVER).orElseThrow().state()).isEqualTo(RolloutState.SUCCEEDED);
  }

  @Test
  void whatAnotherVersionWroteIsRefusedWithWhatToDo() {
    database
        .writer()
        .useHandle(
            handle ->
                handle.execute(
                    "update rollout_host set json = json_remove(json, '$.way')"
                        + " where rollout_no = 2 and host_id like '3%'"));
    assertThatThrownBy(this::fleet)
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith("The database holds host " + web(3) + " in rollout r2 in a form")
        .hasMessageContaining("way")
        .hasMessageContaining("Run the version that wrote it, or restore the copy");
  }

  /** A part that may be empty would otherwise be lost in silence. */
  @Test
  void soIsAPartThatThisVersionDoesNotKnow() {
    database
        .writer()
        .useHandle(
            handle ->
                handle.execute(
                    "update rollout_host set json = json_set(json, '$.progress.before', 'boot')"));
    assertThatThrownBy(this::fleet)
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("before");
  }

  private Fleet fleet() {
    return Fleet.open(store, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  /** Has a host stage web:3, when it is asked to, switch to it, and be good. */
  private void bring(Fleet fleet, int host) {
    Desired desired = fleet.state().host(web(host)).orElseThrow().desired();
    String slot = host == 2 ? "slot1" : "slot2";
    if (desired.want() == Want.STAGE) {
      desired = fleet.sync(web(host), report(host, "boot" + host, desired, "slot1", Proof.COLD));
    }
    assertThat(desired.want()).isEqualTo(Want.SWITCH);
    fleet.sync(web(host), report(host, "new boot", desired, slot, Proof.WARM));
  }

  private static Report report(int host, String boot, Desired heard, String running, Proof proof) {
    var three = new SlotReport(host == 2 ? "slot1" : "slot2", "ready", digest(3), "web:3");
    var before =
        host == 2
            ? new SlotReport("slot2", "ready", digest(2), "web:2")
            : new SlotReport("slot1", "ready", digest(1), "web:1");
    boolean onTrial = proof == Proof.WARM;
    return new Report(
        100,
        boot,
        heard.generation(),
        running,
        onTrial ? "warmtrial" : "committed",
        "",
        "",
        running,
        "",
        List.of(before, three),
        onTrial ? Phase.GOOD : Phase.STAGED,
        proof,
        Optional.empty(),
        List.of(),
        "0.2");
  }

  private static HostId web(int number) {
    return new HostId(Integer.toString(number).repeat(8) + "-1111-1111-1111-111111111111");
  }

  private static String digest(int version) {
    return "sha256:" + Integer.toString(version).repeat(64);
  }
}
