package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel needs to start an init: itself, its interpreter, and that one's. */
class ProgramStartTest {
  private static final String INIT = "/sbin/init";
  private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

  @TempDir private Path directory;
  private TestTree tree;

  @BeforeEach
  void emptyTree() {
    tree = new TestTree(directory);
  }

  private Optional<String> obstacle() {
    try (OsTree opened = new OsTree(directory)) {
      return new ProgramStart(opened).obstacle(INIT);
    }
  }

  @Test
  void aStaticProgramNeedsNothing() {
    tree.program(INIT, ElfProgram.STATIC);
    assertThat(obstacle()).isEmpty();
  }

  @Test
  void aLinkedProgramNeedsItsLoader() {
    tree.program(INIT, ElfProgram.interpretedBy(LOADER));
    assertThat(obstacle()).contains("needs " + LOADER + " to start, which is not there");

    tree.link(LOADER, "../usr/lib/ld.so");
    assertThat(obstacle())
        .contains(
            "needs "
                + LOADER
                + " to start, which is a link to ../usr/lib/ld.so, which is not there");

    tree.program("/usr/lib/ld.so", ElfProgram.STATIC);
    assertThat(obstacle()).isEmpty();
  }

  @Test
  void theMachinesOwnProgramsAreRead() throws IOException {
    Path shell = Path.of("/bin/sh");
    tree.program(INIT, Files.readAllBytes(shell));
    assertThat(obstacle()).hasValueSatisfying(obstacle -> assertThat(obstacle).contains(LOADER));
  }

  @Test
  void aScriptNeedsItsShellAndThatOnesLoader() {
    tree.program(INIT, "#! /bin/sh -e\n");
    assertThat(obstacle()).contains("needs /bin/sh to start, which is not there");

    tree.program("/bin/busybox", ElfProgram.interpretedBy("/lib/ld-musl-x86_64.so.1"))
        .link("/bin/sh", "busybox");
    assertThat(obstacle())
        .contains(
            "needs /bin/sh to start, which needs /lib/ld-musl-x86_64.so.1 to start, which is not"
                + " there");

    tree.program("/lib/ld-musl-x86_64.so.1", ElfProgram.STATIC);
    assertThat(obstacle()).isEmpty();
  }

  @Test
  void aProgramOrALoaderForAnotherMachineDoesNotStart() {
    tree.program(INIT, ElfProgram.of(ElfProgram.AARCH64));
    assertThat(obstacle())
        .contains("is not a program for x86-64; the image is for another architecture");

    tree.program(INIT, ElfProgram.interpretedBy(LOADER))
        .program(LOADER, ElfProgram.of(ElfProgram.AARCH64));
    assertThat(obstacle())
        .contains(
            "needs "
                + LOADER
                + " to start, which is not a program for x86-64; the image is for another"
                + " architecture");
  }

  @Test
  void aLoaderThatIsNoProgramIsNotBlamedOnTheArchitecture() {
    tree.program(INIT, ElfProgram.interpretedBy(LOADER)).program(LOADER, "");
    assertThat(obstacle())
        .contains("needs " + LOADER + " to start, which is damaged, or no program");
  }

  @Test
  void aNameThatAnImageBringsForgesNoLine() {
    tree.program(INIT, ElfProgram.interpretedBy("/x\nnote    init: fine"));
    assertThat(obstacle()).contains("needs /x\\012note    init: fine to start, which is not there");
  }

  @Test
  void aLoaderThatNamesItselfIsNotFollowed() {
    tree.program(INIT, ElfProgram.interpretedBy(LOADER))
        .program(LOADER, ElfProgram.interpretedBy(LOADER));
    assertThat(obstacle()).isEmpty();
  }

  @Test
  void scriptsThatStartEachOtherComeToAnEnd() {
    tree.program(INIT, "#!/sbin/init\n");
    assertThat(obstacle())
        .hasValueSatisfying(obstacle -> assertThat(obstacle).contains("script of a script"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"#!\n", "#!sh\n", "#!/\n", "#!/bin/sh\0x\n", "text", "", "#!/.."})
  void whatNamesNoInterpreterThatIsThereDoesNotStart(String content) {
    tree.program(INIT, content);
    assertThat(obstacle()).isPresent();
  }

  /** An image's files are anybody's. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void brokenProgramsAreReadToAnEnd(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] program =
        random.nextBoolean()
            ? ElfProgram.interpretedBy("/l".repeat(random.nextInt(1, 3000)))
            : ElfProgram.interpretedBy("/" + "n".repeat(random.nextInt(1, 300)));
    for (int i = random.nextInt(12); i > 0; i--) {
      program[random.nextInt(20, Math.min(program.length, 200))] = (byte) random.nextInt();
    }
    tree.program(INIT, program);
    obstacle()
        .ifPresent(obstacle -> assertThat(obstacle).startsWith("needs ").contains("to start"));
  }

  static LongStream seeds() {
    return new SplittableRandom(Long.getLong("slipway.seed", System.nanoTime())).longs(100);
  }
}
