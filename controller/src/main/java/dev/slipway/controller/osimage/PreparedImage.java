package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Optional;

/**
 * What came of a preparation.
 *
 * @param kernelVersion of the kernel that boots, as uname -r says it
 * @param changes everything that was added, changed or removed, in the order it happened
 * @param notes what stays as it is and is worth knowing
 * @param wayIn whether an account of the image itself lets somebody log in
 * @param noSshServer what to install so that it takes SSH keys, as a sentence; empty when it does
 */
public record PreparedImage(
    String kernelVersion,
    List<Change> changes,
    List<Finding> notes,
    boolean wayIn,
    Optional<String> noSshServer) {
  public PreparedImage {
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  /** The notes for whoever knows the host's users too, and can say who logs in. */
  public List<Finding> notesBesidesWayIn() {
    return notes.stream().filter(note -> !note.check().equals(WayIn.NAME)).toList();
  }

  /** How many changes there are, and where they are listed: a phrase without a full stop. */
  public String changeCount() {
    return changes.size() + " changes (in " + ChangeLog.FILE + ")";
  }
}
