package dev.slipway.agent.link;

import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.HostStatus;
import dev.slipway.agent.switching.HostStatus.SlotStatus;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * what failed is tried again only when the controller says so anew, and what a crash cut off before
 * anything was changed is begun again.
 */
public final class ControllerLink implements Link {
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final Duration BETWEEN_RENEWALS = Duration.ofHours(1);

  /** How soon it is noticed that the host has joined anew. */
  private static final Duration GLANCE = Duration.ofSeconds(5);

  private static final double JITTER = 0.2;

  private final Host host;
  private final InstantSource clock;
  private volatile Enrolment enrolment;
  private volatile ControllerApi api;
  private Instant nextRenewal = Instant.MIN;
  private final Orders orders;
  private final Reports reports;
  private final Consumer<String> log;
  private final Semaphore somethingToSay = new Semaphore(0);
  private volatile Optional<Thread> working = Optional.empty();

  /**
   * @param log told what happens, in sentences
   */
  public ControllerLink(Host host, Enrolment enrolment, Consumer<String> log) {
    this(host, enrolment, log, InstantSource.system());
  }

  ControllerLink(Host host, Enrolment enrolment, Consumer<String> log, InstantSource clock) {
    this.host = host;
    this.clock = clock;
    this.enrolment = enrolment;
    this.api = new ControllerApi(enrolment.controller(), enrolment.tls());
    this.orders = Orders.read(host.enrolmentDirectory(), enrolment);
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
      while (holds()) {
        Duration wait;
        try {
          renewInTime();
          wait = sync();
          failures = 0;
        } catch (RuntimeException e) {
          // Whatever it is: a host that gives up its link is lost to its operators.
          failures++;
          wait = BACKOFF.after(failures);
          log.accept("No word from the controller: " + e.getMessage());
        }
        rest(wait);
      }
      log.accept("This host has left " + enrolment.controller() + ".");
    } finally {
      working.ifPresent(Thread::interrupt);
    }
    // The next link must not find this one's work in its way.
    if (working.isPresent()) {
      working.get().join();
    }
  }

  /** Without a new certificate the old one does, as long as it lasts. */
  void renewInTime() throws InterruptedException {
    Instant now = clock.instant();
    if (now.isBefore(nextRenewal) || !Renewal.isDue(enrolment.certificate(), now)) {
      return;
    }
    nextRenewal = now.plus(BETWEEN_RENEWALS);
    try {
      Enrolment renewed = Renewal.renewed(api, enrolment);
      if (renewed.replace(host.enrolmentDirectory(), enrolment)) {
        api = new ControllerApi(renewed.controller(), renewed.tls());
        enrolment = renewed;
        log.accept(
            "This host's certificate was renewed; it is valid until "
                + renewed.certificate().getNotAfter().toInstant()
                + ".");
      }
    } catch (OperatorError e) {
      log.accept(
          "This host's certificate, valid until "
              + enrolment.certificate().getNotAfter().toInstant()
              + ", could not be renewed: "
              + e.getMessage());
    }
  }

  private boolean holds() {
    return enrolment.holdsIn(host.enrolmentDirectory());
  }

  /** Waits, at most until there is something to say or this link is over. */
  private void rest(Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    for (long left = wait.toNanos(); left > 0 && holds(); left = end - System.nanoTime()) {
      if (somethingToSay.tryAcquire(Math.min(left, GLANCE.toNanos()), TimeUnit.NANOSECONDS)) {
        somethingToSay.drainPermits();
        return;
      }
    }
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
    if (!holds()) {
      log.accept("The answer came after this host had joined anew; ignored.");
    } else if (!orders.take(next)) {
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
    if (orders.attempt().flatMap(Orders.Attempt::failure).isPresent()) {
      return;
    }
    switch (order.want()) {
      case "stage" -> {
        if (holding(status, order.digest()).isEmpty()) {
          begin(attempt("stage", status), order, this::stage);
        }
      }
      case "switch" -> {
        if (!switchWasOrdered(status) && !runs(status, order.digest())) {
          begin(attempt("switch", status), order, this::switchOver);
        }
      }
      default ->
          fail(
              attempt("stage", status),
              order,
              "This agent does not know what '" + order.want() + "' means.");
    }
  }

  private static Orders.Attempt attempt(String phase, HostStatus status) {
    return new Orders.Attempt(phase, status.transaction(), Optional.empty());
  }

  /**
   * Whether the order led to a switch. An agent that died before that has changed nothing, and the
   * order is still to be followed.
   */
  private boolean switchWasOrdered(HostStatus status) {
    return orders.attempt().filter(made -> made.wasJournaled(status.transaction())).isPresent();
  }

  /** Following an order; what goes wrong is told by an exception. */
  private interface Work {
    void on(Orders.Order order) throws InterruptedException;
  }

  private void begin(Orders.Attempt attempt, Orders.Order order, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                orders.attempted(order.generation(), attempt);
                work.on(order);
              } catch (RuntimeException | Error e) {
                ended(attempt, order, e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                somethingToSay.release();
              }
            },
            attempt.phase());
    thread.setDaemon(true);
    working = Optional.of(thread);
    thread.start();
    somethingToSay.release();
  }

  private void ended(Orders.Attempt attempt, Orders.Order order, Throwable cause) {
    if (Thread.currentThread().isInterrupted()) {
      // The link ends, which is no fault of the order; another link follows it, or need not.
      return;
    }
    fail(
        attempt,
        order,
        cause instanceof OperatorError ? cause.getMessage() : "The agent failed: " + cause);
  }

  private void fail(Orders.Attempt attempt, Orders.Order order, String reason) {
    log.accept(reason);
    orders.attempted(order.generation(), attempt.failed(reason));
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
}
