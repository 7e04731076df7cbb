package dev.slipway.agent.cli;

import dev.slipway.agent.health.HealthChecks;
import dev.slipway.agent.health.Verdict;
import dev.slipway.agent.link.Link;
import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.switching.Conclusion;
import dev.slipway.agent.switching.Event;
import dev.slipway.agent.switching.Reconciliation;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.agent.switching.Transaction;
import dev.slipway.agent.switching.Trial;
import dev.slipway.linux.OperatorError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What runs from boot to shutdown: repairs first, then the trial if there is one, then the link to
 * the controller.
 */
final class Daemon {
  private static final long UNTIL_JOINED_MILLIS = 5_000;
  private static final long UNTIL_MENDED_MILLIS = 60_000;
  private static final Duration BETWEEN_DEPARTURES = Duration.ofMinutes(1);

  private final ThisHost host;
  private final Supplier<Optional<Link>> enrolled;
  private final Duration betweenDepartures;
  private final Trial trial;

  /**
   * @param enrolled the link to the controller, as soon as the host has joined one
   */
  Daemon(ThisHost host, Supplier<Optional<Link>> enrolled) {
    this(host, enrolled, BETWEEN_DEPARTURES);
  }

  /**
   * @param betweenDepartures how often a departure that was cut short is looked for
   */
  Daemon(ThisHost host, Supplier<Optional<Link>> enrolled, Duration betweenDepartures) {
    this.host = host;
    this.enrolled = enrolled;
    this.betweenDepartures = betweenDepartures;
    this.trial = new Trial(host, System.err::println);
  }

  void run() throws InterruptedException {
    try (LockFile.Held held = host.daemon().take()) {
      Conclusion conclusion = reconcile();
      System.err.printf(
          "Slot %s runs (%s): %s.%n",
          host.disk().boot().slot(), host.disk().boot().mode().token(), conclusion.state());
      Runtime.getRuntime().addShutdownHook(new Thread(this::sayFarewell, "farewell"));
      serve(conclusion);
    }
  }

  /** Until the shutdown ends this process. */
  void serve(Conclusion conclusion) throws InterruptedException {
    // Beside the checks and the link, which keep this thread.
    Thread departures = new Thread(this::resumeDepartures, "departures");
    departures.setDaemon(true);
    departures.start();
    try {
      switch (conclusion.state()) {
        case WARM_TRIAL, COLD_TRIAL -> judge(conclusion);
        case COMMITTED, WARM_GOOD, LEAVING -> resume(conclusion);
        case SWITCHING -> {}
      }
      while (true) {
        follow();
        Thread.sleep(UNTIL_JOINED_MILLIS);
      }
    } finally {
      departures.interrupt();
      departures.join();
    }
  }

  /** Until the host joins anew; at once over when it has not joined. */
  private void follow() throws InterruptedException {
    try {
      Optional<Link> link = enrolled.get();
      if (link.isPresent()) {
        link.get().run();
      }
    } catch (OperatorError damaged) {
      // A person has to mend it; until then this process has shutdowns to watch.
      System.err.println(damaged.getMessage());
      Thread.sleep(UNTIL_MENDED_MILLIS);
    }
  }

  /** A flash or switch that a person started before the daemon was up goes first. */
  private Conclusion reconcile() throws InterruptedException {
    try (LockFile.Held operation = host.operation().takeWhenFree()) {
      return new Reconciliation(host).run();
    }
  }

  /** A host that cannot be rebooted stays in touch with its controller. */
  private void resume(Conclusion conclusion) {
    try {
      trial.resume(conclusion);
    } catch (OperatorError notTaken) {
      System.err.println(notTaken.getMessage());
    }
  }

  private void resumeDepartures() {
    try {
      while (true) {
        Thread.sleep(betweenDepartures.toMillis());
        resumeDeparture();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void resumeDeparture() {
    try {
      trial.resumeDeparture();
    } catch (RuntimeException e) {
      System.err.println(
          "Whether this host is to leave its slot could not be found out, or it could not leave: "
              + e.getMessage());
    }
  }

  private void judge(Conclusion conclusion) throws InterruptedException {
    trial.begin();
    List<String> failedBefore =
        conclusion.transaction().map(each -> each.order().failedUnits()).orElse(List.of());
    Verdict verdict =
        new HealthChecks(host.roots(), host.init(), host::configuration).judge(failedBefore);
    trial.judged(conclusion, verdict.reason(), verdict.checks());
  }

  /** The last words before this boot ends, for the other side to conclude from. */
  private void sayFarewell() {
    Optional<Transaction> leaving =
        host.journal().read().history().open().stream()
            .filter(each -> each.order().bootId().equals(host.bootId()))
            .filter(each -> each.has(Event.Jumping.class) && !each.has(Event.Farewell.class))
            .reduce((a, b) -> b);
    leaving.ifPresent(each -> host.journal().append(new Event.Farewell(each.id())));
    if (host.init().shuttingDown()) {
      trial.interrupted();
    }
  }
}
