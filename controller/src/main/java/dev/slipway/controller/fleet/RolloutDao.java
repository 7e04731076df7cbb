package dev.slipway.controller.fleet;

import java.util.List;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** Rollouts, their hosts, and verdicts. */
public interface RolloutDao {
  /** A row of {@code rollout}. */
  record RolloutRow(
      long rolloutNo,
      String state,
      long since,
      String reason,
      int openWave,
      String planJson,
      long createdAt) {}

  /** A row of {@code rollout_host}. */
  record MemberRow(long rolloutNo, String hostId, String state, String json) {}

  /** A row of {@code verdict}. */
  record VerdictRow(
      String hostId, String digest, String kind, String phase, String reason, long at) {}

  /** All rollouts. */
  @SqlQuery("select * from rollout")
  @RegisterConstructorMapper(RolloutRow.class)
  List<RolloutRow> rollouts();

  /** All hosts of all rollouts. */
  @SqlQuery("select * from rollout_host")
  @RegisterConstructorMapper(MemberRow.class)
  List<MemberRow> members();

  /** All verdicts. */
  @SqlQuery("select * from verdict")
  @RegisterConstructorMapper(VerdictRow.class)
  List<VerdictRow> verdicts();

  /** Writes one, new or not. */
  @SqlUpdate(
      "insert into rollout (rollout_no, state, since, reason, open_wave, plan_json, created_at)"
          + " values (:rolloutNo, :state, :since, :reason, :openWave, :planJson, :createdAt)"
          + " on conflict (rollout_no) do update set state = :state, since = :since,"
          + " reason = :reason, open_wave = :openWave")
  void save(@BindMethods RolloutRow row);

  /** Writes one, new or not. */
  @SqlUpdate(
      "insert or replace into rollout_host (rollout_no, host_id, state, json)"
          + " values (:rolloutNo, :hostId, :state, :json)")
  void save(@BindMethods MemberRow row);

  /** Writes one, new or not. */
  @SqlUpdate(
      "insert or replace into verdict (host_id, digest, kind, phase, reason, at)"
          + " values (:hostId, :digest, :kind, :phase, :reason, :at)")
  void save(@BindMethods VerdictRow row);

  /** Forgets one. */
  @SqlUpdate("delete from verdict where host_id = :hostId and digest = :digest")
  void forget(String hostId, String digest);
}
