package dev.slipway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.TransactionId;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.PartitionTable;
import dev.slipway.tree.TarBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jazzer on the readers of what others wrote. Each target runs in a process of its own, so that
 * nothing else is instrumented. What it finds stays in {@code target/fuzz}.
 */
class FuzzTest {
  private static final long SEED =
      Math.floorMod(Long.getLong("slipway.seed", System.nanoTime()), 0x7fff_ffffL) + 1;

  @TempDir Path directory;

  /** A target and well-formed input from which the fuzzer starts. */
  record Target(Class<?> fuzz, int runs, List<byte[]> seeds) {
    @Override
    public String toString() {
      return fuzz.getSimpleName();
    }
  }

  static Stream<Target> targets() throws IOException {
    return Stream.of(
        new Target(TarFuzz.class, 8_000, List.of(tar(), oddTar())),
        new Target(LayersFuzz.class, 500, noise()),
        new Target(DocumentsFuzz.class, 20_000, List.of(json())),
        new Target(DiskFuzz.class, 3_000, List.of(environment(), disk())));
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
                "--instrumentation_includes=dev.slipway.**",
                "--custom_hook_includes=dev.slipway.**",
                "-artifact_prefix=" + found + "/" + target + "-",
                "--reproducer_path=" + found,
                "-seed=" + SEED,
                "-max_len=16384",
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

  private static List<byte[]> noise() {
    SplittableRandom random = new SplittableRandom(SEED);
    return Stream.generate(
            () -> {
              byte[] bytes = new byte[300];
              random.nextBytes(bytes);
              return bytes;
            })
        .limit(50)
        .toList();
  }

  private static byte[] tar() {
    return new TarBytes()
        .directory("etc")
        .file("etc/passwd", "root")
        .link("bin", "usr/bin")
        .hardLink("etc/shadow", "etc/passwd")
        .file("x".repeat(300), "long")
        .bytes();
  }

  private static byte[] oddTar() {
    String pax = "30 mtime=1600000000.123456789\n27 SCHILY.xattr.user.a=\u0001\u0002b\n";
    return new RawTar()
        .add('g', "pax", "", 0, "14 comment=xx\n".getBytes(StandardCharsets.ISO_8859_1))
        .add('x', "pax", "", 0, pax.getBytes(StandardCharsets.ISO_8859_1))
        .add('0', "file", "", 04755, new byte[600])
        .add('L', "long", "", 0, "a/rather/long/name\0".getBytes(StandardCharsets.ISO_8859_1))
        .add('3', "dev", "", 0600, new byte[0])
        .bytes();
  }

  private static byte[] json() {
    return """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":
        {"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%1$s","size":2},
        "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+zstd","digest":
        "sha256:%1$s","size":3}],"annotations":{"a":"\\u00e4"},"architecture":"amd64","os":"linux"}
        """
        .formatted("0123456789abcdef".repeat(4))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] environment() {
    return BootEnvironment.first("slot1", new TransactionId("01BUILD")).block();
  }

  private static byte[] disk() throws IOException {
    DiskLayout layout =
        DiskLayout.plan(
            PartitionTable.Kind.GPT,
            OptionalLong.empty(),
            List.of(new DiskLayout.SlotSize("slot1", 16 << 20)),
            OptionalLong.of(16 << 20),
            UUID::randomUUID);
    Path whole = Files.createTempFile("slipway-fuzz-", ".img");
    try (RandomAccessFile image = new RandomAccessFile(whole.toFile(), "rw")) {
      image.setLength(layout.diskSize());
      layout.table().write(whole);
      byte[] head = new byte[34 * 512];
      image.readFully(head);
      return head;
    } finally {
      Files.delete(whole);
    }
  }
}
