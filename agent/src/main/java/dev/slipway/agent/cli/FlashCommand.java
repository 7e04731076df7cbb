package dev.slipway.agent.cli;

import dev.slipway.agent.flash.Flash;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import dev.slipway.json.JsonObject;
import dev.slipway.release.SlotRecord;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes an operating system into a slot. */
@Command(
    name = "flash",
    mixinStandardHelpOptions = true,
    description = {
      "Writes an operating system into a slot that is not in use, reads it back and compares.",
      "The image must be prepared to boot, by \"controller image prepare\"."
    },
    footer = {
      "",
      "Examples:",
      "  agent flash slot2 oci-archive:web-2.tar",
      "  agent flash slot2 oci-archive:web-2.tar --filesystem ext4"
    })
final class FlashCommand implements Runnable {
  @Parameters(paramLabel = "SLOT", description = "The slot to write.")
  private String slot;

  @Parameters(
      paramLabel = "SOURCE",
      description =
          "docker-archive:PATH[:TAG], oci:DIR[:TAG], oci-archive:PATH[:TAG] or rootfs:PATH.")
  private String source;

  @Option(
      names = "--filesystem",
      paramLabel = "KIND",
      description = "xfs or ext4; without it the slot keeps the kind it has.")
  private Optional<FileSystemKind> filesystem = Optional.empty();

  @Option(names = "--json", description = "Print what the slot holds now as JSON.")
  private boolean json;

  @Override
  public void run() {
    ThisHost host = OnThisHost.find();
    SlotRecord.Ready record;
    try (Image image = LocalImages.open(source)) {
      record =
          new Flash(host, BundledTools.mkfs(), OnThisHost.progress())
              .write(slot, image, filesystem, Optional.empty());
    }
    if (json) {
      System.out.print(
          JsonObject.EMPTY
              .with("slot", record.slot())
              .with("reference", record.reference())
              .with("digest", record.digest().toString())
              .with("manifest", record.manifest().toString())
              .with("kernelVersion", record.kernelVersion())
              .writePretty());
    } else {
      System.out.printf(
          "Slot %s holds %s (kernel %s), verified. Start it with: agent switch %s%n",
          record.slot(), record.reference(), record.kernelVersion(), record.slot());
    }
  }
}
