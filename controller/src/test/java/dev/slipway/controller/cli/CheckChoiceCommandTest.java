package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.goldendisk.BuildSite;
import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What operators say of checks, on the command line and in disk.yml, is what images are put to. */
class CheckChoiceCommandTest {
  @RegisterExtension final BuildSite site = new BuildSite();
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();
  private TinyImage image;
  private String ofTheDisk = "";

  @BeforeEach
  void anImageWithAFileOfItsEngine() throws IOException {
    image =
        TinyImage.in(site.directory().resolve("image"), 1).withText(".dockerenv", "the engine's");
  }

  @Test
  void whatAnEngineLeftIsNotInTheSlot() throws IOException {
    assertThat(build("")).as(err.toString()).isZero();

    assertThat(inSlot("/.dockerenv")).contains("File not found");
    assertThat(inSlot("/usr/lib/slipway/changes")).contains("removed /.dockerenv");
  }

  @Test
  void anImageThatNeedsAMendIsRefusedWhenNoneIsWantedAndNothingIsLeft() throws IOException {
    assertThat(build("", "--no-fix")).isEqualTo(3);

    assertThat(err.toString())
        .contains("controller: Slot slot1, " + image.reference() + ": ")
        .contains("(--no-fix)", "removed /.dockerenv");
    assertThat(site.builds().output()).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("waysToSwitchItOff")
  void aCheckThatIsOffLeavesTheFileInTheSlot(String inDescription, List<String> options)
      throws IOException {
    assertThat(build(inDescription, options.toArray(String[]::new))).as(err.toString()).isZero();

    assertThat(inSlot("/.dockerenv")).isEqualTo("the engine's");
    assertThat(inSlot("/usr/lib/slipway/changes")).doesNotContain("dockerenv");
  }

  static Stream<Arguments> waysToSwitchItOff() {
    return Stream.of(
        way(", check: off"),
        way(", check: off", "--no-fix"),
        way(", check: {engine-leftovers: off}"),
        way("", "--check-off", "fstab,engine-leftovers"),
        way(", check: {fstab: off}", "--check-off", "engine-leftovers"));
  }

  private static Arguments way(String inDescription, String... options) {
    return Arguments.of(inDescription, List.of(options));
  }

  @Test
  void anImageWithoutAnInitIsTakenByWhoeverLeavesThatCheckOut() throws IOException {
    Files.delete(site.directory().resolve("image/sbin/init"));

    assertThat(build("")).isEqualTo(1);
    assertThat(err.toString()).contains("/sbin/init of the image is missing");
    assertThat(build(", check: {init: off}")).as(err.toString()).isZero();
  }

  @Test
  void anInitrdThatCannotBeReadIsTakenByWhoeverLeavesThatCheckOut() throws IOException {
    Files.writeString(site.directory().resolve("image/boot/slipway/initrd"), "404 not found");

    assertThat(build("")).isEqualTo(1);
    assertThat(err.toString())
        .contains("/boot/slipway/initrd of the image cannot be read to its end.")
        .doesNotContain("partition table");
    assertThat(build(", check: {kept-initrd: off}")).as(err.toString()).isZero();
  }

  @Test
  void anEnforcedPolicyIsNoObstacleWhereTheDisksKernelArgumentsTurnItOff() throws IOException {
    image.withText("etc/selinux/config", "SELINUX=enforcing\n");

    assertThat(build("")).isEqualTo(1);
    assertThat(err.toString()).contains("The image enforces SELinux (/etc/selinux/config)");
    ofTheDisk = "kernel-arguments: [selinux=0]";
    assertThat(build("")).as(err.toString()).isZero();
  }

  @Test
  void oneCheckThatIsOffLeavesTheOthersOn() throws IOException {
    assertThat(build(", check: {fstab: off}")).as(err.toString()).isZero();
    assertThat(inSlot("/.dockerenv")).contains("File not found");

    assertThat(build(", check: {engine-leftovers: off}", "--no-fix")).isEqualTo(3);
    assertThat(err.toString()).doesNotContain("dockerenv");
  }

  @Test
  void whoeverAsksIsToldByTheExitCodeWhetherMendsAreAllowed() {
    String[] check = {"image", "check", image.reference(), "--initrd", "keep"};

    assertThat(run(check)).as(out.toString()).isZero();
    assertThat(out.toString())
        .contains("mended  engine-leftovers: removed /.dockerenv")
        .endsWith("The image boots once it is prepared.\n");

    out.getBuffer().setLength(0);
    assertThat(run(with(check, "--no-fix"))).isEqualTo(1);
    assertThat(out.toString())
        .contains("mended  engine-leftovers: removed /.dockerenv")
        .endsWith("The image does not boot as it is.\n");

    out.getBuffer().setLength(0);
    assertThat(run(with(check, "--check-off", "engine-leftovers"))).isZero();
    assertThat(out.toString()).doesNotContain("dockerenv");
  }

  private int build(String inDescription, String... options) throws IOException {
    Path description =
        site.builds()
            .description(
                """
                slots:
                  - {name: slot1, image: "%s", size: 64MiB, initrd: keep, agent: false%s}
                data: {size: 64MiB}
                %s
                """
                    .formatted(image.reference(), inDescription, ofTheDisk));
    err.getBuffer().setLength(0);
    String output = site.builds().output().toString();
    String[] command = {"disk", "build", description.toString(), "-o", output, "--progress=plain"};
    return run(with(command, options));
  }

  /** A file of the slot, or what debugfs says of one that is not there. */
  private String inSlot(String path) {
    Path disk = site.builds().output();
    long slot = PartitionTable.read(disk).named("slipway-slot-slot1").orElseThrow().offset();
    Command.Result read =
        Command.of("debugfs", "-R", "cat " + path, disk + "?offset=" + slot).run();
    return read.out() + read.err().replaceFirst("debugfs .*\n", "");
  }

  private static String[] with(String[] command, String... options) {
    return Stream.concat(Stream.of(command), Stream.of(options)).toArray(String[]::new);
  }

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setErr(new PrintWriter(err, true));
    command.setOut(new PrintWriter(out, true));
    return command.execute(arguments);
  }
}
