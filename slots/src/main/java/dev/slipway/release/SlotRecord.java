package dev.slipway.release;

import dev.slipway.tree.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * What a host knows about one of its slots. It lives on the data partition, as {@code
 * slots/NAME.json}, so that every slot's agent sees the same.
 */
public sealed interface SlotRecord {
  /** The slot's name, as in the partition name {@code slipway-slot-NAME}. */
  String slot();

  /** The word for this state in files, messages and tables: empty, staging or ready. */
  String state();

  /** What the slot holds, when that was written and verified; empty in every other state. */
  default Optional<Ready> ready() {
    return this instanceof Ready ready ? Optional.of(ready) : Optional.empty();
  }

  /** Nothing was ever written, or what is there is not to be trusted. */
  record Empty(String slot) implements SlotRecord {
    @Override
    public String state() {
      return "empty";
    }
  }

  /**
   * Being written; a slot left in this state by a crash or power cut is as good as empty.
   *
   * @param reference where the image comes from
   * @param transaction the ULID under which the journal tells of it
   */
  record Staging(String slot, String reference, String transaction) implements SlotRecord {
    @Override
    public String state() {
      return "staging";
    }
  }

  /**
   * Written, read back and found equal to its manifest.
   *
   * @param reference where the image came from
   * @param release its name, when it is a published release
   * @param digest of the image: of its manifest, its configuration or its whole tar, as {@code
   *     dev.slipway.image.Image} has it
   * @param manifest digest of the text form of the tree's manifest
   * @param kernel digest of {@code /boot/slipway/vmlinuz}
   * @param initrd digest of {@code /boot/slipway/initrd}
   * @param kernelVersion as in {@code uname -r}
   * @param fileSystem what the slot is formatted with, as mount(8) calls it: xfs or ext4
   * @param fileSystemUuid the file system's UUID, in its canonical lower-case form
   * @param writtenAt when the last byte was flushed
   * @param verifiedAt when the reading back ended
   * @param transaction the ULID under which the journal tells of it; the builder of a golden disk
   *     gives one too
   */
  record Ready(
      String slot,
      String reference,
      Optional<ReleaseName> release,
      Digest digest,
      Digest manifest,
      Digest kernel,
      Digest initrd,
      String kernelVersion,
      String fileSystem,
      String fileSystemUuid,
      Instant writtenAt,
      Instant verifiedAt,
      String transaction)
      implements SlotRecord {
    @Override
    public String state() {
      return "ready";
    }
  }
}
