package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** initramfs-tools: of Debian and Ubuntu (initramfs-tools(7), mkinitramfs(8)). */
final class InitramfsTools implements InitrdTool {
  private static final String PROGRAM = "/usr/sbin/mkinitramfs";
  private static final String HOME = "/usr/share/initramfs-tools";

  /** Ours, in the slot; the hook takes from there what goes into the initrd. */
  private static final String PARTS = "/usr/lib/slipway/initrd";

  private static final String CONF = HOME + "/conf.d/slipway";
  private static final String SETS_UP =
      "mounts the data partition and sets the host up, in every initrd made here";

  /** From the folder's initramfs-tools/ to where the tool looks. */
  private static final Map<String, String> SCRIPTS =
      new TreeMap<>(
          Map.of(
              "hook", HOME + "/hooks/slipway",
              "init-top", HOME + "/" + script("init-top"),
              "local-bottom", HOME + "/" + script("local-bottom"),
              "panic", HOME + "/" + script("panic")));

  /** What the hook copies. */
  private static final List<String> PROGRAMS =
      List.of("mount", "umount", "mkdir", "chroot", "readlink", "cat", "dd");

  private final DracutFolder folder;

  InitramfsTools(DracutFolder folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "initramfs-tools";
  }

  @Override
  public boolean isIn(OsTree tree) {
    return tree.isFile(PROGRAM) && tree.isDirectory(HOME);
  }

  @Override
  public void putParts(OsTree tree, SlotInitrd.Plan plan, ChangeLog changes) {
    SCRIPTS.forEach(
        (name, path) -> {
          tree.copyIn(folder.file("initramfs-tools/" + name), path, 0755);
          changes.added(path, SETS_UP);
        });
    tree.copyIn(folder.file("initramfs-tools/conf"), CONF, 0644);
    changes.added(CONF, SETS_UP);
    for (String script : DracutFolder.SCRIPTS) {
      tree.copyIn(folder.file(DracutFolder.MODULE + "/" + script), PARTS + "/" + script, 0755);
    }
    tree.write(
        PARTS + "/drivers",
        Stream.concat(plan.drivers().stream(), plan.fileSystems().stream())
            .map(driver -> driver + "\n")
            .collect(Collectors.joining()),
        0644);
    changes.added(PARTS, "what goes into every initrd made here");
  }

  @Override
  public List<String> command(SlotInitrd.Plan plan, String output, String answer) {
    // gzip is the only compression that every kernel reads.
    return List.of(
        "env", "TMPDIR=/tmp", "mkinitramfs", "-c", "gzip", "-o", output, plan.kernel().version());
  }

  @Override
  public List<String> missingParts(Set<String> names) {
    return Stream.of(
            Stream.of("init-top", "local-bottom", "panic").map(InitramfsTools::script),
            DracutFolder.SCRIPTS.stream().map(script -> DracutFolder.IN_INITRD + script),
            PROGRAMS.stream().map(program -> DracutFolder.IN_INITRD + "bin/" + program))
        .flatMap(parts -> parts)
        .filter(part -> !names.contains(part))
        .toList();
  }

  /** Ours among the boot scripts of a kind, below {@link #HOME} as in an initrd. */
  private static String script(String kind) {
    return "scripts/" + kind + "/slipway";
  }

  @Override
  public String configuration() {
    return "/etc/initramfs-tools";
  }
}
