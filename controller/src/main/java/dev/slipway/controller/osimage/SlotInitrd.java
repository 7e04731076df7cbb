package dev.slipway.controller.osimage;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a slot's initrd with the tool of the slot, and checks what came out: the tools take a
 * missing driver for a warning.
 */
final class SlotInitrd {
  /** Of the data partition, in every slot. */
  private static final String DATA_FILE_SYSTEM = "ext4";

  private final DracutFolder folder;
  private final Set<String> fileSystems;

  /** For roots on these file systems. */
  SlotInitrd(DracutFolder folder, Set<String> rootFileSystems) {
    this.folder = folder;
    this.fileSystems = new TreeSet<>(rootFileSystems);
    this.fileSystems.add(DATA_FILE_SYSTEM);
  }

  /** For roots on the file systems that these options name. */
  static SlotInitrd of(PreparationOptions options) {
    return new SlotInitrd(new DracutFolder(options.dracutFolder()), options.fileSystems());
  }

  /**
   * Looks whether one can be made, without making it.
   *
   * @return what the initrd will be made of
   * @throws OperatorError when the image has no tool to make it, or its kernel lacks a driver
   */
  Plan plan(OsTree tree, InstalledKernel kernel) {
    InitrdTool tool =
        InitrdTool.of(tree, folder)
            .orElseThrow(
                () ->
                    new OperatorError(
                        "The image has none of dracut, initramfs-tools and mkinitfs to make its initrd"
                            + " with. "
                            + Distribution.of(tree).toGetDracut()
                            + " Or bring /boot/slipway/vmlinuz and /boot/slipway/initrd in the"
                            + " image and set 'initrd: keep'."));
    KernelModules modules = new KernelModules(tree, kernel);
    refuseWithoutDrivers(kernel, modules);
    List<String> drivers =
        folder.drivers().stream()
            .map(DracutFolder.Driver::name)
            .filter(modules::isLoadable)
            .toList();
    return new Plan(
        tool, kernel, drivers, fileSystems.stream().filter(modules::isLoadable).toList());
  }

  /**
   * What an initrd is made of.
   *
   * @param drivers those of the list that the kernel has as modules
   * @param fileSystems those of the slot and the data partition that it has as modules
   */
  record Plan(
      InitrdTool tool, InstalledKernel kernel, List<String> drivers, List<String> fileSystems) {}

  /**
   * Makes the initrd for the kernel, whose boot file is in place already.
   *
   * @param epoch the time that it is made as of, so that the same tree gives the same bytes; dracut
   *     and initramfs-tools know the variable
   */
  void make(
      OsTree tree, InstalledKernel kernel, Optional<SourceDateEpoch> epoch, ChangeLog changes) {
    Plan plan = plan(tree, kernel);
    plan.tool().putParts(tree, plan, changes);
    tree.delete(SlotBootFiles.INITRD);
    Path target = new BootFiles(tree).onMachine(SlotBootFiles.INITRD);
    boolean good = false;
    try {
      Sandbox sandbox = new Sandbox(tree.location());
      String answer = answer(sandbox, target.getParent(), plan.tool().question());
      List<String> command = new ArrayList<>();
      epoch.map(SourceDateEpoch::assignment).ifPresent(command::add);
      command.addAll(
          plan.tool().command(plan, Sandbox.OUTPUT + "/" + target.getFileName(), answer));
      sandbox.run(target.getParent(), command);
      check(tree, plan);
      good = true;
    } finally {
      if (!good) {
        tree.delete(SlotBootFiles.INITRD);
      }
    }
    changes.added(
        SlotBootFiles.INITRD,
        "made by "
            + plan.tool().name()
            + " of the image for the kernel "
            + kernel.version()
            + ", for any machine");
  }

  /** dracut ends its help with exit code 1 in some versions, and has it on either stream. */
  private static String answer(Sandbox sandbox, Path output, List<String> question) {
    if (question.isEmpty()) {
      return "";
    }
    Command.Result result = sandbox.runUnchecked(output, question);
    return result.out() + "\n" + result.err();
  }

  /** Without these a slot does not find its root. */
  List<String> needed() {
    List<String> needed = new ArrayList<>(fileSystems);
    folder.drivers().stream()
        .filter(DracutFolder.Driver::required)
        .forEach(driver -> needed.add(driver.name()));
    return needed;
  }

  private void refuseWithoutDrivers(InstalledKernel kernel, KernelModules modules) {
    List<String> needed = needed();
    needed.removeIf(driver -> modules.isLoadable(driver) || modules.isBuiltIn(driver));
    if (!needed.isEmpty()) {
      throw new OperatorError(
          "The kernel "
              + kernel.version()
              + " of the image has no driver "
              + String.join(", ", needed)
              + ", neither as a module nor built in, and could not find its root. Install another"
              + " kernel in the image.");
    }
  }

  /** Throws when the initrd that was made is not what the plan says. */
  static void check(OsTree tree, Plan plan) {
    InitrdTool tool = plan.tool();
    InitrdContents contents =
        InitrdContents.of(
            tree.readBytes(SlotBootFiles.INITRD)
                .map(ByteArrayInputStream::new)
                .orElseThrow(
                    () -> new OperatorError(tool.name() + " of the image made no initrd.")));
    List<String> missing = new ArrayList<>(plan.drivers());
    missing.addAll(plan.fileSystems());
    missing.removeIf(driver -> contents.modules().contains(driver.replace('-', '_')));
    if (!missing.isEmpty()) {
      throw new OperatorError(
          tool.name()
              + " of the image left the driver "
              + String.join(", ", missing)
              + " out of the initrd, although the kernel has it. See whether a file in "
              + tool.configuration()
              + " of the image omits it.");
    }
    List<String> missingParts = tool.missingParts(contents.names());
    if (!missingParts.isEmpty()) {
      throw new OperatorError(
          tool.name()
              + " of the image left Slipway's "
              + String.join(", ", missingParts)
              + " out of the initrd, so the slot would not get its host's identity, or a trial"
              + " without a root its way back. See whether a file in "
              + tool.configuration()
              + " of the image omits 'slipway'.");
    }
  }
}
