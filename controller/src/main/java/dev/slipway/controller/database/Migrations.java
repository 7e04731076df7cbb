package dev.slipway.controller.database;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Numbered SQL files, applied in order, each in one transaction with the number that says it was
 * applied: {@code pragma user_version}.
 *
 * <p>A file that was released is never changed: the next change is the next file.
 */
final class Migrations {
  private static final List<String> FILES =
      List.of(
          "0001-hosts-and-releases.sql",
          "0002-fleet.sql",
          "0003-revoked-hosts.sql",
          "0004-members-way-and-progress.sql");

  private Migrations() {}

  static void apply(Jdbi writer, Path file) {
    int applied = writer.withHandle(Migrations::version);
    if (applied > FILES.size()) {
      throw new OperatorError(
          "The database "
              + file
              + " was written by a newer controller (its tables are of version "
              + applied
              + ", this program knows "
              + FILES.size()
              + "). Run that version, or restore the copy made before the upgrade.");
    }
    for (int next = applied; next < FILES.size(); next++) {
      apply(writer, FILES.get(next), next + 1);
    }
  }

  private static void apply(Jdbi writer, String file, int version) {
    writer.useTransaction(
        handle -> {
          handle.createScript(text(file)).execute();
          handle.execute("pragma user_version = " + version);
        });
  }

  private static int version(Handle handle) {
    return handle.createQuery("pragma user_version").mapTo(Integer.class).one();
  }

  private static String text(String file) {
    try (InputStream stream = Migrations.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("The migration " + file + " is not in this program.");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
