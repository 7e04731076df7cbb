package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.goldendisk.FeaturePlan.PlannedSlot;
import dev.slipway.controller.osimage.HostConfiguration;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.filesystem.Reader;
import dev.slipway.filesystem.Reason;
import dev.slipway.filesystem.Solution;
import dev.slipway.filesystem.Solution.Finding;
import dev.slipway.image.Image;
import dev.slipway.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says how large a disk's slots of size auto would be at least, which features the file systems
 * would have, and who decided that.
 */
public final class DiskExplanation {
  private final FeaturePlan plan;
  private final SlotSizes sizes;
  private final HostConfiguration host;
  private final Map<String, ImageSurvey> surveys;

  private DiskExplanation(
      FeaturePlan plan, DiskDescription description, Map<String, ImageSurvey> surveys) {
    this.plan = plan;
    this.sizes = new SlotSizes(description, surveys);
    this.host = description.host();
    this.surveys = surveys;
  }

  /**
   * Reads the images of a description, and nothing is written.
   *
   * @param images opens an image
   * @throws dev.slipway.linux.OperatorError when an image cannot be read, or the description
   *     demands what a reader forbids
   */
  public static DiskExplanation of(
      DiskDescription description, Function<ImageReference, Image> images) {
    return of(description, images, BuildingHost.thisOne());
  }

  static DiskExplanation of(
      DiskDescription description, Function<ImageReference, Image> images, BuildingHost host) {
    Map<String, ImageSurvey> surveys = new LinkedHashMap<>();
    for (Slot slot : description.slots()) {
      slot.content()
          .ifPresent(
              content -> {
                try (Image image = images.apply(content.image())) {
                  surveys.put(slot.name(), ImageSurvey.beforehand(image, slot.size().isEmpty()));
                }
              });
    }
    return new DiskExplanation(FeaturePlan.solve(description, surveys, host), description, surveys);
  }

  /** For people. */
  public String text() {
    String slots = plan.slots().stream().map(this::text).collect(Collectors.joining("\n"));
    return host.hasPassword() || host.hasSshKey()
        ? slots
        : slots
            + "\nhost: no user has an SSH key or a password hash, so nobody can log in but to an"
            + " account that an image brings\n";
  }

  private String text(PlannedSlot planned) {
    String name = planned.slot().name();
    if (planned.solution().isEmpty()) {
      return name
          + ": stays empty; the agent will make its file system, with the features that the oldest"
          + " distributions can read\n";
    }
    StringBuilder text = new StringBuilder(name);
    text.append(": ").append(planned.slot().content().orElseThrow().image()).append('\n');
    if (planned.slot().size().isEmpty()) {
      text.append("  size: auto; the image needs ")
          .append(sizes.needed(planned.slot()))
          .append('\n');
    }
    for (Finding finding : planned.solution().get().findings()) {
      text.append("  ").append(finding.sentence()).append('\n');
    }
    if (host.hasSshKey() && !host.hasPassword()) {
      surveys
          .get(name)
          .noSshServer()
          .ifPresent(
              toInstall ->
                  text.append("  host: users have SSH keys and no password hash, and the image has")
                      .append(" no SSH server that would take the keys. ")
                      .append(toInstall)
                      .append('\n'));
    }
    return text.toString();
  }

  /** For programs; docs/man/controller-disk.md names the members. */
  public JsonObject json() {
    return JsonObject.EMPTY.with("slots", plan.slots().stream().map(this::json).toList());
  }

  private JsonObject json(PlannedSlot planned) {
    JsonObject json =
        JsonObject.EMPTY
            .with("name", planned.slot().name())
            .withOptional(
                "image", planned.slot().content().map(content -> content.image().toString()))
            .with("autoSize", planned.slot().size().isEmpty())
            .with("size", sizes.needed(planned.slot()).bytes());
    return planned
        .solution()
        .map(
            solution ->
                json.with("fileSystem", solution.fileSystem().token())
                    .with("readers", planned.readers().stream().map(DiskExplanation::json).toList())
                    .with("features", features(solution)))
        .orElse(json);
  }

  private static JsonObject json(Reader reader) {
    return JsonObject.EMPTY
        .with("kind", reader.kind().name().toLowerCase(Locale.ROOT))
        .with("name", reader.name())
        .with("version", reader.version().text())
        .with("assumed", reader.assumed());
  }

  private static List<JsonObject> features(Solution solution) {
    return solution.findings().stream()
        .map(
            finding ->
                JsonObject.EMPTY
                    .with("name", finding.feature().name())
                    .with("on", finding.on())
                    .with("why", finding.why().token())
                    .with("sentence", finding.sentence())
                    .withStrings("forbiddenBy", forbiddenBy(finding.why())))
        .toList();
  }

  private static List<String> forbiddenBy(Reason why) {
    return why instanceof Reason.ForbiddenByReaders forbidden ? forbidden.texts() : List.of();
  }
}
