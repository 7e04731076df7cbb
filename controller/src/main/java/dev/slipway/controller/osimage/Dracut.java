package dev.slipway.controller.osimage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** dracut: of Fedora, RHEL, SUSE, and to be had in Debian. */
final class Dracut implements InitrdTool {
  private static final String MODULES = "/usr/lib/dracut/modules.d";

  /** Ours, below the kind of hook; dracut puts the hook's number before the name. */
  private static final List<String> HOOKS =
      List.of(
          "pre-pivot/slipway-pre-pivot.sh",
          "emergency/slipway-emergency.sh",
          "shutdown-emergency/slipway-emergency.sh");

  private final DracutFolder folder;

  Dracut(DracutFolder folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "dracut";
  }

  @Override
  public boolean isIn(OsTree tree) {
    boolean program = tree.isFile("/usr/bin/dracut") || tree.isFile("/usr/sbin/dracut");
    return program && tree.isDirectory(MODULES);
  }

  @Override
  public void putParts(OsTree tree, SlotInitrd.Plan plan, ChangeLog changes) {
    String module = MODULES + "/" + DracutFolder.MODULE;
    tree.delete(module);
    for (Path file : folder.moduleFiles()) {
      tree.copyIn(file, module + "/" + file.getFileName(), 0755);
    }
    changes.added(
        module, "mounts the data partition and sets the host up, in every initrd made here");
  }

  @Override
  public List<String> question() {
    return List.of("dracut", "--help");
  }

  @Override
  public List<String> command(SlotInitrd.Plan plan, String output, String help) {
    List<String> command = new ArrayList<>(List.of("dracut", "--force"));
    Set<String> known = Set.copyOf(List.of(help.split("[^A-Za-z0-9-]+", -1)));
    folder.options().stream()
        .filter(option -> !option.ifKnown() || known.contains(option.name()))
        .forEach(option -> command.addAll(option.arguments()));
    option(command, "--add-drivers", plan.drivers());
    option(command, "--filesystems", plan.fileSystems());
    command.addAll(
        List.of(
            "--tmpdir",
            "/tmp",
            "--kver",
            plan.kernel().version(),
            "--kmoddir",
            plan.kernel().modules(),
            output));
    return command;
  }

  private static void option(List<String> command, String option, List<String> values) {
    if (!values.isEmpty()) {
      command.addAll(List.of(option, String.join(" ", values)));
    }
  }

  @Override
  public List<String> missingParts(Set<String> names) {
    Stream<String> hooks =
        HOOKS.stream().filter(hook -> names.stream().noneMatch(name -> isHook(name, hook)));
    Stream<String> scripts =
        DracutFolder.SCRIPTS.stream()
            .map(script -> DracutFolder.IN_INITRD + script)
            .filter(script -> !names.contains(script));
    return Stream.concat(hooks.map(hook -> "hooks/" + hook), scripts).toList();
  }

  private static boolean isHook(String name, String hook) {
    int slash = hook.indexOf('/');
    return name.contains("/hooks/" + hook.substring(0, slash + 1))
        && name.endsWith(hook.substring(slash + 1));
  }

  @Override
  public String configuration() {
    return "/etc/dracut.conf.d";
  }
}
