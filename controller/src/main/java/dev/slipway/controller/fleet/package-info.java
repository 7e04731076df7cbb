/**
 * The fleet: hosts, what each of them should run, rollouts, and what happened.
 *
 * <p>{@link dev.slipway.controller.fleet.engine} decides; {@link
 * dev.slipway.controller.fleet.Fleet} is the one place where its decisions become durable; the
 * resources beside them speak to agents and operators.
 */
package dev.slipway.controller.fleet;
