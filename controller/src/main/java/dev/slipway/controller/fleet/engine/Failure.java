package dev.slipway.controller.fleet.engine;

/**
 * Why a host did not end up on a release.
 *
 * @param phase where it went wrong: {@code stage}, {@code preflight}, {@code boot}, {@code check},
 *     {@code cold}, {@code silence}, or what the agent called it
 * @param reason one sentence for people
 * @param digest of the release it is about; empty if the agent did not say
 */
public record Failure(String phase, String reason, String digest) {}
