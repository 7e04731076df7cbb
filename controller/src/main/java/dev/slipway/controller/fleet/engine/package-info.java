/**
 * What the fleet does next, as a pure function of state, event and time.
 *
 * <p>Nothing in here has a clock, a thread, a random number, a file or a database, so that the same
 * events always lead to the same decisions and a simulation can run years of them. An ArchUnit test
 * holds that. Names and numbers (H1, R13, ...) are those of the tables in {@link HostTransitions}
 * and {@link RolloutTransitions}.
 */
package dev.slipway.controller.fleet.engine;
