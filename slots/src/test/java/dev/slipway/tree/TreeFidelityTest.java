package dev.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import dev.slipway.linux.Scratch;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trees arrive as GNU tar would have them arrive, entry by entry; find, getfattr and sha256sum are
 * the judges.
 */
class TreeFidelityTest {
  @RegisterExtension final Scratch work = new Scratch();
  private Path byTar;
  private Path byUs;

  @BeforeEach
  void directories() {
    byTar = work.makeDirectory("by-tar");
    byUs = work.makeDirectory("by-us");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--format=pax --xattrs --xattrs-include=* --acls",
        "--format=pax --xattrs --xattrs-include=* --sparse --sparse-version=1.0",
        "--format=pax --xattrs --xattrs-include=* --sparse --sparse-version=0.1",
        "--format=pax --xattrs --xattrs-include=* --sparse --sparse-version=0.0",
        "--format=gnu",
        "--format=gnu --sparse",
      })
  void oddTreesArriveAsByGnuTar(String options) throws IOException {
    Path origin = work.makeDirectory("origin");
    OddTree.make(origin);
    Path archive = work.resolve("odd.tar");
    GnuTools.create(archive, origin, options.split(" "));

    GnuTools.extract(archive, byTar, options.contains("acls"));
    Manifest written = unpack(archive, byUs);

    assertSame(byUs, byTar);
    assertThat(written.differences(scan(byUs))).isEmpty();
    if (options.contains("xattrs")) {
      assertSame(byUs, origin);
    }
  }

  @Test
  void aRealDebianArrivesAsByGnuTar() throws IOException {
    Path archive = RealDebian.tar();

    GnuTools.extract(archive, byTar, false);
    Manifest written = unpack(archive, byUs);

    assertSame(byUs, byTar);
    assertThat(written.differences(scan(byUs))).isEmpty();
    assertThat(written.entries()).hasSizeGreaterThan(3000);
  }

  @Test
  void whatWeWriteGnuTarReads() throws IOException {
    Path origin = work.makeDirectory("origin");
    OddTree.make(origin);
    Path archive = work.resolve("ours.tar");
    try (EntryStream entries = TreeScanner.of(origin);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive))) {
      TarWriter.write(entries, out);
    }

    GnuTools.extract(archive, byTar, false);
    unpack(archive, byUs);

    assertSame(byTar, origin);
    assertSame(byUs, origin);
  }

  @Test
  void holesStayHoles() throws IOException {
    Path origin = work.makeDirectory("origin");
    OddTree.make(origin);
    Path archive = work.resolve("odd.tar");
    GnuTools.create(archive, origin, "--format=pax");

    unpack(archive, byUs);

    String blocks =
        Command.of("stat", "-c", "%b", "sparse/middle").directory(byUs).run().out().strip();
    assertThat(Integer.parseInt(blocks) * 512).isLessThan(64 * 1024);
    assertThat(Files.size(byUs.resolve("sparse/only-hole"))).isEqualTo(3_000_001);
  }

  @Test
  void aManifestSurvivesItsTextForm() throws IOException {
    Path origin = work.makeDirectory("origin");
    OddTree.make(origin);

    Manifest manifest = scan(origin);

    assertThat(Manifest.parse(manifest.write())).isEqualTo(manifest);
    assertThat(Manifest.parse(manifest.write()).digest()).isEqualTo(manifest.digest());
  }

  @Test
  void aManifestNoticesEveryKindOfChange() throws IOException {
    Path origin = work.makeDirectory("origin");
    OddTree.make(origin);
    Manifest before = scan(origin);
    String[] changes = {
      "printf y > times/nano; touch -d '2021-06-05 01:02:03.000000001Z' times/nano",
      "chmod 0600 names/empty",
      "chown 9 special/pipe",
      "touch links",
      "setcap cap_net_raw+i caps/linked",
      "rm -r acl/bare",
      "ln -sfn elsewhere links/absolute",
      "cp -p --remove-destination links/hard7 x; mv x links/hard7",
    };
    for (String change : changes) {
      Command.of("sh", "-ec", change).directory(origin).run();
      Manifest after = scan(origin);
      assertThat(before.differences(after)).as(change).isNotEmpty();
      before = after;
    }
  }

  private static void assertSame(Path found, Path expected) {
    List<String> wanted = GnuTools.describe(expected);
    List<String> facts = GnuTools.describe(found);
    assertThat(wanted).hasSizeGreaterThan(10);
    assertThat(without(facts, wanted)).as("found, but not expected").isEmpty();
    assertThat(without(wanted, facts)).as("expected, but not found").isEmpty();
  }

  private static List<String> without(List<String> facts, List<String> others) {
    Set<String> left = new LinkedHashSet<>(facts);
    others.forEach(left::remove);
    return List.copyOf(left);
  }

  private static Manifest unpack(Path archive, Path directory) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
        EntryStream entries = new TarReader(in);
        TreeWriter writer = TreeWriter.into(directory)) {
      writer.addAll(entries);
      return writer.finish();
    }
  }

  private static Manifest scan(Path directory) {
    try (EntryStream entries = TreeScanner.of(directory)) {
      return Manifest.of(entries);
    }
  }
}
