package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * mkinitfs: of Alpine (mkinitfs(1)). It has no hooks, so the initrd gets an init of Slipway's with
 * the programs of the image's busybox.
 */
final class Mkinitfs implements InitrdTool {
  private static final List<String> PROGRAMS = List.of("/sbin/mkinitfs", "/usr/sbin/mkinitfs");

  /** Another distribution has another tool of the same name, without this file. */
  private static final String OWN_INIT = "/usr/share/mkinitfs/initramfs-init";

  private static final String CONFIGURATION = "/etc/mkinitfs";
  private static final String FEATURE = CONFIGURATION + "/features.d/slipway";

  /** What mkinitfs is told of by options. */
  private static final String PARTS = "/usr/lib/slipway/initrd";

  /** Beside the scripts of every tool. */
  private static final String FIND_PARTITION = "partition-by-uuid.sh";

  private static final String SETS_UP =
      "mounts the data partition and sets the host up, in the initrd";

  private final DracutFolder folder;

  Mkinitfs(DracutFolder folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "mkinitfs";
  }

  @Override
  public boolean isIn(OsTree tree) {
    return PROGRAMS.stream().anyMatch(tree::isFile) && tree.isFile(OWN_INIT);
  }

  @Override
  public void putParts(OsTree tree, SlotInitrd.Plan plan, ChangeLog changes) {
    tree.copyIn(folder.file("mkinitfs/init"), PARTS + "/init", 0755);
    tree.copyIn(folder.file("mkinitfs/mkinitfs.conf"), PARTS + "/mkinitfs.conf", 0644);
    changes.added(PARTS, "the init of the initrd, and how mkinitfs makes one with it");
    // mkinitfs takes a file to where it lies.
    String home = "/" + DracutFolder.IN_INITRD;
    for (String script : DracutFolder.SCRIPTS) {
      tree.copyIn(folder.file(DracutFolder.MODULE + "/" + script), home + script, 0755);
      changes.added(home + script, SETS_UP);
    }
    tree.copyIn(folder.file("mkinitfs/" + FIND_PARTITION), home + FIND_PARTITION, 0755);
    changes.added(home + FIND_PARTITION, SETS_UP);
    tree.copyIn(folder.file("mkinitfs/slipway.files"), FEATURE + ".files", 0644);
    tree.write(FEATURE + ".modules", modules(tree, plan), 0644);
    for (String list : List.of(FEATURE + ".files", FEATURE + ".modules")) {
      changes.added(list, "what goes into the initrd");
    }
  }

  /** Files below the directory of a kernel's modules, whatever they are compressed with. */
  private String modules(OsTree tree, SlotInitrd.Plan plan) {
    KernelModules modules = new KernelModules(tree, plan.kernel());
    return folder.text("mkinitfs/slipway.modules")
        + Stream.concat(plan.drivers().stream(), plan.fileSystems().stream())
            .flatMap(driver -> modules.path(driver).stream())
            .map(path -> path.replaceFirst("\\.ko(\\.[a-z]+)?$", ".ko*") + "\n")
            .collect(Collectors.joining());
  }

  @Override
  public List<String> command(SlotInitrd.Plan plan, String output, String answer) {
    // Compressed with gzip, which every kernel reads, since no option says otherwise.
    return List.of(
        "mkinitfs",
        "-c",
        PARTS + "/mkinitfs.conf",
        "-i",
        PARTS + "/init",
        "-o",
        output,
        plan.kernel().version());
  }

  @Override
  public List<String> missingParts(Set<String> names) {
    return Stream.concat(DracutFolder.SCRIPTS.stream(), Stream.of(FIND_PARTITION))
        .map(script -> DracutFolder.IN_INITRD + script)
        .filter(part -> !names.contains(part))
        .toList();
  }

  @Override
  public String configuration() {
    return CONFIGURATION;
  }
}
