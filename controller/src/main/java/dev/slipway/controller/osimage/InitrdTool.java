package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A program of the image that makes initrds. */
sealed interface InitrdTool permits Dracut, InitramfsTools, Mkinitfs {
  /** The one that the image has; of several the first of dracut, initramfs-tools and mkinitfs. */
  static Optional<InitrdTool> of(OsTree tree, DracutFolder folder) {
    return Stream.of(new Dracut(folder), new InitramfsTools(folder), new Mkinitfs(folder))
        .filter(tool -> tool.isIn(tree))
        .findFirst()
        .map(InitrdTool.class::cast);
  }

  /** As its package is called. */
  String name();

  /** Whether the image has it. */
  boolean isIn(OsTree tree);

  /** Puts Slipway's parts where the tool takes them up, in later runs in the slot too. */
  void putParts(OsTree tree, SlotInitrd.Plan plan, ChangeLog changes);

  /** How its version is asked what it knows; empty for a tool whose versions are used alike. */
  default List<String> question() {
    return List.of();
  }

  /**
   * Makes the initrd at {@code output}, seen from inside the tree.
   *
   * @param answer what it said to the question
   */
  List<String> command(SlotInitrd.Plan plan, String output, String answer);

  /**
   * Which of Slipway's files an initrd lacks, whatever number or directory the tool gives them.
   *
   * @param names all that are in the initrd
   */
  List<String> missingParts(Set<String> names);

  /** Where the image says what the tool does. */
  String configuration();
}
