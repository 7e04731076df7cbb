package dev.slipway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.boot.GrubScript.BootSlot;
import dev.slipway.disk.GrubImages;
import dev.slipway.disk.PartitionId;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrubScriptTest {

  private static final Path TEMPLATE = Path.of("../grub-templates/grub.cfg.template");
  private static final PartitionId A =
      PartitionId.parse("AAAAAAAA-0000-4000-8000-00000000000A").orElseThrow();
  private static final PartitionId B = new PartitionId("bbbbbbbb-0000-4000-8000-00000000000b");
  private static final List<BootSlot> SLOTS =
      List.of(new BootSlot("slot1", A), new BootSlot("slot2", B));

  @TempDir Path directory;

  @Test
  void grubsOwnCheckerFindsNoFault() throws IOException {
    Path file = directory.resolve("grub.cfg");
    Files.writeString(file, render(List.of("ttyS0,115200", "tty0"), List.of("quiet", "a.b=c,d")));
    assertThat(Command.of("grub-script-check", file.toString()).run().exit()).isZero();
  }

  @Test
  void slotsAreFoundByTheirPartition() {
    assertThat(render(List.of(), List.of()))
        .contains("if [ \"$1\" = \"slot1\" ]; then\n    set want=\"aaaaaaaa-0000-4000-")
        .contains("if [ \"$1\" = \"slot2\" ]; then\n    set want=\"bbbbbbbb-0000-4000-")
        .contains("for s in slot1 slot2; do")
        .contains("linux $p/boot/slipway/vmlinuz root=PARTUUID=$want rw ")
        .contains("initrd $p/boot/slipway/initrd")
        .doesNotContain("{{")
        .doesNotContainPattern("(?m)^ *search");
  }

  @Test
  void slotsOfAnMsdosTableAreFoundByItsPartitions() {
    String script =
        new GrubScript(TEMPLATE)
            .render(
                PartitionTable.Kind.MSDOS,
                List.of(new BootSlot("slot1", PartitionId.of(0x0a19d2a1, 10))),
                List.of(),
                List.of(),
                true);

    assertThat(script).contains("set want=\"0a19d2a1-0a\"").contains("for p in ($bd,msdos*); do");
    assertThat(render(List.of(), List.of())).contains("for p in ($bd,gpt*); do");
  }

  @Test
  void theInitrdIsToldThatADiskHasNoData() {
    assertThat(
            new GrubScript(TEMPLATE)
                .render(PartitionTable.Kind.GPT, SLOTS, List.of(), List.of(), false))
        .contains(" 'slipway.data=none' ");
    assertThat(render(List.of(), List.of())).doesNotContain("slipway.data");
  }

  @Test
  void theFirstSerialConsoleIsGrubsToo() {
    assertThat(render(List.of("tty0", "ttyS1,38400n8d"), List.of()))
        .contains("if serial --unit=1 --speed=38400; then")
        .contains("terminal_output console serial")
        .contains("'console=tty0' 'console=ttyS1,38400n8d'");
    assertThat(render(List.of("tty0"), List.of())).doesNotContain("serial");
  }

  @Test
  void everyBootKeepsTheWatchdogRunningAndTrialsReboot() {
    String script = render(List.of(), List.of());
    assertThat(script)
        .contains("'watchdog.stop_on_reboot=0'")
        .contains("set extra=\"" + String.join(" ", KernelCommandLine.IN_TRIALS) + "\"");
    for (BootMode mode : BootMode.values()) {
      // GRUB never emits warmtrial: only the agent knows of one.
      assertThat(script.contains("mode=" + mode.token())).isEqualTo(mode != BootMode.WARMTRIAL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"root=/dev/sda", "rw", "ro", "slipway.mode=committed"})
  void argumentsThatSlipwaySetsAreRefused(String argument) {
    assertThatThrownBy(() -> render(List.of(), List.of(argument)))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining(argument)
        .hasMessageContaining("Slipway sets itself");
  }

  @Test
  void anOperatorMayHaveInEveryBootWhatTrialsHave() {
    assertThat(render(List.of(), List.of("softlockup_panic=1"))).contains("'softlockup_panic=1'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\"b", "a'b", "a\\b", "", "\u00e4", "a\nreboot"})
  void argumentsThatGrubWouldChangeAreRefused(String argument) {
    assertThatThrownBy(() -> render(List.of(), List.of(argument)))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("cannot be passed on by GRUB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ttyS0 quiet", "ttyS0,115200;reboot", "", "tty0'"})
  void whatIsNoConsoleIsRefused(String console) {
    assertThatThrownBy(() -> render(List.of(console), List.of()))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("is not a console");
  }

  @Test
  void aCommandWhoseModuleIsMissingIsRefused() throws IOException {
    Path template = directory.resolve("template");
    for (String use :
        List.of(
            "search --file /x",
            "if search x; then\n echo\nfi",
            "echo; search x",
            "function f { search x; }",
            "for p in a b; do search $p; done",
            "if [ a = b ]; then search; fi",
            "if ! search; then echo; fi")) {
      Files.writeString(template, use + "\n");
      assertThatThrownBy(
              () ->
                  new GrubScript(template)
                      .render(PartitionTable.Kind.GPT, SLOTS, List.of(), List.of(), true))
          .as(use)
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("\"search\"");
    }
    Files.writeString(template, "# search\necho search 'search' \"; search\" # ; search\n");
    assertThat(
            new GrubScript(template)
                .render(PartitionTable.Kind.GPT, SLOTS, List.of(), List.of(), true))
        .isNotEmpty();
  }

  @Test
  void commandsAndModulesAreAsGrubHasThem() throws IOException {
    for (String platform : List.of("i386-pc", "x86_64-efi")) {
      List<String> list = Files.readAllLines(Path.of("/usr/lib/grub", platform, "command.lst"));
      GrubCommands.MODULE_OF.forEach(
          (command, module) -> {
            assertThat(list).containsAnyOf(command + ": " + module, "*" + command + ": " + module);
            assertThat(GrubImages.MODULES).contains(module);
          });
    }
  }

  @Test
  void anUnknownPlaceholderIsRefused() throws IOException {
    Path template = Files.writeString(directory.resolve("template"), "echo {{colour}}\n");
    assertThatThrownBy(
            () ->
                new GrubScript(template)
                    .render(PartitionTable.Kind.GPT, SLOTS, List.of(), List.of(), true))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("{{colour}}");
  }

  private static String render(List<String> consoles, List<String> arguments) {
    return new GrubScript(TEMPLATE)
        .render(PartitionTable.Kind.GPT, SLOTS, consoles, arguments, true);
  }
}
