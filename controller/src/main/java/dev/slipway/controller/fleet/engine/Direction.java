package dev.slipway.controller.fleet.engine;

/** Which way a host of a rollout goes. */
public enum Direction {
  /** To the rollout's release. */
  FORWARD,
  /** To what it ran before. */
  BACK
}
