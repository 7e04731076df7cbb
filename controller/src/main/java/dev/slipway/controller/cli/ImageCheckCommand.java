package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.Cancellation;
import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.controller.osimage.Checkup;
import dev.slipway.controller.osimage.Finding;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.osimage.UnpackedImage;
import dev.slipway.controller.source.Sources;
import dev.slipway.image.Image;
import dev.slipway.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code controller image check}. */
@Command(
    name = "check",
    description = "Says what keeps an image from booting, and what is mended when it is prepared.",
    footer = {
      "",
      "Needs root. Exit code 1 when the image has something that only its author can mend, and with",
      "--no-fix also when it needs any mend.",
      "",
      "Examples:",
      "  controller image check docker-daemon:web:2",
      "  controller image check oci-archive:web.tar --no-fix --json"
    },
    mixinStandardHelpOptions = true)
final class ImageCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ImageChoice image;
  @Mixin private CheckOptions checks;

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Override
  public Integer call() {
    CheckChoice choice = checks.choice();
    List<Finding> findings = findings(choice);
    boolean boots = findings.stream().noneMatch(found -> found.prevents(choice));
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? asJson(findings, boots).writePretty() : asText(findings, boots));
    out.flush();
    return boots ? 0 : 1;
  }

  private List<Finding> findings(CheckChoice choice) {
    PreparationOptions options =
        Installation.ofThisProgram()
            .preparation(image.initrd(), image.kernel(), image.fileSystems(), false, choice);
    Sources sources = image.sources(spec.commandLine().getErr()::println);
    try (Cancellation cancellation = Cancellation.onSignals(spec.commandLine().getErr());
        Image opened = cancellation.guard(() -> sources.open(image.reference()));
        UnpackedImage unpacked = UnpackedImage.of(opened, image.work())) {
      return Checkup.of(unpacked.root(), opened, options);
    }
  }

  private static String asText(List<Finding> findings, boolean boots) {
    StringBuilder text = new StringBuilder();
    findings.forEach(
        found ->
            text.append(
                "%-6s  %s: %s%n".formatted(found.kind().word(), found.check(), found.text())));
    return text.append(
            boots
                ? "The image boots once it is prepared.\n"
                : "The image does not boot as it is.\n")
        .toString();
  }

  private static JsonObject asJson(List<Finding> findings, boolean boots) {
    return JsonObject.EMPTY
        .with("boots", boots)
        .with("findings", findings.stream().map(ImageCheckCommand::asJson).toList());
  }

  private static JsonObject asJson(Finding found) {
    return JsonObject.EMPTY
        .with("kind", found.kind().word())
        .with("check", found.check())
        .with("text", found.text());
  }
}
