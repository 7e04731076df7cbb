package dev.slipway.controller.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The hosts that have joined: the identity half of the table {@code host}. */
public final class Hosts {
  private final Jdbi reader;
  private final Jdbi writer;

  public Hosts(Jdbi reader, Jdbi writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /**
   * Takes a host's certificate back: from now on nothing it asks is answered. The machine may join
   * again, with a new key and a new token, as a new host.
   *
   * @return whether there was such a host that was not revoked before
   */
  public boolean revoke(UUID id) {
    return writer.inTransaction(
        handle ->
            handle
                    .createUpdate(
                        "update host set revoked_at = :now, name = name || ' (revoked ' || host_no"
                            + " || ')' where id = :id and revoked_at is null")
                    .bind("now", Instant.now().getEpochSecond())
                    .bind("id", id.toString())
                    .execute()
                == 1);
  }

  /** The host with this id, if it is not revoked and this is the key it joined with. */
  Optional<EnrolledHost> authenticate(UUID id, String keySha256) {
    return reader.withHandle(
        handle ->
            handle
                .createQuery(
                    "select host_no, id, name from host where id = :id and key_sha256 = :key and"
                        + " revoked_at is null")
                .bind("id", id.toString())
                .bind("key", keySha256)
                .map(
                    (row, context) ->
                        new EnrolledHost(
                            row.getLong("host_no"),
                            UUID.fromString(row.getString("id")),
                            row.getString("name")))
                .findOne());
  }

  /** A host as enrolment sees it. */
  record Known(UUID id, String name, String keySha256, String tokenSha256) {}

  static Optional<Known> byKey(Handle handle, String keySha256) {
    return known(handle, "key_sha256", keySha256);
  }

  static Optional<Known> byMachine(Handle handle, String machineId) {
    return known(handle, "machine_id", machineId);
  }

  static boolean nameIsTaken(Handle handle, String name) {
    return handle
        .createQuery("select exists (select 1 from host where name = :name)")
        .bind("name", name)
        .mapTo(Boolean.class)
        .one();
  }

  static void insert(Handle handle, Known host, String machineId, String labelsJson) {
    handle
        .createUpdate(
            "insert into host (id, name, machine_id, key_sha256, token_sha256, labels_json,"
                + " enrolled_at) values (:id, :name, :machine, :key, :token, :labels, :now)")
        .bind("id", host.id().toString())
        .bind("name", host.name())
        .bind("machine", machineId)
        .bind("key", host.keySha256())
        .bind("token", host.tokenSha256())
        .bind("labels", labelsJson)
        .bind("now", Instant.now().getEpochSecond())
        .execute();
  }

  private static Optional<Known> known(Handle handle, String column, String value) {
    return handle
        .createQuery(
            "select id, name, key_sha256, token_sha256 from host where "
                + column
                + " = :value and revoked_at is null")
        .bind("value", value)
        .map(
            (row, context) ->
                new Known(
                    UUID.fromString(row.getString("id")),
                    row.getString("name"),
                    row.getString("key_sha256"),
                    row.getString("token_sha256")))
        .findOne();
  }
}
