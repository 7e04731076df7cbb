package dev.slipway.controller.fleet;

import dev.slipway.controller.fleet.engine.Effect;
import dev.slipway.controller.fleet.engine.Host;
import dev.slipway.controller.fleet.engine.HostId;
import dev.slipway.controller.fleet.engine.HostRelease;
import dev.slipway.controller.fleet.engine.Member;
import dev.slipway.controller.fleet.engine.Plan;
import dev.slipway.controller.fleet.engine.Rollout;
import dev.slipway.controller.fleet.engine.RolloutId;
import dev.slipway.controller.fleet.engine.RolloutState;
import dev.slipway.controller.fleet.engine.State;
import dev.slipway.controller.fleet.engine.Verdict;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.pcollections.TreePMap;

/** Makes the engine's effects durable, and its state out of them again. */
public final class FleetStore {
  private final Jdbi reader;
  private final Jdbi writer;
  private final FleetJson json = new FleetJson();

  /** Works on the tables of migration 0002. */
  public FleetStore(Jdbi reader, Jdbi writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** All that was committed. */
  public State load() {
    return reader.inTransaction(
        handle -> {
          RolloutDao dao = handle.attach(RolloutDao.class);
          Map<Long, List<RolloutDao.MemberRow>> members =
              dao.members().stream()
                  .collect(Collectors.groupingBy(RolloutDao.MemberRow::rolloutNo));
          TreePMap<RolloutId, Rollout> rollouts = TreePMap.empty();
          for (RolloutDao.RolloutRow row : dao.rollouts()) {
            Rollout rollout = rollout(row, members.getOrDefault(row.rolloutNo(), List.of()));
            rollouts = rollouts.plus(rollout.id(), rollout);
          }
          TreePMap<HostRelease, Verdict> verdicts = TreePMap.empty();
          for (RolloutDao.VerdictRow row : dao.verdicts()) {
            verdicts =
                verdicts.plus(
                    new HostRelease(new HostId(row.hostId()), row.digest()),
                    new Verdict(
                        Verdict.Kind.valueOf(row.kind()),
                        row.phase(),
                        row.reason(),
                        Instant.ofEpochMilli(row.at())));
          }
          TreePMap<HostId, Host> hosts = TreePMap.empty();
          for (HostRow row : handle.attach(HostDao.class).all()) {
            hosts = hosts.plus(new HostId(row.hostId()), row.host(json));
          }
          return new State(hosts, rollouts, verdicts);
        });
  }

  private Rollout rollout(RolloutDao.RolloutRow row, List<RolloutDao.MemberRow> memberRows) {
    var id = new RolloutId(row.rolloutNo());
    TreePMap<HostId, Member> members = TreePMap.empty();
    for (RolloutDao.MemberRow member : memberRows) {
      String what = "host " + member.hostId() + " in rollout " + id;
      members =
          members.plus(new HostId(member.hostId()), json.read(member.json(), Member.class, what));
    }
    return new Rollout(
        id,
        json.read(row.planJson(), Plan.class, "the plan of rollout " + id),
        RolloutState.valueOf(row.state()),
        Instant.ofEpochMilli(row.since()),
        row.reason(),
        row.openWave(),
        Instant.ofEpochMilli(row.createdAt()),
        members);
  }

  /** Makes one step durable: all of it or nothing. */
  public void commit(List<Effect> effects) {
    writer.useTransaction(
        handle -> {
          for (Effect effect : effects) {
            write(handle, effect);
          }
        });
  }

  private void write(Handle handle, Effect effect) {
    RolloutDao rollouts = handle.attach(RolloutDao.class);
    if (effect instanceof Effect.SaveHost save) {
      handle.attach(HostDao.class).save(HostRow.of(save.host(), json));
    } else if (effect instanceof Effect.SaveRollout save) {
      Rollout rollout = save.rollout();
      rollouts.save(
          new RolloutDao.RolloutRow(
              rollout.id().number(),
              rollout.state().name(),
              rollout.since().toEpochMilli(),
              rollout.reason(),
              rollout.openWave(),
              json.write(rollout.plan()),
              rollout.createdAt().toEpochMilli()));
    } else if (effect instanceof Effect.SaveMember save) {
      rollouts.save(
          new RolloutDao.MemberRow(
              save.rollout().number(),
              save.member().host().value(),
              save.member().state().name(),
              json.write(save.member())));
    } else if (effect instanceof Effect.SaveVerdict save) {
      Verdict verdict = save.verdict();
      rollouts.save(
          new RolloutDao.VerdictRow(
              save.pair().host().value(),
              save.pair().digest(),
              verdict.kind().name(),
              verdict.phase(),
              verdict.reason(),
              verdict.at().toEpochMilli()));
    } else if (effect instanceof Effect.ForgetVerdict forget) {
      rollouts.forget(forget.pair().host().value(), forget.pair().digest());
    } else if (effect instanceof Effect.Happened happened) {
      handle
          .attach(EventDao.class)
          .add(
              happened.at().toEpochMilli(),
              happened.host().map(HostId::value),
              happened.rollout().map(RolloutId::number),
              happened.kind(),
              happened.text());
    } else {
      throw new IllegalArgumentException("nothing to store about " + effect);
    }
  }

  /** Hosts that joined since the fleet last looked. */
  List<HostDao.Joined> joined() {
    return reader.withExtension(HostDao.class, HostDao::joined);
  }

  /** Hosts that were revoked since the fleet last looked. */
  List<HostDao.Revoked> revoked() {
    return reader.withExtension(HostDao.class, HostDao::revoked);
  }

  /** Notes that the controller is running, and when hosts were last seen. */
  void alive(Instant now, Collection<Host> seen) {
    writer.useTransaction(
        handle -> {
          handle
              .createUpdate("insert or replace into controller_alive (id, at) values (1, :at)")
              .bind("at", now.toEpochMilli())
              .execute();
          HostDao hosts = handle.attach(HostDao.class);
          seen.forEach(
              host ->
                  host.lastSeen()
                      .ifPresent(at -> hosts.seen(host.id().value(), at.toEpochMilli())));
        });
  }

  /** When the controller last knew itself running; empty before its first start. */
  Optional<Instant> lastAlive() {
    return reader.withHandle(
        handle ->
            handle
                .createQuery("select at from controller_alive")
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli));
  }

  /** What happened after an event, the oldest first. */
  List<EventDao.EventRow> events(long after, int limit) {
    return reader.withExtension(EventDao.class, dao -> dao.after(after, limit));
  }

  /** The same, of one rollout. */
  List<EventDao.EventRow> events(RolloutId rollout, long after, int limit) {
    return reader.withExtension(
        EventDao.class, dao -> dao.ofRollout(rollout.number(), after, limit));
  }

  /** The last things that happened in a rollout, the newest first. */
  public List<EventDao.EventRow> lastEvents(RolloutId rollout, int limit) {
    return reader.withExtension(EventDao.class, dao -> dao.lastOfRollout(rollout.number(), limit));
  }

  /** The number of the last event. */
  long lastEvent() {
    return reader.withExtension(EventDao.class, EventDao::last);
  }
}
