package dev.slipway.agent.switching;

import java.util.Optional;

/**
 * What the running system shows besides its command line.
 *
 * @param bootId the kernel's id of this boot
 * @param panicRecorded whether pstore holds a panic that is newer than the newest switch
 * @param lastWords what the last trial without an agent left behind
 * @param operationRunning whether a flash or switch is at work right now
 * @param shuttingDown whether the system is on its way down
 */
public record Evidence(
    String bootId,
    boolean panicRecorded,
    Optional<LastWords> lastWords,
    boolean operationRunning,
    boolean shuttingDown) {}
