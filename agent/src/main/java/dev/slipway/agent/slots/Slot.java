package dev.slipway.agent.slots;

import dev.slipway.disk.Partition;
import java.nio.file.Path;

/**
 * One slot of the host's disk.
 *
 * @param name as in the partition's name, {@code slipway-slot-NAME}
 * @param partition its partition
 * @param device the partition's block device
 */
public record Slot(String name, Partition partition, Path device) {
  /** Bytes. */
  public long size() {
    return partition.size();
  }
}
