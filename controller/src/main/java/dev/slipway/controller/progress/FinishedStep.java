package dev.slipway.controller.progress;

import java.time.Duration;

/**
 * A step that has ended well.
 *
 * @param bytes that it was about; 0 when they were not counted
 */
record FinishedStep(String name, Duration took, long bytes) {}
