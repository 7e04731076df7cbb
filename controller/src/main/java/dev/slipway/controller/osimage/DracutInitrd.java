package dev.slipway.controller.osimage;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a slot's initrd with the dracut of the slot, and checks what came out: dracut takes a
 * missing driver for a warning.
 */
final class DracutInitrd {
  private static final String MODULES = "/usr/lib/dracut/modules.d";
  private static final String HOOK = "slipway-pre-pivot.sh";

  /** Of the data partition, in every slot. */
  private static final String DATA_FILE_SYSTEM = "ext4";

  private final DracutFolder folder;
  private final Set<String> fileSystems;

  /** For roots on these file systems. */
  DracutInitrd(DracutFolder folder, Set<String> rootFileSystems) {
    this.folder = folder;
    this.fileSystems = new TreeSet<>(rootFileSystems);
    this.fileSystems.add(DATA_FILE_SYSTEM);
  }

  /**
   * Looks whether one can be made, without making it.
   *
   * @return the modules of the kernel
   * @throws OperatorError when the image has no dracut, or its kernel lacks a driver
   */
  KernelModules requirePossible(OsTree tree, InstalledKernel kernel) {
    refuseWithoutDracut(tree);
    KernelModules modules = new KernelModules(tree, kernel);
    refuseWithoutDrivers(kernel, modules);
    return modules;
  }

  /** Makes the initrd for the kernel, whose boot file is in place already. */
  void make(OsTree tree, InstalledKernel kernel, ChangeLog changes) {
    KernelModules modules = requirePossible(tree, kernel);
    putModule(tree, changes);
    tree.delete(SlotBootFiles.INITRD);
    Path target = new BootFiles(tree).onMachine(SlotBootFiles.INITRD);
    boolean good = false;
    try {
      new Sandbox(tree.location()).run(target.getParent(), command(kernel, modules, target));
      check(tree, modules);
      good = true;
    } finally {
      if (!good) {
        tree.delete(SlotBootFiles.INITRD);
      }
    }
    changes.added(
        SlotBootFiles.INITRD,
        "made by dracut of the image for the kernel " + kernel.version() + ", for any machine");
  }

  private static void refuseWithoutDracut(OsTree tree) {
    boolean there = tree.isFile("/usr/bin/dracut") || tree.isFile("/usr/sbin/dracut");
    if (!there || !tree.isDirectory(MODULES)) {
      throw new OperatorError(
          "The image has no dracut to make its initrd with. "
              + Distribution.of(tree).toGetDracut()
              + " Or bring /boot/slipway/vmlinuz and /boot/slipway/initrd in the image and set"
              + " 'initrd: keep'.");
    }
  }

  private void refuseWithoutDrivers(InstalledKernel kernel, KernelModules modules) {
    List<String> needed = new ArrayList<>(fileSystems);
    folder.drivers().stream()
        .filter(DracutFolder.Driver::required)
        .forEach(driver -> needed.add(driver.name()));
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

  private void putModule(OsTree tree, ChangeLog changes) {
    String module = MODULES + "/" + DracutFolder.MODULE;
    tree.delete(module);
    for (Path file : folder.moduleFiles()) {
      tree.copyIn(file, module + "/" + file.getFileName(), 0755);
    }
    changes.added(
        module, "mounts the data partition and sets the host up, in every initrd made here");
  }

  private List<String> command(InstalledKernel kernel, KernelModules modules, Path target) {
    List<String> command = new ArrayList<>(List.of("dracut", "--force"));
    command.addAll(folder.options());
    List<String> drivers = wanted(modules);
    if (!drivers.isEmpty()) {
      command.addAll(List.of("--add-drivers", String.join(" ", drivers)));
    }
    command.addAll(
        List.of(
            "--filesystems",
            String.join(" ", fileSystems),
            "--tmpdir",
            "/tmp",
            "--kver",
            kernel.version(),
            "--kmoddir",
            kernel.modules(),
            Sandbox.OUTPUT + "/" + target.getFileName()));
    return command;
  }

  /** The drivers that the kernel has as modules. */
  private List<String> wanted(KernelModules modules) {
    return folder.drivers().stream()
        .map(DracutFolder.Driver::name)
        .filter(modules::isLoadable)
        .toList();
  }

  private void check(OsTree tree, KernelModules modules) {
    InitrdContents contents =
        InitrdContents.of(
            tree.readBytes(SlotBootFiles.INITRD)
                .orElseThrow(() -> new OperatorError("dracut of the image made no initrd.")));
    List<String> expected = new ArrayList<>(wanted(modules));
    fileSystems.stream().filter(modules::isLoadable).forEach(expected::add);
    expected.removeIf(driver -> contents.modules().contains(driver.replace('-', '_')));
    if (!expected.isEmpty()) {
      throw new OperatorError(
          "dracut of the image left the driver "
              + String.join(", ", expected)
              + " out of the initrd, although the kernel has it. See whether a file in"
              + " /etc/dracut.conf.d of the image omits it.");
    }
    boolean hook =
        contents.names().stream()
            .anyMatch(name -> name.contains("/hooks/pre-pivot/") && name.endsWith(HOOK));
    if (!hook) {
      throw new OperatorError(
          "dracut of the image left Slipway's module out of the initrd, so the slot would not get its"
              + " host's identity. See whether a file in /etc/dracut.conf.d of the image omits"
              + " 'slipway'.");
    }
  }
}
