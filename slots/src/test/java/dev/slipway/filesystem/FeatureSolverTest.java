package dev.slipway.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.filesystem.Reason.ForbiddenByReaders;
import dev.slipway.filesystem.Solution.Finding;
import dev.slipway.linux.OperatorError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FeatureSolverTest {
  private static final Demand ON = new Demand(true, "disk.yml, line 3: 'on'");
  private static final Demand OFF = new Demand(false, "disk.yml, line 4: 'off'");
  private static final int CASES = 2000;
  private static final Version XFSPROGS = new Version("6.13.0");
  private static final Version E2FSPROGS = new Version("1.47.2");

  private static final Reader DEBIAN_11_GRUB =
      Reader.of(
          ReaderKind.GRUB, "the shared boot loader", new Version("2.06-3~deb11u6"), Vendor.DEBIAN);

  @Test
  void theReaderThatForbidsAFeatureIsNamed() {
    assertThat(sentence(xfs(DEBIAN_11_GRUB), "nrext64"))
        .isEqualTo(
            "xfs: nrext64 off, because GRUB 2.06-3~deb11u6 (the shared boot loader) cannot read"
                + " it; needs 2.12");
    assertThat(sentence(xfs(kernel("slot \"el7\"", "3.10.0-1160", Vendor.OTHER)), "reflink"))
        .isEqualTo("xfs: reflink off, because slot \"el7\" runs 3.10.0-1160 (needs 4.9)");
    assertThat(
            sentence(
                ext4(
                    Reader.of(
                        ReaderKind.FSCK,
                        "slot \"bullseye\"",
                        new Version("1.46.2"),
                        Vendor.DEBIAN)),
                "orphan_file"))
        .isEqualTo(
            "ext4: orphan_file off, because e2fsck 1.46.2 in slot \"bullseye\" refuses it; needs"
                + " 1.47.0");
    assertThat(sentence(ext4(DEBIAN_11_GRUB), "casefold"))
        .isEqualTo(
            "ext4: casefold off, because GRUB 2.06-3~deb11u6 (the shared boot loader) cannot read"
                + " it; no GRUB can");
    assertThat(
            sentence(
                xfs(
                    Reader.assumed(
                        ReaderKind.KERNEL, "slot \"x\"", new Version("4.18"), Vendor.OTHER)),
                "bigtime"))
        .isEqualTo(
            "xfs: bigtime off, because slot \"x\" runs an unknown kernel, taken for 4.18 (needs"
                + " 5.10)");
  }

  @Test
  void newReadersGetEverythingThatASlotGainsFrom() {
    Reader grub =
        Reader.of(
            ReaderKind.GRUB,
            "the shared boot loader",
            new Version("2.12-9+deb13u2"),
            Vendor.DEBIAN);
    Reader kernel = kernel("slot \"new\"", "6.12.48-amd64", Vendor.DEBIAN);
    assertThat(xfs(grub, kernel).features().on())
        .isEqualTo(Set.of("finobt", "reflink", "inobtcount", "sparse", "bigtime"));
    assertThat(ext4(grub, kernel).features().on())
        .isEqualTo(Set.of("64bit", "metadata_csum", "metadata_csum_seed", "orphan_file"));
  }

  /** Versions as they stand in the distributions' tables of what their GRUB reads. */
  @ParameterizedTest
  @CsvSource({
    "DEBIAN,           2.06-3~deb11u6,   false, false, false",
    "DEBIAN,           2.06-13+deb12u2,  true,  true,  false",
    "OTHER,            2.06-13+deb12u2,  false, false, false",
    "DEBIAN,           2.12-9+deb13u2,   true,  true,  false",
    "DEBIAN,           2.14-4,           true,  true,  true",
    "ENTERPRISE_LINUX, 2.02-156.el8_10,  false, false, false",
    "ENTERPRISE_LINUX, 1:2.06-104.el9_6, false, true,  false",
  })
  void patchedGrubsReadWhatTheirDistributionMadeThemRead(
      Vendor vendor, String version, boolean nrext64, boolean seed, boolean exchange) {
    Reader grub =
        Reader.of(ReaderKind.GRUB, "the shared boot loader", new Version(version), vendor);
    assertThat(feature(FileSystemKind.XFS, "nrext64").isKnownTo(grub)).isEqualTo(nrext64);
    assertThat(feature(FileSystemKind.EXT4, "metadata_csum_seed").isKnownTo(grub)).isEqualTo(seed);
    assertThat(feature(FileSystemKind.XFS, "exchange").isKnownTo(grub)).isEqualTo(exchange);
    assertThat(feature(FileSystemKind.XFS, "sparse").isKnownTo(grub)).isTrue();
  }

  @Test
  void enterpriseLinuxKnowsMoreThanItsKernelsNumberSays() {
    String version = "3.10.0-1160.el7.x86_64";
    assertThat(xfs(kernel("slot \"el7\"", version, Vendor.ENTERPRISE_LINUX)).features().on())
        .isEqualTo(Set.of("finobt", "sparse"));
    assertThat(xfs(kernel("slot \"own\"", version, Vendor.OTHER)).features().on()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(FileSystemKind.class)
  void theSafeFloorIsWhatTheOldestSupportedDistributionsCanRead(FileSystemKind kind) {
    List<Reader> readers =
        Stream.of(List.of("rhel", "8"), List.of("debian", "11"), List.of("ubuntu", "20.04"))
            .flatMap(release -> readersOf(release.get(0), release.get(1), kind))
            .toList();
    assertThat(new FeatureSolver(kind, newestMkfs(kind)).solve(readers, Map.of()).features())
        .isEqualTo(FeatureSet.safeFloor(kind));
  }

  @Test
  void whereNothingIsKnownTheOldestIsTaken() {
    DistributionRelease unknown = DistributionRelease.of("", "");
    assertThat(unknown.kernel()).isEqualTo(new Version("4.18"));
    assertThat(unknown.grub()).isEqualTo(new Version("2.02"));
    assertThat(unknown.fsck(FileSystemKind.EXT4)).isEqualTo(new Version("1.45"));
    assertThat(DistributionRelease.of("debian", "10")).isEqualTo(unknown);
    assertThat(DistributionRelease.of("debian", ""))
        .isEqualTo(DistributionRelease.of("debian", "11"));
    assertThat(DistributionRelease.of("rocky", "8.10").kernel()).isEqualTo(new Version("4.18.0"));
    assertThat(DistributionRelease.of("ubuntu", "23.10").grub()).isEqualTo(new Version("2.06"));
  }

  @Test
  void aDemandThatAReaderForbidsIsRefusedWithItsPlace() {
    FeatureSolver solver = new FeatureSolver(FileSystemKind.XFS, XFSPROGS);
    assertThatThrownBy(() -> solver.solve(List.of(DEBIAN_11_GRUB), Map.of("nrext64", ON)))
        .isInstanceOf(OperatorError.class)
        .hasMessage(
            "disk.yml, line 3: 'on' is \"on\", but the file system cannot have it: GRUB"
                + " 2.06-3~deb11u6 (the shared boot loader) cannot read it; needs 2.12. Take the"
                + " feature out of the description.");
  }

  @Test
  void aDemandThatThisMkfsCannotMakeIsRefused() {
    FeatureSolver solver = new FeatureSolver(FileSystemKind.XFS, new Version("6.1.0"));
    assertThatThrownBy(() -> solver.solve(List.of(), Map.of("parent", ON)))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining(
            "cannot have it: mkfs.xfs 6.1.0 of the building host cannot make it; needs 6.10.");
  }

  @Test
  void aDemandBringsWhatItNeedsAndTakesWhatNeedsIt() {
    FeatureSolver solver = new FeatureSolver(FileSystemKind.XFS, XFSPROGS);
    Solution parent = solver.solve(List.of(), Map.of("parent", ON));
    assertThat(parent.features().on()).contains("parent", "exchange").doesNotContain("metadir");
    assertThat(sentence(parent, "exchange")).isEqualTo("xfs: exchange on, because parent needs it");

    Solution without = solver.solve(List.of(), Map.of("finobt", OFF));
    assertThat(without.features().on()).doesNotContain("finobt", "inobtcount");
    assertThat(sentence(without, "inobtcount"))
        .isEqualTo("xfs: inobtcount off, because it needs finobt, which is off");

    assertThatThrownBy(() -> solver.solve(List.of(), Map.of("finobt", OFF, "inobtcount", ON)))
        .hasMessageContaining("it needs finobt, which is off");
  }

  @Test
  void noSolutionHasAFeatureThatAReaderDoesNotKnow() {
    forEachCase(
        (kind, mkfs, readers, demands) -> {
          Solution solution = solve(kind, mkfs, readers, demands);
          for (Finding finding : solution.findings()) {
            for (Reader reader : readers) {
              assertThat(finding.on() && !finding.feature().isKnownTo(reader))
                  .as("%s read by %s", finding.sentence(), reader)
                  .isFalse();
            }
          }
        });
  }

  @Test
  void anotherReaderNeverAddsAFeature() {
    forEachCase(
        (kind, mkfs, readers, demands) -> {
          List<Reader> fewer = readers.subList(0, readers.size() / 2);
          assertThat(solve(kind, mkfs, fewer, demands).features().on())
              .containsAll(solve(kind, mkfs, readers, demands).features().on());
        });
  }

  @Test
  void everySolutionHasWhatItsFeaturesRequire() {
    forEachCase(
        (kind, mkfs, readers, demands) -> {
          Set<String> on = solve(kind, mkfs, readers, demands).features().on();
          kind.features().stream()
              .filter(feature -> on.contains(feature.name()))
              .forEach(feature -> assertThat(on).containsAll(feature.requires()));
        });
  }

  @Test
  void whoIsBlamedReallyForbidsIt() {
    forEachCase(
        (kind, mkfs, readers, demands) -> {
          for (Finding finding : solve(kind, mkfs, readers, demands).findings()) {
            boolean known =
                readers.stream().allMatch(reader -> finding.feature().isKnownTo(reader));
            assertThat(finding.why() instanceof ForbiddenByReaders).isEqualTo(!known);
            if (finding.why() instanceof ForbiddenByReaders blamed) {
              for (Reader reader : blamed.readers()) {
                // It alone is enough to force the feature off.
                assertThat(solve(kind, newestMkfs(kind), List.of(reader), Map.of()).features().on())
                    .doesNotContain(finding.feature().name());
                assertThat(readers).contains(reader);
              }
              assertThat(blamed.text())
                  .contains(blamed.readers().get(0).name())
                  .contains(blamed.readers().get(0).version().text());
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(FileSystemKind.class)
  void theTablesSayWhatEveryReaderOfAWordNeeds(FileSystemKind kind) {
    List<String> before = new ArrayList<>();
    for (Feature feature : kind.features()) {
      assertThat(feature.fileSystem()).isEqualTo(kind);
      assertThat(feature.needs().keySet()).as(feature.name()).containsAll(feature.word().readers());
      assertThat(Integer.bitCount(feature.bit())).isEqualTo(1);
      assertThat(before).as("before " + feature.name()).containsAll(feature.requires());
      assertThat(before).doesNotContain(feature.name());
      before.add(feature.name());
    }
  }

  private interface Case {
    void hold(FileSystemKind kind, Version mkfs, List<Reader> readers, Map<String, Demand> demands);
  }

  private static void forEachCase(Case property) {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    System.out.println("FeatureSolverTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      FileSystemKind kind = pick(random, List.of(FileSystemKind.values()));
      List<Reader> readers = new ArrayList<>();
      for (int count = random.nextInt(6); count > 0; count--) {
        readers.add(reader(random, kind));
      }
      // Demands for on may be refused; only those for off are drawn.
      Map<String, Demand> demands = new HashMap<>();
      if (random.nextBoolean()) {
        demands.put(pick(random, kind.features()).name(), OFF);
      }
      Version mkfs =
          random.nextBoolean()
              ? newestMkfs(kind)
              : new Version(kind == FileSystemKind.XFS ? "5.10.0" : "1.46.2");
      property.hold(kind, mkfs, readers, demands);
    }
  }

  private static Reader reader(Random random, FileSystemKind kind) {
    ReaderKind what = pick(random, List.of(ReaderKind.values()));
    List<String> versions =
        switch (what) {
          case KERNEL ->
              List.of("3.10.0-1160.el7", "4.18", "5.10.0-28-amd64", "6.1", "6.6.1", "6.13");
          case GRUB ->
              List.of(
                  "2.02~beta2",
                  "2.02",
                  "2.04",
                  "2.06-3~deb11u6",
                  "2.06-13+deb12u2",
                  "2.12",
                  "2.14");
          case FSCK ->
              kind == FileSystemKind.XFS
                  ? List.of("4.5.0", "5.0.0", "5.10.0", "6.1.0", "6.13.0")
                  : List.of("1.42.9", "1.45", "1.46.2", "1.47.0");
        };
    return Reader.of(
        what,
        "reader " + random.nextInt(100),
        new Version(pick(random, versions)),
        pick(random, List.of(Vendor.values())));
  }

  private static <T> T pick(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static Stream<Reader> readersOf(String id, String release, FileSystemKind kind) {
    DistributionRelease row = DistributionRelease.of(id, release);
    Vendor vendor = DistributionRelease.vendorOf(id);
    return Stream.of(
        Reader.of(ReaderKind.KERNEL, id, row.kernel(), vendor),
        Reader.of(ReaderKind.GRUB, id, row.grub(), vendor),
        Reader.of(ReaderKind.FSCK, id, row.fsck(kind), vendor));
  }

  private static Version newestMkfs(FileSystemKind kind) {
    return kind == FileSystemKind.XFS ? XFSPROGS : E2FSPROGS;
  }

  private static Solution solve(
      FileSystemKind kind, Version mkfs, List<Reader> readers, Map<String, Demand> demands) {
    return new FeatureSolver(kind, mkfs).solve(readers, demands);
  }

  private static Solution xfs(Reader... readers) {
    return solve(FileSystemKind.XFS, XFSPROGS, List.of(readers), Map.of());
  }

  private static Solution ext4(Reader... readers) {
    return solve(FileSystemKind.EXT4, E2FSPROGS, List.of(readers), Map.of());
  }

  private static Reader kernel(String name, String version, Vendor vendor) {
    return Reader.of(ReaderKind.KERNEL, name, new Version(version), vendor);
  }

  private static Feature feature(FileSystemKind kind, String name) {
    return kind.features().stream()
        .filter(feature -> feature.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String sentence(Solution solution, String name) {
    return solution.findings().stream()
        .filter(finding -> finding.feature().name().equals(name))
        .findFirst()
        .orElseThrow()
        .sentence();
  }
}
