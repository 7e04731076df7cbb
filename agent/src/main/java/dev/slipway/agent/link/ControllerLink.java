package dev.slipway.agent.link;

import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.HostStatus;
import dev.slipway.agent.switching.HostStatus.SlotStatus;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The link to a controller that this host has joined: reports how the host is, hears what it should
 * run, and does that (docs/protocol.md, "Sync").
 *
 * <p>Orders are followed by one thread and reported by another, because writing a slot takes
 * minutes in which the controller wants to hear from us. An order is followed once a generation:
 * what failed is tried again only when the controller says so anew.
 */
public final class ControllerLink implements Link {
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final long FIRST_BACKOFF_MILLIS = 1_000;
  private static final int MOST_DOUBLINGS = 9;
  private static final double JITTER = 0.2;

  private final Host host;
  private final X509Certificate certificate;
  private final ControllerApi api;
  private final Orders orders;
  private final Reports reports;
  private final Consumer<String> log;
  private final Semaphore somethingToSay = new Semaphore(0);
  private volatile Optional<Thread> working = Optional.empty();

  /**
   * @param log told what happens, in sentences
   */
  public ControllerLink(Host host, Enrolment enrolment, Consumer<String> log) {
    this.host = host;
    this.certificate = enrolment.certificate();
    this.api = new ControllerApi(enrolment.controller(), enrolment.tls());
    this.orders = Orders.read(host.enrolmentDirectory());
    this.reports = new Reports();
    this.log = log;
  }

  /** The link, once this host has joined a controller. */
  public static Optional<Link> of(Host host, Consumer<String> log) {
    return Enrolment.read(host.enrolmentDirectory())
        .map(enrolment -> new ControllerLink(host, enrolment, log));
  }

  /** Runs until interrupted, or until the host has joined anew: then another link takes over. */
  @Override
  public void run() throws InterruptedException {
    int failures = 0;
    try {
      while (true) {
        Duration wait;
        try {
          wait = sync();
          failures = 0;
        } catch (RuntimeException e) {
          // Whatever it is: a host that gives up its link is lost to its operators.
          failures++;
          wait = backoff(failures);
          log.accept("No word from the controller: " + e.getMessage());
          if (hasJoinedAnew()) {
            return;
          }
        }
        if (somethingToSay.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
          somethingToSay.drainPermits();
        }
      }
    } finally {
      working.ifPresent(Thread::interrupt);
    }
  }

  private boolean hasJoinedAnew() {
    return Enrolment.read(host.enrolmentDirectory())
        .filter(now -> now.certificate().equals(certificate))
        .isEmpty();
  }

  /**
   * One exchange: reports, hears, and begins to follow.
   *
   * @return how long to wait until the next
   */
  Duration sync() throws InterruptedException {
    boolean busy = isBusy();
    JsonObject report =
        reports.of(host.status(), orders.order(), orders.attempt(), busy ? workingOn() : "");
    JsonObject answer = api.post("/agent/v1/sync", report);
    Orders.Order next = Orders.order(answer);
    if (!orders.take(next)) {
      log.accept(
          "The controller asks for generation "
              + next.generation()
              + ", older than "
              + orders.order().generation()
              + " which this host has seen; ignored.");
    } else if (!busy) {
      follow();
    }
    return jittered(Duration.ofSeconds(Math.max(1, answer.integer("nextSeconds"))));
  }

  private boolean isBusy() {
    return working.filter(Thread::isAlive).isPresent();
  }

  private String workingOn() {
    return working.map(Thread::getName).orElse("");
  }

  /** Begins to do what is wanted, unless that is done, under way, or was tried in vain. */
  private void follow() {
    Orders.Order order = orders.order();
    if (order.want().equals("idle") || order.digest().isEmpty()) {
      return;
    }
    HostStatus status = host.status();
    boolean tried = orders.attempt().isPresent();
    switch (order.want()) {
      case "stage" -> {
        boolean failed = orders.attempt().flatMap(Orders.Attempt::failure).isPresent();
        if (!failed && holding(status, order.digest()).isEmpty()) {
          begin("stage", order, this::stage);
        }
      }
      case "switch" -> {
        if (!tried && !runs(status, order.digest())) {
          begin("switch", order, this::switchOver);
        }
      }
      default ->
          fail(order, "stage", "This agent does not know what '" + order.want() + "' means.");
    }
  }

  /** Following an order; what goes wrong is told by an exception. */
  private interface Work {
    void on(Orders.Order order) throws InterruptedException;
  }

  private void begin(String phase, Orders.Order order, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                orders.attempted(order.generation(), new Orders.Attempt(phase, Optional.empty()));
                work.on(order);
              } catch (OperatorError e) {
                fail(order, phase, e.getMessage());
              } catch (RuntimeException | Error e) {
                fail(order, phase, "The agent failed: " + e);
              } catch (InterruptedException e) {
                // The daemon ends; the order is followed by the next one.
                Thread.currentThread().interrupt();
              } finally {
                somethingToSay.release();
              }
            },
            phase);
    thread.setDaemon(true);
    working = Optional.of(thread);
    thread.start();
    somethingToSay.release();
  }

  private void fail(Orders.Order order, String phase, String reason) {
    log.accept(reason);
    orders.attempted(order.generation(), new Orders.Attempt(phase, Optional.of(reason)));
  }

  private void stage(Orders.Order order) throws InterruptedException {
    ReleaseName name = ReleaseName.parse(order.release());
    String slot = host.slotForStaging();
    log.accept("Staging " + name + " to slot " + slot + ".");
    try (PulledRelease release = PulledRelease.open(api, name, Digest.parse(order.digest()))) {
      host.stage(slot, release, Optional.of(release.description()));
    }
    log.accept("Slot " + slot + " holds " + name + ".");
  }

  private void switchOver(Orders.Order order) {
    String slot =
        holding(host.status(), order.digest())
            .orElseThrow(
                () ->
                    new OperatorError(
                        "No slot holds "
                            + order.release()
                            + " ("
                            + order.digest()
                            + "), so there is nothing to switch to."));
    log.accept("Switching to slot " + slot + ", which holds " + order.release() + ".");
    host.switchTo(slot, CommitPolicy.ofWord(order.commit()));
  }

  private static Optional<String> holding(HostStatus status, String digest) {
    return status.slots().stream()
        .filter(slot -> slot.state().equals("ready") && slot.digest().equals(digest))
        .map(SlotStatus::name)
        .findFirst();
  }

  private static boolean runs(HostStatus status, String digest) {
    return status.running().digest().equals(digest);
  }

  private static Duration jittered(Duration wait) {
    double factor = 1 + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER);
    long millis = Math.min(wait.toMillis(), LONGEST_WAIT.toMillis());
    return Duration.ofMillis((long) (millis * factor));
  }

  /** Full jitter, so that hosts which lost the controller together do not come back together. */
  private static Duration backoff(int failures) {
    long ceiling =
        Math.min(
            LONGEST_BACKOFF.toMillis(), FIRST_BACKOFF_MILLIS << Math.min(failures, MOST_DOUBLINGS));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(FIRST_BACKOFF_MILLIS, ceiling));
  }
}
