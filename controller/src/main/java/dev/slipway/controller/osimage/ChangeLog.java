package dev.slipway.controller.osimage;

import java.util.ArrayList;
import java.util.List;

/** Collects what was changed, with reasons, for the list that the slot carries. */
final class ChangeLog {
  static final String FILE = "/usr/lib/slipway/changes";

  private final List<Change> changes = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  void added(String path, String reason) {
    changes.add(new Change(Change.Kind.ADDED, path, reason));
  }

  void changed(String path, String reason) {
    changes.add(new Change(Change.Kind.CHANGED, path, reason));
  }

  /** Changed where something was there before, else added. */
  void put(boolean wasThere, String path, String reason) {
    if (wasThere) {
      changed(path, reason);
    } else {
      added(path, reason);
    }
  }

  void removed(String path, String reason) {
    changes.add(new Change(Change.Kind.REMOVED, path, reason));
  }

  /** Something that stays as it is and is worth knowing, as a full sentence. */
  void noted(String sentence) {
    notes.add(sentence);
  }

  /** Takes over the changes that another one lists. */
  void addChanges(ChangeLog other) {
    changes.addAll(other.changes);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  List<Change> all() {
    return List.copyOf(changes);
  }

  /** Puts the list into the tree: one change a line, the list itself too. */
  void writeTo(OsTree tree) {
    added(FILE, "this list");
    StringBuilder text =
        new StringBuilder("# What Slipway added to this image or changed in it, and why.\n");
    changes.forEach(change -> text.append(change).append('\n'));
    tree.write(FILE, text.toString(), 0644);
  }
}
