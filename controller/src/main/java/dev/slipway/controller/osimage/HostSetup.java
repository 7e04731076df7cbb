package dev.slipway.controller.osimage;

/**
 * The script that gives the slot its host's identity, and the place where the data partition goes.
 */
final class HostSetup implements Step {
  private static final String SCRIPT = "/usr/lib/slipway/host-setup";

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    Resource.put(tree, "host-setup", SCRIPT, 0755);
    changes.added(SCRIPT, "gives the slot the name, users and keys of its host at every boot");
    if (tree.type("/var/lib/slipway").isEmpty()) {
      tree.makeDirectories("/var/lib/slipway");
      changes.added("/var/lib/slipway", "the data partition is mounted there");
    }
  }
}
