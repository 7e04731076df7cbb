package dev.slipway.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.controller.database.Database;
import dev.slipway.linux.OperatorError;
import jakarta.ws.rs.ForbiddenException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Join tokens and hosts in the tables of a real file. */
class IdentityTablesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final UUID HOST = UUID.fromString("11111111-1111-1111-1111-111111111111");

  @TempDir Path directory;
  private Database database;
  private Hosts hosts;

  @BeforeEach
  void open() {
    database = Database.open(directory.resolve("slipway.db"));
    hosts = new Hosts(database.reader(), database.writer());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aTokenGivesItsLabelsAsOftenAsItMayAlsoAfterARestart() {
    String hash = JoinTokens.hashOf(tokens(NOW).create(Map.of("rack", "r1"), 2, hours(1)));
    assertThat(use(NOW, hash)).isEqualTo("{\"rack\":\"r1\"}");
    close();
    open();
    assertThat(use(NOW.plusSeconds(3599), hash)).isEqualTo("{\"rack\":\"r1\"}");
    assertThatThrownBy(() -> use(NOW, hash))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("as often as it may be");
  }

  @Test
  void aTokenEndsAtItsTimeAndAnUnknownOneIsRefused() {
    String hash = JoinTokens.hashOf(tokens(NOW).create(Map.of(), 1, hours(1)));
    assertThatThrownBy(() -> use(NOW.plusSeconds(3600), hash))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("expired at 2026-01-01T01:00:00Z");
    assertThatThrownBy(() -> use(NOW, JoinTokens.hashOf("guess")))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("does not know");
    assertThatThrownBy(() -> tokens(NOW).create(Map.of(), 1, Duration.ZERO))
        .isInstanceOf(OperatorError.class);
  }

  @Test
  void manyHostsAtOnceUseATokenNoMoreThanItAllows() throws Exception {
    String hash = JoinTokens.hashOf(tokens(NOW).create(Map.of(), 5, hours(1)));
    Callable<Boolean> join =
        () -> {
          try {
            use(NOW, hash);
            return true;
          } catch (ForbiddenException e) {
            return false;
          }
        };
    var threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> all =
          threads.invokeAll(IntStream.range(0, 20).mapToObj(n -> join).toList());
      int joined = 0;
      for (Future<Boolean> each : all) {
        joined += each.get() ? 1 : 0;
      }
      assertThat(joined).isEqualTo(5);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aHostIsKnownByItsOwnKeyUntilItIsRevoked() {
    insert(HOST, "web1", "machine", "key");
    assertThat(hosts.authenticate(HOST, "key").orElseThrow().name()).isEqualTo("web1");
    assertThat(hosts.authenticate(HOST, "another key")).isEmpty();
    assertThat(hosts.authenticate(UUID.randomUUID(), "key")).isEmpty();

    assertThat(hosts.revoke(HOST)).isTrue();
    assertThat(hosts.revoke(HOST)).as("a second time").isFalse();
    close();
    open();
    assertThat(hosts.authenticate(HOST, "key")).isEmpty();
  }

  @Test
  void aRevokedHostLeavesItsNameAndMachineFreeButNotItsKey() {
    insert(HOST, "web1", "machine", "key");
    assertThatThrownBy(() -> insert(UUID.randomUUID(), "web1", "machine2", "key2"))
        .hasMessageContaining("UNIQUE constraint failed: host.name");
    assertThatThrownBy(() -> insert(UUID.randomUUID(), "web2", "machine", "key2"))
        .hasMessageContaining("UNIQUE constraint failed: host.machine_id");

    hosts.revoke(HOST);

    assertThatThrownBy(() -> insert(UUID.randomUUID(), "web2", "machine2", "key"))
        .hasMessageContaining("UNIQUE constraint failed: host.key_sha256");
    insert(UUID.randomUUID(), "web1", "machine", "key2");
    database
        .reader()
        .useHandle(
            handle -> {
              assertThat(Hosts.byMachine(handle, "machine").orElseThrow().keySha256())
                  .isEqualTo("key2");
              assertThat(Hosts.byKey(handle, "key")).as("of the revoked one").isEmpty();
              assertThat(Hosts.nameIsTaken(handle, "web1")).isTrue();
              assertThat(Hosts.nameIsTaken(handle, "web1 (revoked 1)")).isTrue();
            });
  }

  private JoinTokens tokens(Instant now) {
    return new JoinTokens(
        database.writer(), "f".repeat(64), new ObjectMapper(), Clock.fixed(now, ZoneOffset.UTC));
  }

  private String use(Instant now, String hash) {
    return database.writer().inTransaction(handle -> tokens(now).use(handle, hash));
  }

  private void insert(UUID id, String name, String machine, String key) {
    database
        .writer()
        .useTransaction(
            handle -> Hosts.insert(handle, new Hosts.Known(id, name, key, "token"), machine, "{}"));
  }

  private static Duration hours(int number) {
    return Duration.ofHours(number);
  }
}
