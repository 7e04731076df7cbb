package dev.slipway.agent.cli;

import dev.slipway.agent.flash.Flash;
import dev.slipway.agent.flash.WritableSlots;
import dev.slipway.agent.link.Host;
import dev.slipway.agent.slots.DataPartition;
import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.agent.switching.HostStatus;
import dev.slipway.agent.switching.StatusReport;
import dev.slipway.agent.switching.Switch;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.image.Image;
import dev.slipway.release.ReleaseDescription;
import java.nio.file.Path;
import java.util.Optional;

/** What the controller may do with this host: the same as the commands. */
final class HostOperations implements Host {
  private final ThisHost host;

  HostOperations(ThisHost host) {
    this.host = host;
  }

  @Override
  public HostStatus status() {
    return new StatusReport(host, AgentVersion.text()).now();
  }

  @Override
  public String slotForStaging() {
    return new WritableSlots(host, host.look()).forStaging(OnThisHost.progress());
  }

  @Override
  public void stage(String slot, Image image, Optional<ReleaseDescription> release) {
    new Flash(host, BundledTools.mkfs(), OnThisHost.progress())
        .write(slot, image, Optional.empty(), release);
  }

  @Override
  public void switchTo(String slot, CommitPolicy policy) {
    new Switch(host, OnThisHost.progress()).to(slot, Way.WARM, policy);
  }

  @Override
  public Path enrolmentDirectory() {
    return new DataPartition(host.roots().data()).enrolment();
  }
}
