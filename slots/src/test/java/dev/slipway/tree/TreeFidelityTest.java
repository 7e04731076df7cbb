package dev.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.OpenFile;
import dev.slipway.linux.Scratch;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trees arrive as GNU tar would have them arrive, entry by entry; find, getfattr and sha256sum are
 * the judges.
 */
class TreeFidelityTest {
  private static final long TWENTY_GIGABYTES = 20L << 30;
  private static final String WORD = "something";

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

  @ParameterizedTest
  @CsvSource({"xfs, 1023", "ext4, 4095"})
  void oddTreesArriveOnTheFileSystemsOfSlots(String fileSystem, int longestTarget)
      throws IOException {
    try (MountedFile mounted = MountedFile.make(fileSystem, work.directory())) {
      Path origin = Files.createDirectory(mounted.root().resolve("origin"));
      OddTree.make(origin, longestTarget);
      Path archive = work.resolve("odd.tar");
      GnuTools.create(
          archive, origin, "--format=pax", "--xattrs", "--xattrs-include=*", "--acls", "--sparse");
      Path tars = Files.createDirectory(mounted.root().resolve("by-tar"));
      Path ours = Files.createDirectory(mounted.root().resolve("by-us"));

      GnuTools.extract(archive, tars, true);
      Manifest written = unpack(archive, ours);

      assertSame(ours, tars);
      assertSame(ours, origin);
      assertThat(written.differences(scan(ours))).isEmpty();
    }
  }

  @Test
  void aLinkThatTheFileSystemCannotHoldIsNamedWithTheOneThatCan() throws IOException {
    Path origin = work.makeDirectory("origin");
    OddTree.make(origin, OddTree.LONGEST_TARGET);
    Path archive = work.resolve("odd.tar");
    GnuTools.create(archive, origin, "--format=pax");
    try (MountedFile mounted = MountedFile.make("xfs", work.directory())) {
      assertThatThrownBy(() -> unpack(archive, mounted.root()))
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("links/longest is a link whose target has 4095 bytes")
          .hasMessageContaining("Take ext4");
    }
  }

  @Test
  void holesArriveAsByGnuTar() throws IOException {
    assertHolesArrive(256L << 20);
  }

  /** Most of its time goes into the digest, which is of the zeros, too. */
  @Tag("campaign")
  @Test
  void twentyGigabytesOfHolesArriveAsByGnuTar() throws IOException {
    assertHolesArrive(TWENTY_GIGABYTES);
  }

  private void assertHolesArrive(long size) throws IOException {
    Path origin = work.makeDirectory("origin");
    Path original = makeMostlyHoles(origin.resolve("large"), size);
    Path archive = work.resolve("large.tar");
    GnuTools.create(archive, origin, "--format=pax", "--sparse");
    assertThat(Files.size(archive)).isLessThan(1 << 20);

    GnuTools.extract(archive, byTar, false);
    Manifest written = unpack(archive, byUs);

    String sum = Command.of("sha256sum", original.toString()).run().out();
    assertThat(written.content(TreePath.of("large")).orElseThrow().hex())
        .isEqualTo(sum.substring(0, sum.indexOf(' ')));
    for (Path tree : List.of(byTar, byUs)) {
      Path large = tree.resolve("large");
      assertThat(large).hasSize(size);
      assertThat(allocated(large)).as("%s", large).isLessThan(1 << 20);
      assertThat(dataIn(large)).hasSize(3).isEqualTo(dataIn(original));
    }
  }

  @Test
  void holesAreKnownToBeZerosWithoutReadingThem() throws IOException {
    Path origin = work.makeDirectory("origin");
    makeMostlyHoles(origin.resolve("large"), TWENTY_GIGABYTES);
    try (EntryStream entries = TreeScanner.of(origin)) {
      assertThat(entries.next()).isPresent();
      assertThat(entries.next().orElseThrow().path()).hasToString("large");
      long before = bytesRead();
      byte[] buffer = new byte[1 << 20];
      long length = 0;
      long sum = 0;
      InputStream content = entries.content();
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        length += count;
        // Looking at the ends is enough to see what lies at the pieces' places.
        sum += buffer[0] + buffer[count - 1];
      }
      assertThat(length).isEqualTo(TWENTY_GIGABYTES);
      assertThat(sum).isPositive();
      assertThat(bytesRead() - before).isLessThan(4 << 20);
    }
  }

  /** Nothing but a word at the start, in the middle and at the end. */
  private static Path makeMostlyHoles(Path file, long size) throws IOException {
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(size);
      for (long place : List.of(0L, size / 2, size - WORD.length())) {
        large.seek(place);
        large.writeBytes(WORD);
      }
    }
    return file;
  }

  private static long allocated(Path file) {
    String blocks = Command.of("stat", "-c", "%b", file.toString()).run().out().strip();
    return Long.parseLong(blocks) * 512;
  }

  /** Where there is something else than zeros, by what the kernel says is no hole. */
  private static Map<Long, String> dataIn(Path file) throws IOException {
    Map<Long, String> data = new TreeMap<>();
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r");
        OpenFile open = OpenFile.openToRead(file)) {
      byte[] block = new byte[4096];
      OptionalLong place = open.seekData(0);
      while (place.isPresent()) {
        content.seek(place.getAsLong());
        int count = content.read(block);
        String text = new String(block, 0, count, StandardCharsets.ISO_8859_1).replace("\0", "");
        if (!text.isEmpty()) {
          data.put(place.getAsLong(), text);
        }
        place = open.seekData(place.getAsLong() + count);
      }
    }
    return data;
  }

  /** By this process, from files of every kind (proc(5), /proc/PID/io). */
  private static long bytesRead() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("rchar: "))
        .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
        .sum();
  }

  /** Bootstraps it, which takes most of a minute. */
  @Tag("distribution")
  @ParameterizedTest
  @EnumSource(names = {"MINIMAL_12", "SYSTEMD_13"})
  void aRealDebianArrivesAsByGnuTar(RealDebian debian) throws IOException {
    Path archive = debian.tar();
    GnuTools.extract(archive, byTar, false);
    if (debian == RealDebian.SYSTEMD_13) {
      assertThat(GnuTools.describe(byTar))
          .anyMatch(fact -> fact.contains(" has security.capability="))
          .anyMatch(fact -> fact.contains(" has system.posix_acl_access="))
          .anyMatch(fact -> fact.contains(" has system.posix_acl_default="));
    }

    Manifest written = unpack(archive, byUs);

    assertSame(byUs, byTar);
    assertThat(written.differences(scan(byUs))).isEmpty();
    assertThat(written.entries()).hasSizeGreaterThan(3000);
    assertArrivesWithAclsOfTheirOwn(byTar);
  }

  @Tag("distribution")
  @ParameterizedTest
  @CsvSource({"xfs, SYSTEMD_13", "ext4, MINIMAL_11"})
  void aRealDebianArrivesOnTheFileSystemsOfSlots(String fileSystem, RealDebian debian)
      throws IOException {
    Path archive = debian.tar();
    try (MountedFile mounted = MountedFile.make(fileSystem, work.directory())) {
      Path tars = Files.createDirectory(mounted.root().resolve("by-tar"));
      Path ours = Files.createDirectory(mounted.root().resolve("by-us"));
      GnuTools.extract(archive, tars, false);

      Manifest written = unpack(archive, ours);

      assertSame(ours, tars);
      assertThat(written.differences(scan(ours))).isEmpty();
      assertThat(written.entries()).hasSizeGreaterThan(3000);
    }
  }

  /** GNU tar writes ACLs as text, and as nothing else, when it is asked for them. */
  private void assertArrivesWithAclsOfTheirOwn(Path origin) throws IOException {
    Path archive = work.resolve("again.tar");
    GnuTools.create(archive, origin, "--format=pax", "--xattrs", "--xattrs-include=*", "--acls");
    Path againByTar = work.makeDirectory("again-by-tar");
    Path againByUs = work.makeDirectory("again-by-us");

    GnuTools.extract(archive, againByTar, true);
    Manifest written = unpack(archive, againByUs);

    assertSame(againByUs, againByTar);
    assertSame(againByUs, origin);
    assertThat(written.differences(scan(againByUs))).isEmpty();
  }

  @Test
  void namesInAclsAreThoseOfTheTreesOwnAccounts() throws IOException {
    Path origin = treeWithNamesInAcls();
    // The accounts come last, as they may in an archive.
    Path archive = work.resolve("named.tar");
    Command.of("tar", "--acls", "-cf", archive.toString(), "var", "etc").directory(origin).run();

    Manifest written = unpack(archive, byUs);

    assertThat(aclsOf(byUs.resolve("var/file")))
        .contains("user:77:rw-", "group:44:r--")
        .doesNotContain("default:");
    assertThat(aclsOf(byUs.resolve("var/log"))).contains("group:44:r-x", "default:group:44:r--");
    assertThat(written.differences(scan(byUs))).isEmpty();
  }

  @Test
  void namesInAclsOfALayerAreThoseOfTheLayersBelow() throws IOException {
    Path origin = treeWithNamesInAcls();
    try (TreeWriter writer = TreeWriter.into(byUs)) {
      for (String layer : List.of("etc", "var")) {
        Path archive = work.resolve(layer + ".tar");
        Command.of("tar", "--acls", "-cf", archive.toString(), layer).directory(origin).run();
        writer.nextLayer();
        try (InputStream in = Files.newInputStream(archive);
            EntryStream entries = new TarReader(in)) {
          writer.addAll(entries);
        }
      }
      assertThat(writer.finish().differences(scan(byUs))).isEmpty();
    }
    assertThat(aclsOf(byUs.resolve("var/file"))).contains("user:77:rw-", "group:44:r--");
  }

  @Test
  void anAclThatNamesAnUnknownUserIsRefusedWithAWayOut() throws IOException {
    Path origin = treeWithNamesInAcls();
    Path archive = work.resolve("named.tar");
    Command.of("tar", "--acls", "-cf", archive.toString(), "var/file").directory(origin).run();

    assertThatThrownBy(() -> unpack(archive, byUs))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("var/file cannot be written: An ACL names the user daemon")
        .hasMessageContaining("/etc/passwd has no such user")
        .hasMessageContaining("--xattrs-include");
  }

  /** With names that this machine knows, too, or tar would write numbers. */
  private Path treeWithNamesInAcls() throws IOException {
    Path origin = work.makeDirectory("origin");
    String script =
        """
        mkdir -p etc var/log
        echo daemon:x:77:77::/:/bin/false > etc/passwd
        printf 'adm:x:44:\ndaemon:x:77:\n' > etc/group
        echo x > var/file; setfacl -m u:daemon:rw,g:adm:r var/file
        setfacl -m g:adm:rx var/log; setfacl -d -m g:adm:r var/log
        """;
    Command.of("sh", "-ec", script).directory(origin).run();
    return origin;
  }

  private static String aclsOf(Path file) {
    return Command.of("getfacl", "-np", file.toString()).run().out();
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
  void everyNameOfAFileInAnArchiveSaysTheSameOfIt() throws IOException {
    Path origin = work.makeDirectory("origin");
    Path first = Files.writeString(origin.resolve("a"), "shared");
    Files.createLink(origin.resolve("b"), first);
    Command.of("chown", "7:8", first.toString()).run();
    Command.of("chmod", "4751", first.toString()).run();
    Command.of("touch", "-d", "2020-02-02 02:02:02Z", first.toString()).run();
    Path archive = work.resolve("ours.tar");
    try (EntryStream entries = TreeScanner.of(origin);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive))) {
      TarWriter.write(entries, out);
    }

    assertThat(
            Command.of("tar", "--utc", "--full-time", "--numeric-owner", "-tvf", archive.toString())
                .run()
                .out())
        .containsPattern("-rwsr-x--x 7/8 +6 2020-02-02 02:02:02 +a\n")
        .containsPattern("hrwsr-x--x 7/8 +0 2020-02-02 02:02:02 +b link to a\n");
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
