package dev.slipway.e2e.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The harness itself, on the tiny slot's initrd. */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VirtualMachineTest {
  private static final Duration BOOT = Duration.ofMinutes(3);

  private TinySlot tiny;
  private Hypervisor hypervisor;

  @BeforeAll
  void start() {
    tiny = TinySlot.build(Path.of(System.getProperty("slipway.home")));
    hypervisor = new Hypervisor(Path.of("target/vm/harness"));
  }

  @AfterAll
  void end() {
    hypervisor.close();
  }

  private Machine machine(String name) {
    return Machine.named(name)
        .memory(256)
        .kernel(tiny.kernel(), tiny.initrd(), "console=ttyS0 quiet");
  }

  @Test
  void commandsAnswerWithStatusAndOutput() {
    try (VirtualMachine vm = hypervisor.create(machine("shell")).powerOn()) {
      Shell shell = Shell.atPrompt(vm.console(), BOOT);
      assertThat(shell.run("echo one; echo two; exit_with() { return $1; }; exit_with 7"))
          .isEqualTo(new Shell.Result(7, "one\ntwo"));
      assertThat(shell.run("printf 'no end of line'").output()).isEqualTo("no end of line");
      assertThat(shell.run("true").output()).isEmpty();
      shell.write("/long", "ä text of several lines\n".repeat(500));
      assertThat(shell.check("md5sum < /long"))
          .startsWith(md5("ä text of several lines\n".repeat(500)));
      assertThatThrownBy(() -> shell.check("echo reason; false"))
          .isInstanceOf(VmException.class)
          .hasMessageContaining("status 1")
          .hasMessageContaining("reason");
      shell.leave("poweroff -f");
      vm.awaitOff(Duration.ofSeconds(60));
      assertThat(vm.isRunning()).isFalse();
    }
  }

  @Test
  void snapshotsKeepMemoryAndDisksAndSurviveAPowerCut() {
    Disk disk = Disk.empty(hypervisor.newFile("disk.qcow2"), 16 << 20);
    try (VirtualMachine vm = hypervisor.create(machine("snapshot").disk(disk)).powerOn()) {
      Shell shell = Shell.atPrompt(vm.console(), BOOT);
      shell.check("state=before; echo before > /dev/vda; sync");
      vm.saveSnapshot("ready");
      shell.check("state=after; echo after. > /dev/vda; sync");

      vm.loadSnapshot("ready");
      assertThat(shell.check("echo $state; head -n 1 /dev/vda")).isEqualTo("before\nbefore");

      shell.check("echo cut... | dd conv=fsync of=/dev/vda");
      vm.powerCut();
      vm.powerOn();
      assertThat(Shell.atPrompt(vm.console(), BOOT).check("echo [$state]; head -n 1 /dev/vda"))
          .isEqualTo("[]\ncut...");

      vm.powerCut();
      vm.powerOn("ready");
      Shell again = Shell.resume(vm.console());
      assertThat(again.check("echo $state; head -n 1 /dev/vda")).isEqualTo("before\nbefore");
    }
  }

  @Test
  void machinesOnOneLanReachEachOther() {
    Lan lan = Lan.create();
    try (VirtualMachine one = hypervisor.create(machine("lan1").lan(lan)).powerOn();
        VirtualMachine two = hypervisor.create(machine("lan2").lan(lan)).powerOn()) {
      Shell first = Shell.atPrompt(one.console(), BOOT);
      Shell second = Shell.atPrompt(two.console(), BOOT);
      first.check("ip addr add 10.77.0.1/24 dev eth1; ip link set eth1 up");
      second.check("ip addr add 10.77.0.2/24 dev eth1; ip link set eth1 up");
      assertThat(second.check("ping -c 1 -w 20 10.77.0.1")).contains("1 packets received");
    }
  }

  @Test
  void filesComeInOnADiskOfTheirOwn(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("greeting"), "hello\n");
    Disk files = Disk.ofDirectory(directory, hypervisor.newFile("files.img"));
    try (VirtualMachine vm = hypervisor.create(machine("files").disk(files)).powerOn()) {
      Shell shell = Shell.atPrompt(vm.console(), BOOT);
      shell.check("mkdir /files; mount -t ext4 -o ro /dev/vda /files");
      assertThat(shell.check("cat /files/greeting")).isEqualTo("hello");
    }
  }

  @Test
  void aMachineThatSaysSomethingElseIsQuoted() {
    try (VirtualMachine vm = hypervisor.create(machine("quote")).powerOn()) {
      Shell.atPrompt(vm.console(), BOOT).leave("echo some thing else");
      assertThatThrownBy(() -> vm.console().expect("never said", Duration.ofSeconds(2)))
          .isInstanceOf(VmException.class)
          .hasMessageContaining("/never said/")
          .hasMessageContaining("some thing else");
    }
  }

  @Test
  void whatQemuRefusesIsSaid() {
    Machine impossible = machine("refused").device("no-such-device");
    assertThatThrownBy(() -> hypervisor.create(impossible).powerOn())
        .isInstanceOf(VmException.class)
        .hasMessageContaining("no-such-device");
  }

  private static String md5(String text) {
    try {
      return java.util.HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("MD5")
                  .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
