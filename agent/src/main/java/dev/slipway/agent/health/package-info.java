/** Deciding whether a trial is healthy. */
package dev.slipway.agent.health;
