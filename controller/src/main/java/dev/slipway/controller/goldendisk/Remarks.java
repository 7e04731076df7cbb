package dev.slipway.controller.goldendisk;

import dev.slipway.controller.osimage.PreparedImage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an operator is told of a disk that was built, although it was: what is worth knowing of each
 * slot, and what the disk is without.
 *
 * @param slots as they were written
 */
record Remarks(DiskDescription description, List<SlotWriter.Written> slots) {

  /** A line each, the warnings last. */
  List<String> lines() {
    return Stream.of(slots.stream().flatMap(Remarks::ofSlot), noWayIn(), noRulesOfTime().stream())
        .flatMap(lines -> lines)
        .toList();
  }

  private static Stream<String> ofSlot(SlotWriter.Written written) {
    String slot = written.record().slot();
    PreparedImage image = written.image();
    return Stream.concat(
        image.notesBesidesWayIn().stream().map(note -> note.noteOn(slot)),
        Stream.of(slot + ": " + image.changeCount() + "."));
  }

  /** Users are the host's, but nobody may have given it any, or such as have keys alone. */
  private Stream<String> noWayIn() {
    if (description.host().hasPassword()) {
      return Stream.empty();
    }
    List<SlotWriter.Written> closed = slots.stream().filter(slot -> !slot.image().wayIn()).toList();
    if (description.host().hasSshKey()) {
      return closed.stream().flatMap(slot -> keysThatNothingTakes(slot).stream());
    }
    return closed.isEmpty()
        ? Stream.empty()
        : Stream.of(
            "Warning: nobody can log in to "
                + closed.stream()
                    .map(slot -> slot.record().slot())
                    .collect(Collectors.joining(", "))
                + (description.data().isPresent()
                    ? ": no user of 'host' in "
                        + description.file()
                        + " has an SSH key or a password hash, and no account of the image has."
                    : ": no account of the image has an SSH key that a server takes or a password"
                        + " hash, and with 'data: off' there are no others."));
  }

  private Optional<String> keysThatNothingTakes(SlotWriter.Written slot) {
    return slot.image()
        .noSshServer()
        .map(
            toInstall ->
                "Warning: nobody can log in to "
                    + slot.record().slot()
                    + ": users of 'host' in "
                    + description.file()
                    + " have SSH keys and no password hash, and the image has no SSH server. "
                    + toInstall);
  }

  private Optional<String> noRulesOfTime() {
    return description
        .host()
        .timezoneWithoutRules()
        .map(
            name ->
                "Warning: this machine has no rules of the time zone "
                    + name
                    + " (/usr/share/zoneinfo/"
                    + name
                    + "), so it cannot be checked here, and slots whose image has none keep their"
                    + " own. Install tzdata here or in the images, and build the disk again.");
  }
}
