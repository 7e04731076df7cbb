package dev.slipway.agent.link;

/** The daemon's connection to whoever tells this host what to run. */
public interface Link {
  /**
   * Reports and obeys until the thread is interrupted. Losing the other side is no error: it is
   * tried again.
   */
  void run() throws InterruptedException;
}
