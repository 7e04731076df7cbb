package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.GrubImages;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.linux.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of this machine that a disk is built with. Most are run when nearly all is written,
 * and a real disk has lost what it held by then, so they are looked for before.
 *
 * @param tools make the file systems
 */
record BuildPrograms(DiskDescription description, MkfsTools tools) {

  /**
   * Refuses the disk when any of them is missing.
   *
   * @param others that are needed for where this disk goes
   * @throws dev.slipway.linux.OperatorError with all that are missing, and the packages that bring
   *     them
   */
  void require(List<Program> others) {
    List<Program> programs = new ArrayList<>(List.of(GrubImages.PROGRAM, GrubReader.PROGRAM));
    programs.addAll(EfiSystemPartition.PROGRAMS);
    for (Content content : contents()) {
      programs.add(tools.program(content.fileSystem()));
      programs.addAll(OsImagePreparation.programs(content.initrd()));
    }
    if (description.data().isPresent()) {
      programs.add(tools.program(FileSystemKind.EXT4));
    }
    programs.addAll(others);
    Program.requireAll("Building this disk", programs);
  }

  private List<Content> contents() {
    return description.slots().stream().flatMap(slot -> slot.content().stream()).toList();
  }
}
