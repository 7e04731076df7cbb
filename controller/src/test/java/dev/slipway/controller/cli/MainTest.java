package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.linux.Command;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  @TempDir Path directory;
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @Test
  void helpIsNoError() {
    assertThat(run("disk", "build", "--help")).isZero();
    assertThat(out.toString()).contains("controller disk build", "--output");
  }

  @Test
  void everyCommandHasHelp() {
    List<String> commands = commands("", Main.commandLine());

    assertThat(commands).contains("", "release publish", "rollout start", "server");
    for (String command : commands) {
      for (String option : List.of("-h", "--help")) {
        out.getBuffer().setLength(0);
        String line = (command + " " + option).strip();
        assertThat(run(line.split(" "))).as("%s: %s", line, err).isZero();
        assertThat(out.toString()).as(line).startsWith("Usage: controller");
      }
      if (!isGroup(command)) {
        assertThat(examples(out.toString()))
            .as("examples of %s", command)
            .hasSizeBetween(1, 3)
            .allSatisfy(example -> assertThat(example).startsWith(command));
        examples(out.toString()).forEach(MainTest::parse);
      }
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aDisksFileSystemsAreExplainedForPeopleAndPrograms() throws Exception {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    Path disk =
        Files.writeString(
            directory.resolve("disk.yml"),
            "slots: [{name: slot1, image: '%s', size: 64MiB}, {name: slot2, size: 64MiB}]\n"
                .formatted(image.reference()));

    assertThat(run("disk", "explain", disk.toString())).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("slot1: rootfs:", "ext4: bigalloc off, because GRUB ", "slot2: stays empty");

    out.getBuffer().setLength(0);
    assertThat(run("disk", "explain", "--json", disk.toString())).isZero();
    assertThat(out.toString()).contains("\"fileSystem\" : \"ext4\"");
  }

  @Test
  void aHostThatTheDescriptionDoesNotNameIsRefused() throws Exception {
    Path disk =
        Files.writeString(
            directory.resolve("disk.yml"),
            "slots: [{name: slot1, image: 'rootfs:none'}]\nhosts: {web1: {}}\n");

    for (String command : List.of("build", "explain")) {
      List<String> line = new ArrayList<>(List.of("disk", command, disk.toString()));
      line.addAll(List.of("--host", "wbe1"));
      if (command.equals("build")) {
        line.addAll(List.of("-o", directory.resolve("golden.img").toString()));
      }
      err.getBuffer().setLength(0);
      assertThat(run(line.toArray(String[]::new))).isEqualTo(1);
      assertThat(err.toString()).contains("has no host \"wbe1\" (did you mean \"web1\"?)");
    }
  }

  @Test
  void wrongUsageEndsWithTwoAndSaysWhereHelpIs() {
    assertThat(run("disk", "build", "disk.yml")).isEqualTo(2);
    assertThat(err.toString()).contains("--output", "Try 'controller disk build --help'");

    assertThat(run("disk")).isEqualTo(2);
    assertThat(run("disk", "boot", "golden.img", "--memory", "16")).isEqualTo(2);
    assertThat(run("disk", "boot", "golden.img", "--firmware", "coreboot")).isEqualTo(2);
    assertThat(run("dsik")).isEqualTo(2);
  }

  @Test
  void aValueThatIsNoneIsAnsweredWithTheWordsOfTheHelp() {
    assertThat(run("disk", "boot", "golden.img", "--firmware", "efi")).isEqualTo(2);
    assertThat(err.toString())
        .contains("'--firmware'", "'efi' is none of its values: write bios or uefi");

    err.getBuffer().setLength(0);
    assertThat(run("image", "prepare", "oci:x", "-o", "x", "--initrd", "dracut")).isEqualTo(2);
    assertThat(err.toString()).contains("'--initrd'", "write make or keep");

    for (List<String> command :
        List.of(
            List.of("image", "check", "rootfs:x"),
            List.of("disk", "build", "disk.yml", "-o", "golden.img"),
            List.of("disk", "flash", "disk.yml", "/dev/sdb"))) {
      err.getBuffer().setLength(0);
      assertThat(run(with(command, "--check-off", "network,nonsense"))).isEqualTo(2);
      assertThat(err.toString())
          .contains("'--check-off'", "There is no check 'nonsense'; there are init,");
    }

    err.getBuffer().setLength(0);
    assertThat(run("image", "check", "rootfs:x", "--filesystem", "ext4,zfs")).isEqualTo(2);
    assertThat(err.toString())
        .contains("'--filesystem'", "'zfs' is none of its values: write xfs or ext4");

    err.getBuffer().setLength(0);
    assertThat(run("token", "create", "--label", "rack")).isEqualTo(2);
    assertThat(err.toString()).contains("for option '--label'", "KEY=VALUE");
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    assertThat(run("generate-completion")).isZero();
    Path script = Files.writeString(directory.resolve("completion"), out.toString());

    assertThat(completed(script, "controller", "di")).containsExactly("disk");
    assertThat(completed(script, "controller", "rollout", "")).contains("start", "rollback");
    assertThat(completed(script, "controller", "disk", "boot", "--firm"))
        .containsExactly("--firmware");
    assertThat(completed(script, "controller", "disk", "flash", "--yes"))
        .containsExactly("--yes-erase");
  }

  private static List<String> completed(Path script, String... words) {
    String question =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_controller; echo \"${COMPREPLY[@]}\""
            .formatted(
                script,
                Stream.of(words).map(word -> "'" + word + "'").collect(Collectors.joining(" ")),
                words.length - 1);
    return List.of(Command.of("bash", "-c", question).run().out().strip().split("\\s+"));
  }

  @Test
  void zshCompletesCommandsOptionsAndValues() throws Exception {
    assertThat(run("generate-completion")).isZero();
    Path script = Files.writeString(directory.resolve("completion"), out.toString());

    assertThat(completedByZsh(script, "controller di")).isEqualTo("controller disk ");
    assertThat(completedByZsh(script, "controller disk flash --yes"))
        .isEqualTo("controller disk flash --yes-erase ");
    assertThat(completedByZsh(script, "controller disk boot --firmware U"))
        .isEqualTo("controller disk boot --firmware UEFI ");
  }

  /** What becomes of a line when its writer presses the tab key, in a shell on a terminal. */
  private static String completedByZsh(Path script, String line) {
    String terminal =
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'source <(cat completion)'
        zpty -w shell 'tell() { print -rn -- "$BUFFER" > told.part; mv told.part told }'
        zpty -w shell "zle -N tell; bindkey '^T' tell; print rea''dy"
        zpty -r shell said '*ready*'
        zpty -n -w shell "$1"$'\\t\\x14'
        repeat 300 { [[ -e told ]] && break; sleep 0.1 }
        cat told && rm told
        """;
    Path home = script.getParent();
    return Command.of("zsh", "-f", "-c", terminal, "zsh", line)
        .directory(home)
        .environment(Map.of("HOME", home.toString()))
        .run()
        .out();
  }

  @Test
  void anImageThatCannotBootIsSaidToAndNothingIsLeft() throws Exception {
    Path image = Files.createDirectories(directory.resolve("image"));
    Files.writeString(image.resolve(".dockerenv"), "");
    Path work = Files.createDirectory(directory.resolve("work"));
    String[] check = {"image", "check", "rootfs:" + image, "--work", work.toString()};

    assertThat(run(check)).isEqualTo(1);
    assertThat(out.toString())
        .contains("fatal   kernel: The image has no kernel.")
        .contains("mended  engine-leftovers: removed /.dockerenv")
        .endsWith("The image does not boot as it is.\n");
    assertThat(image.resolve(".dockerenv")).as("the image itself is not touched").exists();
    assertThat(work).isEmptyDirectory();

    out.getBuffer().setLength(0);
    assertThat(run(Stream.concat(Stream.of(check), Stream.of("--json")).toArray(String[]::new)))
        .isEqualTo(1);
    assertThat(out.toString()).contains("\"boots\" : false", "\"check\" : \"kernel\"");
  }

  @Test
  void howToEndQemuIsSaidOnlyWhenItStarts() {
    Path absent = directory.resolve("absent.img");

    assertThat(run("disk", "boot", absent.toString(), "--firmware", "UEFI")).isNotZero();
    assertThat(err.toString()).startsWith("controller: ").contains("absent.img");
    assertThat(err.toString()).doesNotContain("Ctrl-A");
  }

  @Test
  void whatAnOperatorCanMendIsOneSentence() {
    Path absent = directory.resolve("absent.yml");

    assertThat(run("disk", "build", absent.toString(), "-o", "x.img")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("controller: The disk description " + absent + " does not exist.\n");
  }

  @Test
  void theServerTakesItsConfigurationAsAnArgumentThatCanBeLeftOut() {
    assertThat(run("server", "--help")).isZero();
    assertThat(out.toString()).contains("[CONFIG]");

    Path absent = directory.resolve("absent.yml");
    assertThat(run("server", absent.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains(absent + ". Name it as in 'controller server FILE'")
        .doesNotContain("--config");
  }

  @Test
  void aDiskOfAnotherKindIsRefused() throws Exception {
    Path other = Files.write(directory.resolve("other.img"), new byte[1 << 20]);

    assertThat(run("disk", "inspect", other.toString())).isEqualTo(1);
    assertThat(err.toString()).startsWith("controller: ").contains("other.img");
    assertThat(err.toString()).doesNotContain("at dev.slipway");
  }

  private static String[] with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private static boolean isGroup(String words) {
    CommandLine command = Main.commandLine();
    for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
      command = command.getSubcommands().get(word);
    }
    return !command.getSubcommands().isEmpty();
  }

  /** What stands below Examples in a help, after the program's name. */
  private static List<String> examples(String help) {
    return help.lines()
        .dropWhile(line -> !line.equals("Examples:"))
        .skip(1)
        .map(line -> line.replaceFirst(".*\\bcontroller ", "").replaceFirst("[)]$", ""))
        .toList();
  }

  /** Throws for what is no usage of a command; a word may be quoted. */
  private static void parse(String example) {
    Main.commandLine()
        .parseArgs(
            Pattern.compile("'([^']*)'|\\S+")
                .matcher(example)
                .results()
                .map(word -> word.group(1) == null ? word.group() : word.group(1))
                .toArray(String[]::new));
  }

  /** The words of a command and of all below it. */
  private static List<String> commands(String words, CommandLine command) {
    List<String> all = new ArrayList<>(List.of(words));
    command
        .getSubcommands()
        .forEach((name, below) -> all.addAll(commands((words + " " + name).strip(), below)));
    return all;
  }

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setErr(new PrintWriter(err, true));
    command.setOut(new PrintWriter(out, true));
    return command.execute(arguments);
  }
}
