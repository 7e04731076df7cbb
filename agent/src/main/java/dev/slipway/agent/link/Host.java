package dev.slipway.agent.link;

import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.HostStatus;
import dev.slipway.image.Image;
import dev.slipway.release.ReleaseDescription;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the link to the controller may ask of the host it runs on. The daemon hands it in; every
 * operation here does the same as the command of that name, with the same refusals.
 */
public interface Host {
  /** The host as it is now. Cheap enough for every sync. */
  HostStatus status();

  /**
   * The slot a release can be staged to: not running, not the default, not on trial; the one that a
   * rollback would go to only when no other is free; of the others an empty one first.
   *
   * @throws dev.slipway.linux.OperatorError when there is none, saying which slot is kept for what
   */
  String slotForStaging();

  /**
   * Writes an image to a slot, reads it back and verifies it. Blocks until that is done.
   *
   * @param image closed by the caller
   * @param release what its publisher said about it, to hold what was read back against; empty for
   *     an image that is no release
   * @throws dev.slipway.linux.OperatorError when the slot may not be written, or writing or
   *     verifying failed; the slot is then marked empty and {@link #status} carries the failure
   */
  void stage(String slot, Image image, Optional<ReleaseDescription> release);

  /**
   * Switches to a slot that was staged, by kexec where that works. Returns once the system goes
   * down; the process is ended by that soon after.
   *
   * @throws dev.slipway.linux.OperatorError when the preflight refuses (exit code 3) or the switch
   *     could not be started
   */
  void switchTo(String slot, CommitPolicy policy);

  /** Where the enrolment lies: {@code agent/} on the data partition. May not exist yet. */
  Path enrolmentDirectory();
}
