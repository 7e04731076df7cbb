package dev.slipway.controller.goldendisk;

import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.GrubScript;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.boot.TransactionId;
import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.progress.ProgressView;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.disk.BiosBootCode;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.GrubImages;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.SlotRecord;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Builds a golden disk: a raw disk image with several operating systems, one in each slot, that
 * boots under BIOS and UEFI.
 *
 * <p>Everything that can be refused is refused before anything is written. On any failure, and on
 * Ctrl-C, no mount, loop device or half-written file is left.
 */
public final class DiskBuilder {
  private final DiskDescription description;
  private final Function<ImageReference, Image> images;
  private final Function<Content, PreparationOptions> preparations;
  private final GrubScript grubScript;
  private final PrintWriter out;
  private final ProgressView view;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param images opens an image
   * @param preparations how a slot's image is made bootable
   * @param grubScript the script that all slots share
   * @param out where an operator is told what else there is to know
   * @param view shows the steps
   */
  public DiskBuilder(
      DiskDescription description,
      Function<ImageReference, Image> images,
      Function<Content, PreparationOptions> preparations,
      GrubScript grubScript,
      PrintWriter out,
      ProgressView view) {
    this.description = description;
    this.images = images;
    this.preparations = preparations;
    this.grubScript = grubScript;
    this.out = out;
    this.view = view;
  }

  /**
   * Builds the disk.
   *
   * @param output the file that the disk becomes; an older one is replaced when the new one is
   *     whole
   * @param format of that file
   * @throws OperatorError when something is missing, does not fit or fails; nothing is left behind
   *     then
   */
  public void build(Path output, DiskFormat format) {
    Made made = make(output, format);
    warnOfNoWayIn(made.slots());
    out.println(output + " is ready (" + format.token() + ", a disk of " + made.size() + ").");
  }

  /** A whole disk. */
  private record Made(ByteSize size, List<SlotWriter.Written> slots) {}

  private Made make(Path output, DiskFormat format) {
    requireRoot();
    PartialFile.requirePossible(output);
    try (Cancellation cancellation = Cancellation.onSignals(out);
        OpenImages opened = new OpenImages();
        Progress steps = new Progress(view, cancellation::check)) {
      for (Slot slot : description.slots()) {
        slot.content()
            .ifPresent(
                content ->
                    opened.add(
                        slot.name(),
                        steps.run(
                            slot.name() + ": open " + content.image(),
                            () -> cancellation.guard(() -> images.apply(content.image())))));
      }
      Map<String, ImageSurvey> surveys =
          steps.run("look through images", () -> survey(opened.bySlot()));
      Plan plan = plan(new SlotSizes(description, surveys));
      requireRoom(plan.layout(), surveys, output, format);
      FeaturePlan features = FeaturePlan.solve(description, surveys, BuildingHost.thisOne());
      try (PartialFile file = PartialFile.of(output)) {
        file.resize(plan.layout().diskSize());
        List<SlotWriter.Written> slots =
            write(
                plan,
                file.path(),
                sources(opened.bySlot(), surveys, features),
                steps,
                cancellation);
        complete(file, format, output, steps);
        return new Made(new ByteSize(plan.layout().diskSize()), slots);
      }
    }
  }

  private static void complete(PartialFile file, DiskFormat format, Path output, Progress steps) {
    switch (format) {
      case RAW -> steps.run("flush to " + output, file::complete);
      case QCOW2 ->
          steps.run(
              "convert to " + output,
              () -> file.completeBy(target -> format.convert(file.path(), target)));
    }
  }

  /** What can be made without writing to the disk, so that it fails before the long work. */
  private record Plan(
      DiskLayout layout, BiosBootCode bios, EfiSystemPartition esp, TransactionId transaction) {}

  private Plan plan(SlotSizes sizes) {
    DiskLayout layout =
        sizes.layOut(
            slots ->
                DiskLayout.plan(
                    description
                        .size()
                        .map(size -> OptionalLong.of(size.bytes()))
                        .orElse(OptionalLong.empty()),
                    slots,
                    description.dataSize().bytes(),
                    UUID::randomUUID));
    TransactionId transaction = TransactionId.next(Clock.systemUTC(), random);
    GrubImages grub = GrubImages.ofThisSystem();
    return new Plan(
        layout,
        grub.bios(),
        new EfiSystemPartition(
            random.nextInt(),
            grub.efi(),
            grubScript.render(
                layout.slots().stream()
                    .map(slot -> new GrubScript.BootSlot(slot.name(), slot.partition().uuid()))
                    .toList(),
                description.consoles(),
                description.kernelArguments()),
            BootEnvironment.first(description.defaultSlot(), transaction).block()),
        transaction);
  }

  private static Map<String, ImageSurvey> survey(Map<String, Image> opened) {
    Map<String, ImageSurvey> surveys = new LinkedHashMap<>();
    opened.forEach((slot, image) -> surveys.put(slot, ImageSurvey.beforehand(image)));
    return surveys;
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

  private void requireRoom(
      DiskLayout layout, Map<String, ImageSurvey> surveys, Path output, DiskFormat format) {
    long total = 0;
    for (Slot slot : description.slots()) {
      if (slot.content().isEmpty()) {
        continue;
      }
      ByteSize needs = new ByteSize(surveys.get(slot.name()).bytes());
      ByteSize size = new ByteSize(layout.slot(slot.name()).orElseThrow().partition().size());
      if (needs.bytes() > size.bytes()) {
        throw new OperatorError(
            "The image "
                + slot.content().get().image()
                + " does not fit slot "
                + slot.name()
                + ": its files need "
                + needs
                + ", the slot has "
                + size
                + ". Initrd, agent and the file system itself come on top.");
      }
      total += needs.bytes();
    }
    // What is converted is there twice for a while.
    total *= format == DiskFormat.RAW ? 1 : 2;
    Path directory = output.toAbsolutePath().getParent();
    ByteSize free = freeSpace(directory);
    if (total > free.bytes()) {
      throw new OperatorError(
          directory
              + " has "
              + free
              + " free, but the disk's files need "
              + new ByteSize(total)
              + ". Make room, or name an output on another file system.");
    }
  }

  private static ByteSize freeSpace(Path directory) {
    try {
      return new ByteSize(Files.getFileStore(directory).getUsableSpace());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Users are the host's, but nobody may have given it any. */
  private void warnOfNoWayIn(List<SlotWriter.Written> written) {
    List<String> closed =
        written.stream().filter(slot -> !slot.wayIn()).map(slot -> slot.record().slot()).toList();
    if (!description.host().hasWayIn() && !closed.isEmpty()) {
      out.println(
          "Warning: nobody can log in to "
              + String.join(", ", closed)
              + ": no user of 'host' in "
              + description.file()
              + " has an SSH key or a password hash, and no account of the image has.");
    }
  }

  private List<SlotWriter.Written> write(
      Plan plan,
      Path disk,
      Map<String, SlotWriter.Source> sources,
      Progress steps,
      Cancellation cancellation) {
    DiskLayout layout = plan.layout();
    steps.run("partition table", () -> layout.table().write(disk));
    List<SlotWriter.Written> written =
        new ParallelWork(cancellation)
            .run(
                sources.entrySet().stream()
                    .map(
                        slot ->
                            new SlotWriter(
                                disk,
                                layout.slot(slot.getKey()).orElseThrow(),
                                slot.getValue(),
                                preparations.apply(slot.getValue().content()),
                                plan.transaction(),
                                steps,
                                cancellation))
                    .map(writer -> (Callable<SlotWriter.Written>) writer::write)
                    .toList());
    steps.run(
        "data partition", () -> new DataPartition(description).write(disk, layout.data(), written));
    steps.run("EFI system partition", () -> plan.esp().writeTo(disk, layout.esp()));
    steps.run("BIOS boot code", () -> plan.bios().writeTo(disk, layout.bios()));
    steps.run(
        "read kernels with GRUB's drivers",
        () -> written.forEach(slot -> requireReadable(disk, layout, slot.record())));
    return written;
  }

  private static void requireReadable(Path disk, DiskLayout layout, SlotRecord.Ready slot) {
    int partition = layout.slot(slot.slot()).orElseThrow().partition().number();
    Map<String, Digest> files = new LinkedHashMap<>();
    files.put(SlotBootFiles.KERNEL, slot.kernel());
    files.put(SlotBootFiles.INITRD, slot.initrd());
    GrubReader grub = new GrubReader(disk);
    files.forEach(
        (file, digest) -> {
          if (!grub.digest(partition, file).filter(digest::equals).isPresent()) {
            throw new OperatorError(
                "GRUB's "
                    + slot.fileSystem()
                    + " driver does not read "
                    + file
                    + " of slot "
                    + slot.slot()
                    + " as it was written, so the slot would not boot. Try the other file system"
                    + " for it, and please report this.");
          }
        });
  }

  private static void requireRoot() {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new OperatorError(
          "Building a disk needs root, for loop devices and mounts: run it with sudo.");
    }
  }

  /** The images of a build, by the name of their slot; closed together. */
  private static final class OpenImages implements AutoCloseable {
    private final Map<String, Image> bySlot = new LinkedHashMap<>();

    void add(String slot, Image image) {
      bySlot.put(slot, image);
    }

    Map<String, Image> bySlot() {
      return bySlot;
    }

    @Override
    public void close() {
      List<RuntimeException> failures = new ArrayList<>();
      for (Image image : bySlot.values()) {
        try {
          image.close();
        } catch (RuntimeException e) {
          failures.add(e);
        }
      }
      if (!failures.isEmpty()) {
        throw failures.get(0);
      }
    }
  }
}
