package dev.slipway.boot;

import dev.slipway.disk.PartitionId;

/**
 * What Slipway says on the kernel command line about a boot.
 *
 * @param slot the slot that is booted
 * @param partition its partition, which is the root
 * @param mode what kind of boot
 * @param why a word such as {@code triesout}; may be empty text
 * @param transaction the switch it belongs to; may be empty text
 */
public record BootArguments(
    String slot, PartitionId partition, BootMode mode, String why, String transaction) {}
