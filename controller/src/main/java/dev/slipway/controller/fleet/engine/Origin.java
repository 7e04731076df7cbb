package dev.slipway.controller.fleet.engine;

/**
 * What a host ran at some time.
 *
 * @param slot its name
 * @param digest of what was in it
 * @param release its name for people; empty if it was no release
 * @param committed whether firmware booted it by default then
 */
public record Origin(String slot, String digest, String release, boolean committed) {}
