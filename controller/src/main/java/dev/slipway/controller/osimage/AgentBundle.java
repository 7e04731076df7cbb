package dev.slipway.controller.osimage;

import dev.slipway.linux.FileType;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TreeScanner;
import dev.slipway.tree.TreeWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The agent with its own runtime, the unit that starts it, and the one that reboots a trial which
 * comes to no verdict, whatever has become of the agent.
 */
final class AgentBundle implements Step {
  private static final String DIRECTORY = "usr/lib/slipway/agent";
  private static final String UNIT = "slipway-agent.service";
  private static final String DEADLINE_UNIT = "slipway-trial-deadline.service";
  private static final String DEADLINE = "/usr/lib/slipway/trial-deadline";
  private static final String COMMAND = "/usr/bin/agent";
  private static final String HEALTH_CHECKS = "/etc/slipway/health.d";

  private final Path bundle;

  /** The bundle is the root of a tree that holds usr/lib/slipway/agent. */
  AgentBundle(Path bundle) {
    this.bundle = bundle;
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    if (!Files.isExecutable(bundle.resolve(DIRECTORY + "/bin/agent"))) {
      throw new OperatorError(
          "There is no agent to put into the image: "
              + bundle.resolve(DIRECTORY)
              + " holds no bin/agent. Build it with agent/bin/agent --version.");
    }
    refuseLinksOnTheWay(tree);
    tree.delete("/" + DIRECTORY);
    copy(tree);
    changes.added("/" + DIRECTORY, "the agent, with the Java runtime and tools that it runs on");
    tree.link(COMMAND, "../lib/slipway/agent/bin/agent");
    changes.added(COMMAND, "the agent's command");
    if (tree.type(HEALTH_CHECKS).isEmpty()) {
      tree.makeDirectories(HEALTH_CHECKS);
      changes.added(HEALTH_CHECKS, "the place for checks that a new system must pass");
    }
    Systemd.in(tree)
        .ifPresentOrElse(
            systemd -> enable(tree, systemd, changes),
            () ->
                changes.noted(
                    "The image has no systemd, so nothing starts the agent: let the image's own"
                        + " init run '/usr/bin/agent daemon'."));
  }

  private static void refuseLinksOnTheWay(OsTree tree) {
    for (String part : new String[] {"/usr", "/usr/lib", "/usr/lib/slipway"}) {
      if (tree.type(part).filter(type -> type != FileType.DIRECTORY).isPresent()) {
        throw new OperatorError(part + " of the image is not a directory; the agent goes there.");
      }
    }
  }

  private void copy(OsTree tree) {
    tree.makeDirectories("/" + DIRECTORY);
    try (EntryStream entries = TreeScanner.of(bundle.resolve(DIRECTORY));
        TreeWriter writer = TreeWriter.into(tree.location().resolve(DIRECTORY))) {
      writer.addAll(entries);
      writer.finish();
    }
  }

  private static void enable(OsTree tree, Systemd systemd, ChangeLog changes) {
    Resource.put(tree, "trial-deadline", DEADLINE, 0755);
    changes.added(DEADLINE, "reboots a trial that has not passed by its deadline");
    enable(tree, systemd, UNIT, "starts the agent", changes);
    enable(tree, systemd, DEADLINE_UNIT, "watches over the deadline of a trial", changes);
  }

  private static void enable(
      OsTree tree, Systemd systemd, String name, String what, ChangeLog changes) {
    String unit = Systemd.ADMINISTRATOR + "/" + name;
    Resource.put(tree, name, unit, 0644);
    changes.added(unit, what);
    systemd.enable(name).forEach(link -> changes.added(link, what + ", at every boot"));
  }
}
