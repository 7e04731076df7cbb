package dev.slipway.filesystem;

/**
 * What an operator wants of a feature, whatever its readers would give.
 *
 * @param on whether it shall be there
 * @param place where that was said, to begin a sentence with, such as {@code disk.yml, line 3:
 *     'slots[0].features.bigtime'}
 */
public record Demand(boolean on, String place) {}
