package dev.slipway.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.GrubModel;
import dev.slipway.boot.GrubModel.BootDecision;
import dev.slipway.boot.GrubModel.Copies;
import dev.slipway.boot.KernelCommandLine;
import dev.slipway.boot.TransactionId;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.e2e.TwoSlotDisk.Harm;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Firmware;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.TinySlot;
import dev.slipway.e2e.vm.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real GRUB, with the rendered script, on a real disk: it boots the kernel that the model says,
 * with the command line that the model says, and leaves the boot environment as the model says.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrubAgreesWithModelTest {

  private static final String COMMAND_LINE = "Kernel command line: (.*)\n";
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final TransactionId OLD = new TransactionId("01OLD");
  private static final TransactionId NEW = new TransactionId("01NEW");
  private static final BootEnvironment IDLE = BootEnvironment.first("a", OLD);
  private static final byte[] EMPTY = new byte[0];
  private static final Set<String> BOTH = Set.of("a", "b");
  private static final long SEED = Long.getLong("slipway.seed", System.nanoTime());

  private Hypervisor hypervisor;
  private TwoSlotDisk disk;

  /**
   * A disk to boot.
   *
   * @param readable the slots whose kernel and initrd are there
   * @param harm what has become of the others
   * @param writable whether the disk takes writes
   */
  private record Case(
      String name, Copies copies, Set<String> readable, Harm harm, boolean writable) {
    static Case of(String name, byte[] first, byte[] second) {
      return new Case(name, new Copies(first, second), BOTH, Harm.WIPED, true);
    }

    Case withReadable(Set<String> slots) {
      return new Case(name, copies, slots, harm, writable);
    }

    Case others(Harm done) {
      return new Case(name, copies, readable, done, writable);
    }

    Case readOnly() {
      return new Case(name, copies, readable, harm, false);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Case> cases() {
    byte[] idle = IDLE.block();
    byte[] committed = IDLE.trial("b", NEW).committed("b", NEW).block();
    return List.of(
        Case.of("no trial", idle, idle),
        Case.of("three tries left", trial(3), trial(3)),
        Case.of("one try left", trial(1), trial(1)),
        Case.of("tries used up", trial(0), trial(0)),
        Case.of("second copy has fewer tries", trial(3), trial(1)),
        Case.of("first copy empty", EMPTY, trial(3)),
        Case.of("first copy torn", torn(), idle),
        Case.of("second copy newer", idle, trial(3)),
        Case.of("first copy random bytes", noise(), trial(2)),
        Case.of("second copy zero bytes", trial(2), new byte[1024]),
        Case.of("first copy of 512 bytes", Arrays.copyOf(trial(3), 512), EMPTY),
        Case.of("padding lost", zeroTail(trial(3)), idle),
        Case.of("both copies random bytes", noise(), noise()),
        Case.of("both copies random bytes, first slot wiped", noise(), noise())
            .withReadable(Set.of("b")),
        Case.of("commit reached the first copy", committed, trial(2)),
        Case.of("commit reached the second copy", trial(2), committed),
        Case.of("default slot unknown", unknownDefault(), unknownDefault()),
        Case.of("slot on trial wiped", trial(3), trial(3)).withReadable(Set.of("a")),
        Case.of("default slot wiped", idle, idle).withReadable(Set.of("b")),
        Case.of("both slots wiped", trial(3), trial(3)).withReadable(Set.of()),
        Case.of("slot on trial without a kernel", trial(3), trial(3))
            .withReadable(Set.of("a"))
            .others(Harm.NO_KERNEL),
        Case.of("slot on trial with a broken kernel", trial(3), trial(3))
            .withReadable(Set.of("a"))
            .others(Harm.BROKEN_KERNEL),
        Case.of("slot on trial without an initrd", trial(3), trial(3))
            .withReadable(Set.of("a"))
            .others(Harm.NO_INITRD),
        Case.of("default slot without a kernel", idle, idle)
            .withReadable(Set.of("b"))
            .others(Harm.NO_KERNEL),
        Case.of("both slots without a kernel", trial(3), trial(3))
            .withReadable(Set.of())
            .others(Harm.NO_KERNEL),
        Case.of("disk takes no writes", trial(3), trial(3)).readOnly());
  }

  /** What every run looks at: some cases with BIOS, fewer with UEFI, which takes longer. */
  static Stream<Object[]> sample() {
    System.out.println("GrubAgreesWithModelTest seed " + SEED);
    List<Case> shuffled = new ArrayList<>(cases());
    Collections.shuffle(shuffled, new Random(SEED));
    return Stream.concat(
        shuffled.subList(0, 5).stream().map(one -> new Object[] {Firmware.BIOS, one}),
        shuffled.subList(5, 7).stream().map(one -> new Object[] {Firmware.UEFI, one}));
  }

  @BeforeAll
  void buildTheDisk() {
    Path home = Path.of(System.getProperty("slipway.home"));
    hypervisor = new Hypervisor(Path.of("target/vm/grub"));
    disk = TwoSlotDisk.build(hypervisor.newFile("disk.img"), home, TinySlot.build(home));
  }

  @AfterAll
  void endMachines() {
    hypervisor.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("sample")
  void aSampleBootsAsTheModelSays(Firmware firmware, Case one) {
    assertThatGrubAgrees(firmware, one);
  }

  @Tag("campaign")
  @ParameterizedTest
  @EnumSource(Firmware.class)
  void everyCaseBootsAsTheModelSays(Firmware firmware) {
    for (Case one : cases()) {
      assertThatGrubAgrees(firmware, one);
    }
  }

  /** The campaign has both. */
  static Stream<Firmware> oneFirmware() {
    return Stream.of(new Random(SEED).nextBoolean() ? Firmware.BIOS : Firmware.UEFI);
  }

  @Tag("campaign")
  @ParameterizedTest
  @EnumSource(Firmware.class)
  void everyOddDiskIsBootedAsTheModelSays(Firmware firmware) {
    aCloneThatTheFirmwareFindsFirstHasNoSayAndIsNotWritten(firmware);
    aDiskWhoseWritesFailBootsTheCommittedSlot(firmware);
    aDiskThatDiesAtTheFirstWriteBootsNothing(firmware);
    aDiskWithoutASlotThatBootsIsTriedAgain(firmware);
    for (Missing missing : Missing.values()) {
      aCopyWhoseFileIsMissingCountsForNothing(firmware, missing);
    }
  }

  @ParameterizedTest
  @MethodSource("oneFirmware")
  void aCloneThatTheFirmwareFindsFirstHasNoSayAndIsNotWritten(Firmware firmware) {
    Path clone = hypervisor.newFile("clone-" + firmware + ".img");
    byte[] idle = IDLE.block();
    disk.prepare(new Copies(idle, idle), BOTH);
    disk.cloneTo(clone);
    Copies own = new Copies(trial(3), trial(3));
    disk.prepare(own, BOTH);
    BootDecision expected = new GrubModel(TwoSlotDisk.SLOTS).decide(own, BOTH, true);

    Machine machine =
        Machine.named("cloned").firmware(firmware).diskBefore(Disk.raw(clone)).disk(disk.asDisk());
    try (VirtualMachine vm = hypervisor.create(machine).powerOn()) {
      String line = vm.console().expect(COMMAND_LINE, PATIENCE).group(1);
      assertThatItSays(line, expected, "beside a clone");
    }
    assertThat(disk.copies()).isEqualTo(expected.copies());
    assertThat(disk.copiesOn(clone)).isEqualTo(new Copies(idle, idle));
  }

  @ParameterizedTest
  @MethodSource("oneFirmware")
  void aDiskWhoseWritesFailBootsTheCommittedSlot(Firmware firmware) {
    Copies copies = new Copies(trial(3), trial(3));
    disk.prepare(copies, BOTH);
    BootDecision expected = new GrubModel(TwoSlotDisk.SLOTS).decide(copies, BOTH, false);

    Machine machine =
        Machine.named("failing")
            .firmware(firmware)
            .disk(Disk.failing(disk.file(), Disk.Fault.WRITES_FAIL));
    try (VirtualMachine vm = hypervisor.create(machine).powerOn()) {
      String line = vm.console().expect(COMMAND_LINE, PATIENCE).group(1);
      assertThatItSays(line, expected, "writes fail");
    }
    assertThat(expected.mode()).isEqualTo(BootMode.SAVEERR);
    assertThat(disk.copies()).isEqualTo(copies);
  }

  @ParameterizedTest
  @MethodSource("oneFirmware")
  void aDiskThatDiesAtTheFirstWriteBootsNothing(Firmware firmware) {
    Copies copies = new Copies(trial(3), trial(3));
    disk.prepare(copies, BOTH);
    assertThat(new GrubModel(TwoSlotDisk.SLOTS).decide(copies, Set.of(), false).slot()).isEmpty();

    Machine machine =
        Machine.named("dying")
            .firmware(firmware)
            .disk(Disk.failing(disk.file(), Disk.Fault.DIES_AT_THE_FIRST_WRITE));
    try (VirtualMachine vm = hypervisor.create(machine).powerOn()) {
      vm.console().expect("Slipway finds no slot that can be booted", PATIENCE);
    }
    assertThat(disk.copies()).isEqualTo(copies);
  }

  @ParameterizedTest
  @MethodSource("oneFirmware")
  void aDiskWithoutASlotThatBootsIsTriedAgain(Firmware firmware) {
    GrubModel model = new GrubModel(TwoSlotDisk.SLOTS);
    Copies copies = new Copies(trial(3), trial(3));
    disk.prepare(copies, Set.of());
    BootDecision once = model.decide(copies, Set.of(), true);

    try (VirtualMachine vm =
        hypervisor
            .create(Machine.named("again").firmware(firmware).disk(disk.asDisk()))
            .powerOn()) {
      vm.console().expect("Slipway finds no slot that can be booted", PATIENCE);
      if (firmware == Firmware.UEFI) {
        // It shows its screen on the serial port as well, so every line is there twice.
        vm.console().expect("Welcome to GRUB!", PATIENCE);
      }
      vm.console().expect("Slipway finds no slot that can be booted", PATIENCE);
    }
    assertThat(disk.copies()).isEqualTo(model.decide(once.copies(), Set.of(), true).copies());
  }

  /** A file that is not there is another way through GRUB's load_env than one that is empty. */
  private enum Missing {
    FIRST,
    SECOND,
    BOTH;

    private List<String> paths() {
      return switch (this) {
        case FIRST -> List.of(EfiSystemPartition.ENVIRONMENT_1);
        case SECOND -> List.of(EfiSystemPartition.ENVIRONMENT_2);
        case BOTH -> List.of(EfiSystemPartition.ENVIRONMENT_1, EfiSystemPartition.ENVIRONMENT_2);
      };
    }

    private Copies of(Copies copies) {
      return new Copies(
          this == SECOND ? copies.first() : EMPTY, this == FIRST ? copies.second() : EMPTY);
    }
  }

  private static Stream<Arguments> missing() {
    return oneFirmware()
        .flatMap(
            firmware ->
                Arrays.stream(Missing.values()).map(which -> Arguments.of(firmware, which)));
  }

  @ParameterizedTest
  @MethodSource("missing")
  void aCopyWhoseFileIsMissingCountsForNothing(Firmware firmware, Missing missing) {
    Copies copies = new Copies(trial(3), trial(2));
    disk.prepareWithout(copies, missing.paths());
    BootDecision expected = new GrubModel(TwoSlotDisk.SLOTS).decide(missing.of(copies), BOTH, true);

    try (VirtualMachine vm =
        hypervisor
            .create(Machine.named("missing").firmware(firmware).disk(disk.asDisk()))
            .powerOn()) {
      String line = vm.console().expect(COMMAND_LINE, PATIENCE).group(1);
      assertThatItSays(line, expected, missing.name());
    }
    assertThat(expected.mode())
        .isEqualTo(missing == Missing.BOTH ? BootMode.ENVBAD : BootMode.COLDTRIAL);
  }

  @Test
  void someStatesDrawnAtRandomAreDecidedAsTheModelSays() {
    Random random = new Random(SEED);
    assertThatGrubDecidesAsTheModel(Firmware.BIOS, BOTH, Harm.WIPED, true, 40, random);
    assertThatGrubDecidesAsTheModel(
        Firmware.BIOS,
        Set.of(random.nextBoolean() ? "a" : "b"),
        List.of(Harm.values()).get(random.nextInt(Harm.values().length)),
        true,
        10,
        random);
  }

  @Tag("campaign")
  @ParameterizedTest
  @EnumSource(Firmware.class)
  void hundredsOfStatesDrawnAtRandomAreDecidedAsTheModelSays(Firmware firmware) {
    Random random = new Random(SEED);
    for (boolean writable : new boolean[] {true, false}) {
      for (Set<String> readable : List.of(BOTH, Set.of("a"), Set.of("b"), Set.<String>of())) {
        for (Harm harm : readable.equals(BOTH) ? Set.of(Harm.WIPED) : Set.of(Harm.values())) {
          assertThatGrubDecidesAsTheModel(firmware, readable, harm, writable, 30, random);
        }
      }
    }
  }

  private void assertThatGrubDecidesAsTheModel(
      Firmware firmware,
      Set<String> readable,
      Harm harm,
      boolean writable,
      int count,
      Random random) {
    RandomCopies drawn = new RandomCopies(random);
    List<Copies> states = Stream.generate(drawn::next).limit(count).toList();
    // In each run GRUB loads a kernel and an initrd anew; under UEFI those before stay in memory.
    int atOnce = firmware == Firmware.BIOS ? 30 : 10;
    for (int from = 0; from < count; from += atOnce) {
      assertThatGrubDecidesAsTheModel(
          firmware, readable, harm, writable, states.subList(from, Math.min(count, from + atOnce)));
    }
  }

  private void assertThatGrubDecidesAsTheModel(
      Firmware firmware, Set<String> readable, Harm harm, boolean writable, List<Copies> states) {
    List<BootDecision> expected =
        states.stream()
            .map(copies -> new GrubModel(TwoSlotDisk.SLOTS).decide(copies, readable, writable))
            .toList();
    disk.prepareRuns(states, readable, harm);

    Machine machine =
        Machine.named("states")
            .memory(1024)
            .firmware(firmware)
            .disk(writable ? disk.asDisk() : disk.asReadOnlyDisk());
    Map<Integer, String> said;
    try (VirtualMachine vm = hypervisor.create(machine).powerOn()) {
      said = ScriptRuns.said(vm.console().expectOneOf(PATIENCE, ScriptRuns.END).before());
    }

    for (int run = 0; run < states.size(); run++) {
      String what =
          "seed %d, %s, %s readable, others %s, %s, state %d: %s"
              .formatted(
                  SEED,
                  firmware,
                  readable,
                  harm,
                  writable ? "writable" : "read-only",
                  run,
                  text(states.get(run)));
      assertThat(said.get(run)).as(what).isEqualTo(ScriptRuns.expected(expected.get(run)));
      assertThat(disk.copies(run))
          .as("copies after: " + what)
          .isEqualTo(expected.get(run).copies());
    }
  }

  private static String text(Copies copies) {
    return new String(copies.first(), US_ASCII) + " | " + new String(copies.second(), US_ASCII);
  }

  private void assertThatGrubAgrees(Firmware firmware, Case one) {
    BootDecision expected =
        new GrubModel(TwoSlotDisk.SLOTS).decide(one.copies(), one.readable(), one.writable());
    disk.prepare(one.copies(), one.readable(), one.harm());
    Machine machine =
        Machine.named("grub")
            .firmware(firmware)
            .disk(one.writable() ? disk.asDisk() : disk.asReadOnlyDisk());
    try (VirtualMachine vm = hypervisor.create(machine).powerOn()) {
      if (expected.slot().isPresent()) {
        String line = vm.console().expect(COMMAND_LINE, PATIENCE).group(1);
        assertThatItSays(line, expected, one.name());
      } else {
        vm.console().expect("Slipway finds no slot that can be booted", PATIENCE);
      }
    }
    assertThat(disk.copies())
        .as("environment after: " + firmware + ", " + one)
        .isEqualTo(expected.copies());
  }

  private void assertThatItSays(String text, BootDecision expected, String what) {
    KernelCommandLine line = KernelCommandLine.parse(text);
    assertThat(line.slipway())
        .as(what)
        .contains(
            disk.boot(
                expected.slot().orElseThrow(),
                expected.mode(),
                expected.why(),
                expected.transaction()));
    assertThat(line.arguments()).contains("rw", "watchdog.stop_on_reboot=0");
    if (expected.mode().isTrial()) {
      assertThat(line.arguments()).containsAll(KernelCommandLine.IN_TRIALS);
    } else {
      assertThat(line.arguments()).doesNotContainAnyElementsOf(KernelCommandLine.IN_TRIALS);
    }
  }

  private static byte[] trial(int tries) {
    return new BootEnvironment(
            IDLE.generation() + 1, "a", Optional.of(new BootEnvironment.Trial("b", tries)), NEW)
        .block();
  }

  private static byte[] torn() {
    return replaced(trial(3), "gen=1000000001", "gen=1000000002");
  }

  private static byte[] unknownDefault() {
    return replaced(IDLE.block(), "default_slot=a", "default_slot=Z");
  }

  private static byte[] replaced(byte[] block, String what, String with) {
    return new String(block, US_ASCII).replace(what, with).getBytes(US_ASCII);
  }

  private static byte[] zeroTail(byte[] block) {
    Arrays.fill(block, 512, 1024, (byte) 0);
    return block;
  }

  private static byte[] noise() {
    byte[] noise = new byte[1024];
    new Random(SEED).nextBytes(noise);
    return noise;
  }
}
