package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.boot.GrubScript;
import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.osimage.SourceDateEpoch;
import dev.slipway.controller.progress.PlainLines;
import dev.slipway.controller.source.Sources;
import dev.slipway.controller.source.registry.DockerRegistry;
import dev.slipway.controller.source.registry.TestImage;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Builds of disks in a directory, by this checkout. */
public final class TestBuild {
  static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();

  /** Somebody's, for users of a host. */
  static final String SSH_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPYiU12++Cy32hxJL0SzblKQGJ7DpEJN/AYcqRrHxhJf me";

  private final Path directory;
  private final StringWriter said;
  private Path output;
  private CheckChoice checks = CheckChoice.MEND_ALL;
  private Optional<SourceDateEpoch> epoch = Optional.empty();

  TestBuild(Path directory) {
    this(directory, new StringWriter());
  }

  /**
   * As {@link #TestBuild(Path)}.
   *
   * @param said gets what operators are told
   */
  TestBuild(Path directory, StringWriter said) {
    this.directory = directory;
    this.said = said;
    this.output = directory.resolve("golden.img");
  }

  /** From now on to the file of this name. */
  TestBuild to(String name) {
    output = directory.resolve(name);
    return this;
  }

  /** From now on as of this time. */
  TestBuild at(long secondsSince1970) {
    epoch = Optional.of(new SourceDateEpoch(secondsSince1970));
    return this;
  }

  /** From now on with these checks. */
  TestBuild checked(CheckChoice choice) {
    checks = choice;
    return this;
  }

  /** Writes the description to {@code disk.yml}. */
  public Path description(String yaml) throws IOException {
    return Files.writeString(directory.resolve("disk.yml"), yaml);
  }

  DiskBuilder builder(String yaml) throws IOException {
    return new DiskBuilder(
        DiskDescription.read(description(yaml)),
        new Sources(directory, Set.of(), line -> {})::open,
        content ->
            new PreparationOptions(
                content.initrd(),
                content.kernel(),
                Set.of(content.fileSystem().token()),
                Optional.empty(),
                CHECKOUT.resolve("dracut"),
                checks.without(content.checksOff())),
        new GrubScript(CHECKOUT.resolve("grub-templates/grub.cfg.template")),
        new PrintWriter(said, true),
        new PlainLines(new PrintWriter(said, true)),
        epoch);
  }

  void build(String yaml) throws IOException {
    builder(yaml).build(output, DiskFormat.byNameOf(output));
  }

  /** What an operator is told of a build that fails. */
  String refusal(String yaml) {
    return failure(yaml).getMessage();
  }

  /** The error of a build that fails. */
  OperatorError failure(String yaml) {
    OperatorError error = catchThrowableOfType(OperatorError.class, () -> build(yaml));
    assertThat(error).as("a refusal").isNotNull();
    return error;
  }

  /** Where the disk goes. */
  public Path output() {
    return output;
  }

  /** What operators were told so far, steps included. */
  String said() {
    return said.toString();
  }

  /** A disk with one slot. */
  public static String oneSlot(TinyImage image, String size) {
    return oneSlot(image.reference(), size);
  }

  /** As {@link #oneSlot(TinyImage, String)}, with any image. */
  public static String oneSlot(String image, String size) {
    return """
        slots:
          - {name: slot1, image: "%s", size: %s, initrd: keep, agent: false}
        data: {size: 64MiB}
        """
        .formatted(image, size);
  }

  /** A registry that holds a tiny image as {@code tiny:1}. */
  DockerRegistry registryWith(TinyImage tiny, TestImage image) throws Exception {
    return DockerRegistry.in(Files.createDirectory(directory.resolve("registry")))
        .with("tiny", "1", image, image.image("amd64", TestImage.tar(tiny.root())));
  }

  /** No mount, loop device or half-written file. */
  void assertNothingIsLeft() throws IOException {
    // A mount keeps its loop device, and that its file, so this covers both.
    assertThat(backingFiles()).noneMatch(file -> file.contains(directory.toString()));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files)
          .noneMatch(
              file ->
                  file.getFileName().toString().matches(".*\\.([0-9a-f-]{36}|partial|converted)"));
    }
  }

  /** Of all loop devices. */
  static List<String> backingFiles() throws IOException {
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      return devices
          .map(device -> device.resolve("loop/backing_file"))
          .filter(Files::exists)
          .map(
              file -> {
                try {
                  return Files.readString(file);
                } catch (IOException e) {
                  return "";
                }
              })
          .toList();
    }
  }
}
