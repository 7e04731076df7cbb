package dev.slipway.controller.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real file, made by the real migrations. */
class DatabaseTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("slipway.db");
  }

  @Test
  void anEmptyFileGetsAllTablesAndKeepsThemOverARestart() {
    for (int start = 0; start < 2; start++) {
      try (Database database = Database.open(file)) {
        assertThat(
                strings(
                    database, "select name from sqlite_schema where type = 'table' order by name"))
            .containsExactly(
                "controller_alive",
                "event",
                "host",
                "host_state",
                "join_token",
                "release",
                "rollout",
                "rollout_host",
                "verdict");
        assertThat(strings(database, "pragma user_version")).containsExactly("4");
      }
    }
  }

  @Test
  void aFileOfTheFirstFleetIsBroughtUpToDateAndKeepsItsRows() throws Exception {
    Database.open(file).close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("alter table host_state drop column revoked");
      statement.execute("pragma user_version = 2");
      statement.execute(
          "insert into host_state (host_id, name, labels_json, generation, want, desired_digest,"
              + " desired_release, commit_policy) values ('h1', 'web1', '{}', 7, 'IDLE', '', '',"
              + " 'TRUST')");
    }

    try (Database database = Database.open(file)) {
      assertThat(strings(database, "select name || revoked from host_state"))
          .containsExactly("web10");
    }
  }

  @Test
  void aFileOfANewerControllerIsLeftAlone() throws Exception {
    Database.open(file).close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("pragma user_version = 99");
    }

    assertThatThrownBy(() -> Database.open(file))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("written by a newer controller")
        .hasMessageContaining("version 99");
  }

  @Test
  void whatIsCommittedIsThereAfterARestartAndWhatFailedIsNot() {
    try (Database database = Database.open(file)) {
      database.writer().useTransaction(handle -> handle.execute(alive(1, 10)));
      assertThatThrownBy(
              () ->
                  database
                      .writer()
                      .useTransaction(
                          handle -> {
                            handle.execute("update controller_alive set at = 20");
                            handle.execute(alive(2, 20));
                          }))
          .hasMessageContaining("CHECK constraint failed");
    }
    try (Database database = Database.open(file)) {
      assertThat(strings(database, "select at from controller_alive")).containsExactly("10");
    }
  }

  @Test
  void aReaderCannotWriteAndARowNeedsWhatItRefersTo() {
    try (Database database = Database.open(file)) {
      assertThatThrownBy(() -> database.reader().useHandle(handle -> handle.execute(alive(1, 1))))
          .isInstanceOf(UnableToExecuteStatementException.class)
          .hasMessageContaining("attempt to write a readonly database");
      assertThatThrownBy(
              () ->
                  database
                      .writer()
                      .useHandle(
                          handle ->
                              handle.execute(
                                  "insert into rollout_host values (9, 'h', 'x', '{}')")))
          .hasMessageContaining("FOREIGN KEY constraint failed");
    }
  }

  @Test
  void writersWaitForEachOtherAndLoseNothing() throws Exception {
    try (Database database = Database.open(file);
        Database sameFile = Database.open(file)) {
      database.writer().useHandle(handle -> handle.execute(alive(1, 0)));
      var threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<?>> all =
            IntStream.range(0, 8)
                .<Future<?>>mapToObj(
                    n -> threads.submit(() -> countUp(n % 2 == 0 ? database : sameFile)))
                .toList();
        for (Future<?> each : all) {
          each.get();
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(strings(database, "select at from controller_alive")).containsExactly("200");
    }
  }

  /** Reads and then writes, as most transactions do: what fails between unprepared writers. */
  private static void countUp(Database database) {
    for (int i = 0; i < 25; i++) {
      database
          .writer()
          .useTransaction(
              handle -> {
                long at =
                    handle.createQuery("select at from controller_alive").mapTo(Long.class).one();
                handle.execute("update controller_alive set at = ?", at + 1);
              });
    }
  }

  private static String alive(int id, int at) {
    return "insert into controller_alive (id, at) values (" + id + ", " + at + ")";
  }

  private static List<String> strings(Database database, String query) {
    return database
        .reader()
        .withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
  }
}
