package dev.slipway.controller.goldendisk;

import dev.slipway.boot.TransactionId;
import dev.slipway.disk.BiosBootCode;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;

/**
 * What a disk will be as far as it can be made without writing to it, so that it fails before the
 * long work.
 *
 * @param stamps what else is made gets its identities and times from
 * @param transaction the one that the first boot environment and the slots' records name
 */
record DiskPlan(
    DiskLayout layout,
    BiosBootCode bios,
    EfiSystemPartition esp,
    Stamps stamps,
    TransactionId transaction) {}
