package dev.slipway.controller.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/**
 * Keeps credentials out of the log, whatever level it is set to. Below INFO libraries write down
 * what passes through them: Jetty all headers, and with them the operator's token.
 */
final class LibraryLogs {
  private static final String OWN = "dev.slipway";

  private LibraryLogs() {}

  /** Has everything but Slipway itself log INFO at most. */
  static void limit() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger own = context.getLogger(OWN);
    own.setLevel(own.getEffectiveLevel());
    context.getLoggerList().stream()
        .filter(logger -> !(logger.getName() + ".").startsWith(OWN + "."))
        .filter(logger -> logger.getLevel() != null)
        .filter(logger -> Level.INFO.isGreaterOrEqual(logger.getLevel()))
        .forEach(logger -> logger.setLevel(Level.INFO));
  }
}
