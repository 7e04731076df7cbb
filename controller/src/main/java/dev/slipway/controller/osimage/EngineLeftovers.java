package dev.slipway.controller.osimage;

import dev.slipway.linux.FileType;
import java.util.List;

/** What container engines and the building of container images leave behind. */
final class EngineLeftovers implements Check {
  private static final String HOSTNAME = "/etc/hostname";
  private static final String HOSTS = "/etc/hosts";
  private static final String LOCALHOST =
      "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";

  @Override
  public String name() {
    return "engine-leftovers";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    for (String mark : List.of("/.dockerenv", "/run/.containerenv")) {
      remove(tree, mark, "it tells programs that they run in a container", changes);
    }
    // Debian's and Ubuntu's base images have it with exit 101.
    remove(
        tree,
        "/usr/sbin/policy-rc.d",
        "it keeps packages from starting their services when they are installed",
        changes);
    for (String directory : List.of("/run", "/tmp")) {
      for (String name : tree.names(directory)) {
        remove(
            tree,
            directory + "/" + name,
            "what lies in " + directory + " belongs to the run of a container",
            changes);
      }
    }
    if (isEmptyFile(tree, HOSTNAME)) {
      remove(tree, HOSTNAME, "the engine left it empty", changes);
    }
    if (tree.read(HOSTNAME).map(String::strip).filter(EngineLeftovers::isContainerId).isPresent()) {
      remove(tree, HOSTNAME, "it is the id of a container", changes);
    }
    if (isEmptyFile(tree, HOSTS)) {
      tree.write(HOSTS, LOCALHOST, 0644);
      changes.changed(HOSTS, "the engine left it empty; localhost must resolve without a network");
    } else if (tree.type(HOSTS).isEmpty()) {
      tree.write(HOSTS, LOCALHOST, 0644);
      changes.added(HOSTS, "localhost must resolve without a network");
    }
  }

  private static boolean isEmptyFile(OsTree tree, String path) {
    return tree.status(path)
        .filter(status -> status.type() == FileType.REGULAR && status.size() == 0)
        .isPresent();
  }

  private static boolean isContainerId(String name) {
    return name.matches("[0-9a-f]{12}");
  }

  private static void remove(OsTree tree, String path, String reason, ChangeLog changes) {
    if (tree.type(path).isPresent()) {
      tree.delete(path);
      changes.removed(path, reason);
    }
  }
}
