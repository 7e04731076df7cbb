package dev.slipway.controller.database;

import com.codahale.metrics.MetricRegistry;
import dev.slipway.linux.OperatorError;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.util.Duration;
import java.nio.file.Path;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;

/**
 * The SQLite file and the two ways to it.
 *
 * <p>SQLite knows one writer at a time, and a transaction that begins by reading and then writes
 * fails at once when another wrote in between, whatever the busy time-out. So there is one
 * connection that writes, whose transactions take the write lock when they begin, and a few that
 * can only read. A thread that holds the writer must not ask for it again: use the handle it has.
 *
 * <p>{@code synchronous=FULL}: in WAL mode a commit survives a power cut only with it.
 */
public final class Database implements Managed, AutoCloseable {
  private static final Duration WRITER_WAIT = Duration.seconds(20);

  private final ManagedDataSource writerConnections;
  private final ManagedDataSource readerConnections;
  private final Jdbi writer;
  private final Jdbi reader;

  private Database(ManagedDataSource writerConnections, ManagedDataSource readerConnections) {
    this.writerConnections = writerConnections;
    this.readerConnections = readerConnections;
    this.writer = Jdbi.create(writerConnections).installPlugin(new SqlObjectPlugin());
    this.reader = Jdbi.create(readerConnections).installPlugin(new SqlObjectPlugin());
  }

  /**
   * Opens the file, making it when it does not exist, and brings its tables up to date.
   *
   * @throws OperatorError when a newer version of the controller has written the file
   */
  public static Database open(Path file) {
    DataSourceFactory writing = connections(file, 1);
    writing.setProperties(Map.of("transaction_mode", "IMMEDIATE"));
    DataSourceFactory reading = connections(file, 4);
    // As a property of the connection, sqlite-jdbc would not know it and say nothing.
    reading.setInitializationQuery("pragma query_only = true");
    Database database =
        new Database(
            writing.build(new MetricRegistry(), "writer"),
            reading.build(new MetricRegistry(), "reader"));
    try {
      Migrations.apply(database.writer, file);
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** For everything that changes a row. Hold its handle briefly: everybody else waits. */
  public Jdbi writer() {
    return writer;
  }

  /** For everything that only looks. A write through it fails. */
  public Jdbi reader() {
    return reader;
  }

  @Override
  public void stop() {
    close();
  }

  @Override
  public void close() {
    stop(readerConnections);
    stop(writerConnections);
  }

  private static void stop(ManagedDataSource connections) {
    try {
      connections.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The database could not be closed.", e);
    }
  }

  private static DataSourceFactory connections(Path file, int size) {
    DataSourceFactory factory = new DataSourceFactory();
    factory.setDriverClass("org.sqlite.JDBC");
    factory.setUrl(
        "jdbc:sqlite:"
            + file.toAbsolutePath()
            + "?journal_mode=WAL&busy_timeout=5000&foreign_keys=true&synchronous=FULL");
    factory.setInitialSize(1);
    factory.setMinSize(1);
    factory.setMaxSize(size);
    factory.setMaxWaitForConnection(WRITER_WAIT);
    factory.setValidationQuery("select 1");
    // The comment it puts before a statement hides from sqlite-jdbc that it is an insert.
    factory.setAutoCommentsEnabled(false);
    return factory;
  }
}
