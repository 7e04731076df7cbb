package dev.slipway;

/** Removed as soon as the first class stands. */
final class Placeholder {
  private Placeholder() {}
}
