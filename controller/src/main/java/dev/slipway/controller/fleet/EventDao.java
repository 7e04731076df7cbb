package dev.slipway.controller.fleet;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** What happened, in order. */
public interface EventDao {
  /** A row of {@code event}. */
  record EventRow(
      long seq,
      long at,
      Optional<String> hostId,
      Optional<Long> rolloutNo,
      String kind,
      String text) {}

  /** Adds one at the end. */
  @SqlUpdate(
      "insert into event (at, host_id, rollout_no, kind, text)"
          + " values (:at, :hostId, :rolloutNo, :kind, :text)")
  void add(long at, Optional<String> hostId, Optional<Long> rolloutNo, String kind, String text);

  /** What came after one, the oldest first. */
  @SqlQuery("select * from event where seq > :after order by seq limit :limit")
  @RegisterConstructorMapper(EventRow.class)
  List<EventRow> after(long after, int limit);

  /** The same, of one rollout. */
  @SqlQuery(
      "select * from event where rollout_no = :rolloutNo and seq > :after order by seq"
          + " limit :limit")
  @RegisterConstructorMapper(EventRow.class)
  List<EventRow> ofRollout(long rolloutNo, long after, int limit);

  /** The last ones of one rollout, the newest first. */
  @SqlQuery("select * from event where rollout_no = :rolloutNo order by seq desc limit :limit")
  @RegisterConstructorMapper(EventRow.class)
  List<EventRow> lastOfRollout(long rolloutNo, int limit);

  /** The number of the last one; 0 before the first. */
  @SqlQuery("select coalesce(max(seq), 0) from event")
  long last();
}
