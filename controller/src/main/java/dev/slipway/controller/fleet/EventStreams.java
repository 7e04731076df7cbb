package dev.slipway.controller.fleet;

import dev.slipway.controller.fleet.EventDao.EventRow;
import dev.slipway.controller.fleet.engine.RolloutId;
import io.dropwizard.lifecycle.Managed;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sends what happened to everybody who listens (server-sent events). Each listener has its own
 * place in the event table, so nothing is lost or doubled over a broken connection.
 *
 * <p>One thread sends to all. A listener that takes nothing any more holds the others up until its
 * connection times out; orders and syncs are not held up by it.
 */
public final class EventStreams implements Managed {
  private static final int BATCH = 500;
  private static final int KEEP_ALIVE_SECONDS = 15;
  private static final long RECONNECT_MILLIS = 3000;

  private final FleetStore store;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var created = new Thread(task, "fleet-events");
            created.setDaemon(true);
            return created;
          });

  /** Sends what this fleet writes down. */
  public EventStreams(Fleet fleet, FleetStore store) {
    this.store = store;
    fleet.onChange(this::newsToSend);
  }

  @Override
  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::keepAlive, KEEP_ALIVE_SECONDS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void stop() {
    endAll();
    thread.shutdownNow();
  }

  /**
   * Ends every stream and takes no more. To be called as soon as the server is to stop: it waits
   * for its requests first, and these never end by themselves.
   */
  public void endAll() {
    ended = true;
    listeners.removeIf(
        listener -> {
          listener.close();
          return true;
        });
  }

  /**
   * Adds a listener.
   *
   * @param rollout whose events it wants; empty for all
   * @param after the last event it knows; empty to hear only what is new
   */
  void add(SseEventSink sink, Sse sse, Optional<RolloutId> rollout, Optional<Long> after) {
    var listener = new Listener(sink, sse, rollout, after.orElseGet(store::lastEvent));
    listener.comment("listening");
    listeners.add(listener);
    if (ended) {
      listener.close();
      return;
    }
    thread.execute(this::sendNews);
  }

  private void newsToSend() {
    if (!ended) {
      thread.execute(this::sendNews);
    }
  }

  private void sendNews() {
    listeners.removeIf(listener -> !listener.sendNews());
  }

  private void keepAlive() {
    for (Listener listener : listeners) {
      listener.comment("still here");
    }
    sendNews();
  }

  private final class Listener {
    private final SseEventSink sink;
    private final Sse sse;
    private final Optional<RolloutId> rollout;
    private long last;

    Listener(SseEventSink sink, Sse sse, Optional<RolloutId> rollout, long last) {
      this.sink = sink;
      this.sse = sse;
      this.rollout = rollout;
      this.last = last;
    }

    /** Whether it still listens. */
    boolean sendNews() {
      List<EventRow> news;
      do {
        news =
            rollout
                .map(id -> store.events(id, last, BATCH))
                .orElseGet(() -> store.events(last, BATCH));
        for (EventRow event : news) {
          if (sink.isClosed()) {
            return false;
          }
          var unused = sink.send(event(event));
          last = event.seq();
        }
      } while (news.size() == BATCH);
      return !sink.isClosed();
    }

    void comment(String text) {
      if (!sink.isClosed()) {
        var unused = sink.send(sse.newEventBuilder().comment(text).build());
      }
    }

    void close() {
      if (!sink.isClosed()) {
        sink.close();
      }
    }

    private OutboundSseEvent event(EventRow row) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("at", Instant.ofEpochMilli(row.at()).toString());
      data.put("kind", row.kind());
      data.put("host", row.hostId().orElse(""));
      data.put("rollout", row.rolloutNo().map(n -> new RolloutId(n).toString()).orElse(""));
      data.put("text", row.text());
      return sse.newEventBuilder()
          .id(Long.toString(row.seq()))
          .mediaType(MediaType.APPLICATION_JSON_TYPE)
          .data(Map.class, data)
          .reconnectDelay(RECONNECT_MILLIS)
          .build();
    }
  }
}
