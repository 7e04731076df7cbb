package dev.slipway.controller.goldendisk;

import dev.slipway.boot.GrubScript;
import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.osimage.SourceDateEpoch;
import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.progress.ProgressView;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.controller.targetdisk.TargetDisk;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Program;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Builds a golden disk, in a file or on a real disk: several operating systems, one in each slot,
 * that boots under BIOS and UEFI.
 *
 * <p>What the description and the machine forbid is refused before anything is written, and so is,
 * unless it comes over a network, an image that is too large or lacks its kernel, its init or the
 * boot files that it is to bring. Before a real disk is erased, images are also put to their
 * checkup; all else about an image is found when its slot is written. On any failure, and on
 * Ctrl-C, no mount, loop device or half-written file is left.
 */
public final class DiskBuilder {
  private final DiskDescription description;
  private final Function<ImageReference, Image> images;
  private final Function<Content, PreparationOptions> preparations;
  private final GrubScript grubScript;
  private final PrintWriter out;
  private final ProgressView view;
  private final Optional<SourceDateEpoch> epoch;

  /**
   * @param images opens an image
   * @param preparations how a slot's image is made bootable
   * @param grubScript the script that all slots share
   * @param out where an operator is told what else there is to know
   * @param view shows the steps
   * @param epoch the time that the build is as of: two of them with the same inputs give the same
   *     disk, as far as docs/reproducible-builds.md says; empty: now, and identities are fresh
   */
  public DiskBuilder(
      DiskDescription description,
      Function<ImageReference, Image> images,
      Function<Content, PreparationOptions> preparations,
      GrubScript grubScript,
      PrintWriter out,
      ProgressView view,
      Optional<SourceDateEpoch> epoch) {
    this.description = description;
    this.images = images;
    this.preparations = preparations;
    this.grubScript = grubScript;
    this.out = out;
    this.view = view;
    this.epoch = epoch;
  }

  /**
   * Builds the disk in a file.
   *
   * @param output the file that the disk becomes; an older one is replaced when the new one is
   *     whole
   * @param format of that file
   * @throws OperatorError when something is missing, does not fit or fails; nothing is left behind
   *     then
   */
  public void build(Path output, DiskFormat format) {
    Made made = make(output, format);
    new Remarks(description, made.slots()).lines().forEach(out::println);
    out.println(output + " is ready (" + format.token() + ", a disk of " + made.size() + ").");
  }

  /** A whole disk. */
  private record Made(ByteSize size, List<SlotWriter.Written> slots) {}

  private Made make(Path output, DiskFormat format) {
    requireRoot();
    PartialFile.requirePossible(output);
    requirePrograms(format.programs());
    try (Cancellation cancellation = Cancellation.onSignals(out);
        Progress steps = new Progress(view, cancellation::check);
        OpenImages opened = OpenImages.of(description, images, steps, cancellation)) {
      Job job = prepare(opened, OptionalLong.empty(), steps);
      DiskRoom.requireFor(job.needed(), output, format);
      long size = job.plan().layout().diskSize();
      FullOutput room =
          new FullOutput(
              output, DiskRoom.inFile(job.needed(), format), DiskRoom.inFile(size, format));
      try (PartialFile file = PartialFile.of(output)) {
        DiskWriter.Written written =
            room.during(
                () -> {
                  file.resize(size);
                  return write(job, file.path(), steps, cancellation);
                });
        complete(file, format, room, steps, cancellation);
        cancellation.closeWith("Stopped when " + output + " was ready already.");
        return new Made(new ByteSize(size), written.slots());
      }
    }
  }

  /**
   * Refuses a disk that is too small for what is described, or too large for its partition table.
   * What slots of size auto need is known only when their images have been opened; a disk that is
   * too small for that is refused by {@link #flash} before it writes.
   *
   * @throws OperatorError (refused, exit code 3) with both numbers
   */
  public void requireRoom(TargetDisk target) {
    new DiskRoom(description).requireOn(target);
  }

  /**
   * Builds the disk straight onto a real one, over everything that is on it.
   *
   * @param work where images are checked before the disk is erased; nothing is left there
   * @throws OperatorError when something is missing, does not fit or fails; once anything was
   *     written, the disk does not boot any more, and {@code out} says so
   */
  public void flash(TargetDisk target, Path work) {
    requireRoot();
    requireRoom(target);
    requirePrograms(List.of());
    List<String> sentences = new ArrayList<>();
    try (Cancellation cancellation = Cancellation.onSignals(out)) {
      try (Progress steps = new Progress(view, cancellation::check);
          OpenImages opened = OpenImages.of(description, images, steps, cancellation)) {
        Job job = prepare(opened, OptionalLong.of(target.size()), steps);
        new SlotCheckups(description, preparations, work, steps, view::said)
            .require(job.sources()::get);
        DiskPlan plan = job.plan();
        DiskReadBack written =
            new DiskFlash(target, plan.layout(), steps, sentences::add)
                .run(
                    () ->
                        new DiskReadBack(
                            plan.layout(),
                            plan.bios(),
                            plan.esp(),
                            write(job, target.path(), steps, cancellation),
                            cancellation::guard));
        sentences.addAll(new Remarks(description, written.written().slots()).lines());
        sentences.add(target.path() + " is ready (a disk of " + new ByteSize(target.size()) + ").");
      } finally {
        // Once no progress is shown any more, and before a signal ends the process.
        sentences.forEach(out::println);
        if (!sentences.isEmpty()) {
          cancellation.closeWith("Stopped; what became of " + target.path() + " is said above.");
        }
      }
    }
  }

  /**
   * Everything that is known before anything is written.
   *
   * @param needed bytes of the files of all images that could be looked through
   */
  private record Job(DiskPlan plan, Map<String, SlotWriter.Source> sources, long needed) {}

  private Job prepare(OpenImages opened, OptionalLong diskSize, Progress steps) {
    Map<String, ImageSurvey> surveys = opened.surveys();
    new UnbootableImages(description, preparations).refuse(opened.bySlot(), surveys);
    DiskPlan plan =
        new DiskPlanning(description, stamps(opened.bySlot(), steps))
            .plan(new SlotSizes(description, surveys), diskSize, grubScript);
    BuildingHost host = BuildingHost.thisOne();
    long needed = new DiskRoom(description).requireInSlots(plan.layout(), surveys, host.tools());
    FeaturePlan features = FeaturePlan.solve(description, surveys, host);
    return new Job(plan, sources(opened.bySlot(), surveys, features), needed);
  }

  private void requirePrograms(List<Program> others) {
    new BuildPrograms(description, MkfsTools.ofThisSystem()).require(others);
  }

  private Stamps stamps(Map<String, Image> opened, Progress steps) {
    return epoch.map(time -> derived(opened, time, steps)).orElseGet(Stamps.Fresh::new);
  }

  private Stamps derived(Map<String, Image> opened, SourceDateEpoch time, Progress steps) {
    DiskSeed seed = new DiskSeed(description, opened, time);
    return new Stamps.Derived(steps.run("derive identities", seed::digest), time);
  }

  private DiskWriter.Written write(Job job, Path disk, Progress steps, Cancellation cancellation) {
    return new DiskWriter(description, job.plan(), preparations, steps, cancellation)
        .write(disk, job.sources());
  }

  private static void complete(
      PartialFile file,
      DiskFormat format,
      FullOutput room,
      Progress steps,
      Cancellation cancellation) {
    Path output = room.output();
    switch (format) {
      case RAW -> steps.run("flush to " + output, file::complete);
      case QCOW2 ->
          steps.run(
              "convert to " + output,
              // Asked before the conversion's file goes, which makes room.
              () ->
                  file.completeBy(
                      target ->
                          room.during(
                              () -> {
                                format.convert(file.path(), target);
                                // Before the older disk goes.
                                cancellation.check();
                                return true;
                              })));
    }
  }

  /** What goes into the slots that get content, by their names. */
  private Map<String, SlotWriter.Source> sources(
      Map<String, Image> opened, Map<String, ImageSurvey> surveys, FeaturePlan features) {
    Map<String, SlotWriter.Source> sources = new LinkedHashMap<>();
    for (Slot slot : description.slots()) {
      slot.content()
          .ifPresent(
              content ->
                  sources.put(
                      slot.name(),
                      new SlotWriter.Source(
                          content,
                          opened.get(slot.name()),
                          features.solution(slot.name()).features(),
                          surveyed(surveys.get(slot.name())))));
    }
    return sources;
  }

  private static OptionalLong surveyed(ImageSurvey survey) {
    return survey.bytes() == 0 ? OptionalLong.empty() : OptionalLong.of(survey.bytes());
  }

  private static void requireRoot() {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new OperatorError(
          "Building a disk needs root, for loop devices and mounts: run it with sudo.");
    }
  }
}
