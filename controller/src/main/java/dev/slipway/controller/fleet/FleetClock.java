package dev.slipway.controller.fleet;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the fleet again and again that time has passed. */
public final class FleetClock implements Managed {
  private static final Logger LOG = LoggerFactory.getLogger(FleetClock.class);

  private final Fleet fleet;
  private final Duration every;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "fleet-clock");
            thread.setDaemon(true);
            return thread;
          });

  /** Does nothing until it is started. */
  public FleetClock(Fleet fleet, Duration every) {
    this.fleet = fleet;
    this.every = every;
  }

  @Override
  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::tick, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() throws InterruptedException {
    thread.shutdown();
    thread.awaitTermination(10, TimeUnit.SECONDS);
  }

  private void tick() {
    try {
      fleet.timePassed();
    } catch (RuntimeException e) {
      // A full disk or the like: the next tick may find it mended, and hosts must not wait for
      // ever.
      LOG.error("The fleet could not take note of the time", e);
    }
  }
}
