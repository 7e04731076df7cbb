package dev.slipway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.disk.PartitionId;
import dev.slipway.linux.OperatorError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelCommandLineTest {

  private static final PartitionId ROOT = new PartitionId("bbbbbbbb-0000-4000-8000-00000000000b");

  @Test
  void spacesWithinDoubleQuotesBelongToTheArgument() {
    KernelCommandLine line = KernelCommandLine.parse("a  b=\"c d\" \"e=f g\"\th\n");
    assertThat(line.arguments()).containsExactly("a", "b=\"c d\"", "\"e=f g\"", "h");
    assertThat(line.value("b")).contains("c d");
    assertThat(line.value("e")).contains("f g");
    assertThat(line.value("a")).isEmpty();
  }

  @Test
  void theLastOfSeveralValuesCounts() {
    assertThat(KernelCommandLine.parse("console=tty0 console=ttyS0").value("console"))
        .contains("ttyS0");
  }

  @ParameterizedTest
  @EnumSource(BootMode.class)
  void whatIsSaidAboutABootIsReadBack(BootMode mode) {
    BootArguments boot = new BootArguments("slot2", ROOT, mode, "triesout", "01JD0000000000");
    KernelCommandLine line = KernelCommandLine.parse("quiet").forBoot(boot);
    assertThat(KernelCommandLine.parse(line.text()).slipway()).contains(boot);
    assertThat(line.arguments().containsAll(KernelCommandLine.IN_TRIALS)).isEqualTo(mode.isTrial());
    assertThat(line.arguments()).contains("watchdog.stop_on_reboot=0", "rw", "quiet");
  }

  @Test
  void theNextBootCarriesOverOnlyWhatIsTheOperators() {
    KernelCommandLine running =
        KernelCommandLine.parse(
            "BOOT_IMAGE=(hd0,gpt3)/boot/slipway/vmlinuz root=PARTUUID=x rw panic=60"
                + " console=ttyS0,115200 watchdog.stop_on_reboot=0 slipway.slot=slot1"
                + " slipway.mode=coldtrial slipway.why= slipway.txn=T panic=10 oops=panic"
                + " softlockup_panic=1 hung_task_panic=1 rd.shell=0 rd.emergency=reboot"
                + " rd.timeout=90");
    assertThat(running.withoutSlipway().text()).isEqualTo("panic=60 console=ttyS0,115200");
    KernelCommandLine next =
        running.forBoot(new BootArguments("slot2", ROOT, BootMode.COMMITTED, "", "U"));
    assertThat(next.text())
        .isEqualTo(
            "root=PARTUUID="
                + ROOT
                + " rw panic=60 console=ttyS0,115200 watchdog.stop_on_reboot=0 slipway.slot=slot2"
                + " slipway.mode=committed slipway.why= slipway.txn=U");
  }

  @Test
  void whatATrialAddsIsTheOperatorsWhenTheOperatorGivesItToo() {
    KernelCommandLine operators = KernelCommandLine.parse("softlockup_panic=1 quiet");
    KernelCommandLine trial =
        operators.forBoot(new BootArguments("b", ROOT, BootMode.WARMTRIAL, "", "T"));
    assertThat(trial.withoutSlipway()).isEqualTo(operators);
    KernelCommandLine committed =
        trial.forBoot(new BootArguments("b", ROOT, BootMode.COMMITTED, "", "U"));
    assertThat(committed.withoutSlipway()).isEqualTo(operators);
    assertThat(committed.arguments()).contains("softlockup_panic=1");
  }

  @Test
  void trialArgumentsWinOverTheOperators() {
    KernelCommandLine line =
        KernelCommandLine.parse("panic=0")
            .forBoot(new BootArguments("b", ROOT, BootMode.WARMTRIAL, "", "T"));
    assertThat(line.value("panic")).contains("10");
  }

  @Test
  void aCommandLineWithoutSlipwaysWordsSaysNothing() {
    for (String text :
        List.of(
            "",
            "root=/dev/sda1 quiet",
            "root=PARTUUID=" + ROOT + " slipway.slot=a",
            "root=PARTUUID=" + ROOT + " slipway.slot=a slipway.mode=unheardof",
            "root=/dev/sda1 slipway.slot=a slipway.mode=committed",
            "root=PARTUUID=zzz slipway.slot=a slipway.mode=committed")) {
      assertThat(KernelCommandLine.parse(text).slipway()).as(text).isEmpty();
    }
  }

  @Test
  void aLineThatKexecWouldRefuseIsRefusedBefore() {
    KernelCommandLine line = KernelCommandLine.parse("x".repeat(1_900));
    BootArguments boot = new BootArguments("b", ROOT, BootMode.WARMTRIAL, "", "T");
    assertThatThrownBy(() -> line.forBoot(boot))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("kexec takes 2016");
  }
}
