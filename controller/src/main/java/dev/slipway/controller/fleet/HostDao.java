package dev.slipway.controller.fleet;

import java.util.List;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The fleet half of hosts. */
public interface HostDao {
  /** A host that joined, with the labels of its token. */
  record Joined(String id, String name, String labelsJson) {}

  /** A host that was revoked, with the name it has since. */
  record Revoked(String id, String name) {}

  /** All hosts that the fleet knows. */
  @SqlQuery("select * from host_state")
  @RegisterConstructorMapper(HostRow.class)
  List<HostRow> all();

  /** Hosts that joined and that the fleet does not know yet. */
  @SqlQuery(
      "select id, name, labels_json from host where revoked_at is null"
          + " and id not in (select host_id from host_state)")
  @RegisterConstructorMapper(Joined.class)
  List<Joined> joined();

  /** Hosts that were revoked and that the fleet still counts on. */
  @SqlQuery(
      "select id, name from host where revoked_at is not null"
          + " and id in (select host_id from host_state where not revoked)")
  @RegisterConstructorMapper(Revoked.class)
  List<Revoked> revoked();

  /** Writes one, new or not. */
  @SqlUpdate(
      "insert or replace into host_state (host_id, name, labels_json, generation, want,"
          + " desired_digest, desired_release, commit_policy, report_json, last_seen,"
          + " previous_boot_id, rollout_no, revoked) values (:hostId, :name, :labelsJson, :generation,"
          + " :want, :desiredDigest, :desiredRelease, :commitPolicy, :reportJson, :lastSeen,"
          + " :previousBootId, :rolloutNo, :revoked)")
  void save(@BindMethods HostRow row);

  /** Writes when a host was last seen. */
  @SqlUpdate("update host_state set last_seen = :at where host_id = :hostId")
  void seen(String hostId, long at);
}
