package dev.slipway.controller.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.goldendisk.DescriptionFuzz;
import dev.slipway.controller.osimage.InitrdFuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jazzer on the controller's readers of what others wrote, as the module slots has it. Each target
 * runs in a process of its own; what it finds stays in {@code target/fuzz}.
 */
class FuzzTest {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();
  private static final long SEED =
      Math.floorMod(Long.getLong("slipway.seed", System.nanoTime()), 0x7fff_ffffL) + 1;

  @TempDir private Path directory;

  /** A target and well-formed input from which the fuzzer starts. */
  record Target(Class<?> fuzz, int runs, List<byte[]> seeds) {
    @Override
    public String toString() {
      return fuzz.getSimpleName();
    }
  }

  static Stream<Target> targets() throws IOException {
    return Stream.of(
        new Target(InitrdFuzz.class, 20_000, List.of(archive(), compressed(archive()))),
        new Target(DescriptionFuzz.class, 5_000, descriptions()));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void nothingUnexpectedIsFound(Target target) throws Exception {
    fuzz(target, "-runs=" + target.runs());
  }

  @Tag("campaign")
  @ParameterizedTest
  @MethodSource("targets")
  void nothingUnexpectedIsFoundInFiveMinutes(Target target) throws Exception {
    fuzz(target, "-max_total_time=300");
  }

  private void fuzz(Target target, String howLong) throws IOException, InterruptedException {
    Path corpus = Files.createDirectory(directory.resolve("corpus"));
    for (int i = 0; i < target.seeds().size(); i++) {
      Files.write(corpus.resolve("seed" + i), target.seeds().get(i));
    }
    Path found = Files.createDirectories(Path.of("target/fuzz"));
    Path log = found.resolve(target + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.fuzz().getName(),
                "--instrumentation_includes=dev.slipway.**:org.yaml.snakeyaml.**",
                "--custom_hook_includes=dev.slipway.**",
                "-artifact_prefix=" + found + "/" + target + "-",
                "--reproducer_path=" + found,
                "-seed=" + SEED,
                "-max_len=4096",
                "-len_control=0",
                "-timeout=30",
                howLong,
                corpus.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(20, TimeUnit.MINUTES)).as("%s ended in time", target).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(process.exitValue()).as("seed %d: %s", SEED, said).isZero();
    assertThat(said).contains("DONE");
  }

  /** Microcode as a kernel takes it, then the rest of an initrd. */
  private static byte[] archive() throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    archive.write(entry("kernel/x86/microcode/GenuineIntel.bin", "microcode"));
    archive.write(entry("TRAILER!!!", ""));
    archive.write(new byte[512 - archive.size() % 512]);
    archive.write(entry("usr/lib/modules/6.1/kernel/fs/xfs/xfs.ko.xz", "module"));
    archive.write(entry("TRAILER!!!", ""));
    return archive.toByteArray();
  }

  /** An entry of cpio's format "newc". */
  private static byte[] entry(String name, String content) {
    String head =
        "070701"
            + "0".repeat(48)
            + "%08x".formatted(content.length())
            + "0".repeat(32)
            + "%08x".formatted(name.length() + 1)
            + "0".repeat(8);
    return (padded(head + name + "\0") + padded(content)).getBytes(StandardCharsets.US_ASCII);
  }

  private static String padded(String text) {
    return text + "\0".repeat(-text.length() & 3);
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static List<byte[]> descriptions() throws IOException {
    try (Stream<Path> examples = Files.list(CHECKOUT.resolve("examples/disks"))) {
      return examples.sorted().map(FuzzTest::bytes).toList();
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
