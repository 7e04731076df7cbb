package dev.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.Scratch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What lands where, and that nothing lands outside. */
class TreeWriterTest {
  /** LOOP_MAJOR of linux/major.h. */
  private static final int LOOP_MAJOR = 7;

  @RegisterExtension final Scratch work = new Scratch();
  private Path root;
  private Path outside;

  @BeforeEach
  void directories() throws IOException {
    root = work.makeDirectory("root");
    outside = work.makeDirectory("outside");
    Files.writeString(outside.resolve("secret"), "untouched");
  }

  private Manifest write(TarBytes tar) {
    try (TreeWriter writer = TreeWriter.into(root);
        TarReader reader = new TarReader(new ByteArrayInputStream(tar.bytes()))) {
      writer.addAll(reader);
      return writer.finish();
    }
  }

  private void assertNothingOutside() throws IOException {
    assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("untouched");
    try (var names = Files.list(outside)) {
      assertThat(names).hasSize(1);
    }
    try (var names = Files.list(work.directory())) {
      assertThat(names).containsExactlyInAnyOrder(root, outside);
    }
  }

  private void assertManifestIsWhatIsThere(Manifest manifest) {
    try (EntryStream found = TreeScanner.of(root)) {
      assertThat(manifest.differences(Manifest.of(found))).isEmpty();
    }
  }

  @Test
  void anAbsoluteLinkLeadsFromTheTreesOwnRoot() throws IOException {
    Manifest manifest =
        write(
            new TarBytes()
                .link("etc", outside.toString())
                .file("etc/secret", "written")
                .file("x", "y"));

    assertNothingOutside();
    assertThat(Files.readString(Path.of(root + outside.toString()).resolve("secret")))
        .isEqualTo("written");
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aLinkOfManyDotsStopsAtTheTreesRoot() throws IOException {
    Manifest manifest =
        write(new TarBytes().link("up", "../../../../outside").file("up/secret", "written"));

    assertNothingOutside();
    assertThat(Files.readString(root.resolve("outside/secret"))).isEqualTo("written");
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aLinkThatReplacesADirectoryInUseIsFollowedOnlyInsideTheTree() throws IOException {
    Manifest manifest =
        write(
            new TarBytes()
                .directory("d")
                .file("d/first", "1")
                .link("d", outside.toString())
                .file("d/secret", "2"));

    assertNothingOutside();
    assertThat(Files.isSymbolicLink(root.resolve("d"))).isTrue();
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aFileReplacesALinkAndIsNotWrittenThroughIt() throws IOException {
    Manifest manifest =
        write(
            new TarBytes().link("file", outside.resolve("secret").toString()).file("file", "own"));

    assertNothingOutside();
    assertThat(Files.readString(root.resolve("file"))).isEqualTo("own");
    assertThat(Files.isSymbolicLink(root.resolve("file"))).isFalse();
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aHardLinkToALinkIsALinkAndNotWhatItPointsTo() throws IOException {
    Manifest manifest =
        write(
            new TarBytes()
                .link("pointer", outside.resolve("secret").toString())
                .hardLink("grabbed", "pointer"));

    assertNothingOutside();
    assertThat(Files.isSymbolicLink(root.resolve("grabbed"))).isTrue();
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aHardLinkThroughALinkedDirectoryStaysInside() {
    TarBytes tar = new TarBytes().link("d", outside.toString()).hardLink("grabbed", "d/secret");

    assertThatThrownBy(() -> write(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("grabbed")
        .hasMessageContaining("no such file");
    assertThat(root.resolve("grabbed")).doesNotExist();
  }

  @Test
  void aCircleOfLinksIsRefusedByName() {
    TarBytes tar = new TarBytes().link("a", "b").link("b", "a").file("a/file", "x");

    assertThatThrownBy(() -> write(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("circle");
  }

  @Test
  void namesBelowALinkLandWhereTheLinkLeads() {
    Manifest manifest =
        write(
            new TarBytes()
                .directory("usr/lib")
                .link("lib", "usr/lib")
                .file("lib/module", "m")
                .directory("lib/deep", 0700)
                .file("lib/deep/file", "d"));

    assertThat(root.resolve("lib")).isSymbolicLink();
    assertThat(root.resolve("usr/lib/module")).hasContent("m");
    assertThat(manifest.entry(TreePath.of("usr/lib/deep/file"))).isPresent();
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aLinkToWhatIsNotThereYetGetsItsDirectoryMade() {
    Manifest manifest = write(new TarBytes().link("lib", "usr/lib").file("lib/module", "m"));

    assertThat(root.resolve("usr/lib/module")).hasContent("m");
    assertThat(root.resolve("lib")).isSymbolicLink();
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void missingParentsAreMadeForEveryone() {
    Manifest manifest = write(new TarBytes().file("a/b/c", "x"));

    assertThat(manifest.entry(TreePath.of("a/b")))
        .contains(
            new Entry.Directory(TreePath.of("a/b"), Metadata.of(0755, 0, 0, Timestamp.EPOCH)));
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aFileReplacesADirectoryWithAllBelowIt() {
    Manifest manifest =
        write(new TarBytes().file("d/e/f", "x").file("d/g", "y").file("d", "now a file"));

    assertThat(root.resolve("d")).hasContent("now a file");
    assertThat(manifest.entries()).hasSize(2);
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aDirectoryReplacesALinkAndKeepsAnotherDirectory() {
    Manifest manifest =
        write(
            new TarBytes()
                .file("d/file", "kept")
                .link("l", "d")
                .directory("d", 0711)
                .directory("l", 0700));

    assertThat(root.resolve("d/file")).hasContent("kept");
    assertThat(Files.isDirectory(root.resolve("l"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aLinkThatIsReplacedThroughItselfLeadsNowhereAnyMore() {
    Manifest manifest =
        write(new TarBytes().link("a", "..").directory("a/a", 0711).file("a/b", "in a"));

    assertThat(root.resolve("a/b")).hasContent("in a");
    assertThat(root.resolve("b")).doesNotExist();
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aHardLinkReplacesADirectoryWhileItsFileIsInAnother() {
    Manifest manifest =
        write(
            new TarBytes()
                .file("d/file", "both")
                .file("other/file", "gone")
                .hardLink("other", "d/file"));

    assertThat(root.resolve("other")).hasContent("both");
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aFileThatIsReplacedKeepsItsContentUnderItsOtherNames() {
    Manifest manifest =
        write(
            new TarBytes().file("a", "old").hardLink("b", "a").file("a", "new").hardLink("b", "b"));

    assertThat(root.resolve("a")).hasContent("new");
    assertThat(root.resolve("b")).hasContent("old");
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aDeviceOfThisMachineIsNeverWrittenTo() throws IOException {
    byte[] precious = incompressible(1 << 20);
    Path backing = Files.write(work.resolve("backing"), precious);
    try (LoopDevice device = LoopDevice.attach(backing, 0, precious.length)) {
      Entry.Device node = nodeOf(device, "disk");
      TarBytes alone = new TarBytes().add(node);
      assertManifestIsWhatIsThere(write(alone));
      try (InputStream open = Files.newInputStream(root.resolve("disk"))) {
        assertThat(open.readNBytes(512))
            .as("the node works")
            .isEqualTo(Arrays.copyOf(precious, 512));
      }

      assertManifestIsWhatIsThere(
          write(
              new TarBytes()
                  .add(node)
                  .hardLink("again", "disk")
                  .link("through", "disk")
                  .file("through", "over a link to the device")
                  .file("again", "over another name of the device")
                  .file("disk", "over the device")
                  .add(nodeOf(device, "other"))
                  .hardLink("disk", "other")));
      assertThat(root.resolve("again")).hasContent("over another name of the device");
      for (String below : List.of("other/file", "disk/file")) {
        TarBytes tar =
            new TarBytes().add(nodeOf(device, "other")).hardLink("disk", "other").file(below, "x");
        assertThatThrownBy(() -> write(tar))
            .isInstanceOf(TreeException.class)
            .hasMessageContaining("not a directory");
      }
    }
    assertThat(backing).hasBinaryContent(precious);
  }

  private static Entry.Device nodeOf(LoopDevice device, String path) {
    int number = Integer.parseInt(device.path().toString().replaceFirst("/dev/loop", ""));
    return new Entry.Device(
        TreePath.of(path),
        Metadata.of(0660, 0, 6, Timestamp.EPOCH),
        Entry.Device.Kind.BLOCK,
        LOOP_MAJOR,
        number);
  }

  @Test
  void somethingBelowAFileIsRefusedByName() {
    TarBytes tar = new TarBytes().file("a", "file").file("a/b", "x");

    assertThatThrownBy(() -> write(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("below a")
        .hasMessageContaining("not a directory");
  }

  @Test
  void removingTakesTheWholeSubtreeAndLeavesLinksTargetsAlone() throws IOException {
    write(new TarBytes().file("d/e/f", "x").link("d/out", outside.toString()).file("kept", "k"));
    try (TreeWriter writer = TreeWriter.into(root)) {
      writer.remove(TreePath.of("d"));
      writer.remove(TreePath.of("never/was"));
    }

    assertThat(root.resolve("d")).doesNotExist();
    assertThat(root.resolve("kept")).exists();
    assertNothingOutside();
  }

  @Test
  void moreDirectoriesThanAreKeptOpenAreWritten() {
    TarBytes tar = new TarBytes();
    for (int i = 0; i < 200; i++) {
      tar.file("d" + i + "/first", "x");
    }
    for (int i = 0; i < 200; i++) {
      tar.file("d" + i + "/second", "y").hardLink("d" + (199 - i) + "/third", "d" + i + "/first");
    }

    Manifest manifest = write(tar);

    assertThat(manifest.entries()).hasSize(1 + 200 * 4);
    assertManifestIsWhatIsThere(manifest);
  }

  @Test
  void aFullFileSystemIsNamedAndLeftMountableAndUnmountable() throws IOException {
    Path disk = work.resolve("small.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(4 << 20);
    }
    Command.of("mkfs.ext4", "-q", "-F", disk.toString()).run();
    try (LoopDevice device = LoopDevice.attach(disk, 0, 4 << 20);
        Mount mount = Mount.of(device.path(), root, "ext4", Set.of(Mount.Option.NO_DEV), "")) {
      assertThat(mount.target()).isEqualTo(root);
      TarBytes tar =
          new TarBytes().file("large", new byte[1]).file("larger", incompressible(6 << 20));
      assertThatThrownBy(() -> write(tar))
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("larger does not fit");
    }
    assertThat(Mount.current()).noneMatch(point -> point.target().equals(root));
  }

  @Test
  void accessControlListsAreTheSameOnXfsAsInTheArchive() throws IOException {
    Path disk = work.resolve("xfs.img");
    long size = 320L << 20;
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(size);
    }
    Command.of("mkfs.xfs", "-q", "-f", disk.toString()).run();
    SortedMap<ByteString, ByteString> lists = new TreeMap<>();
    // Version 2; user, group, group 4, mask and others: acl(5), linux/posix_acl_xattr.h.
    ByteString list =
        ByteString.of(
            HexFormat.of()
                .parseHex(
                    "02000000"
                        + "01000700ffffffff"
                        + "04000500ffffffff"
                        + "0800050004000000"
                        + "10000500ffffffff"
                        + "20000000ffffffff"));
    lists.put(ByteString.of("system.posix_acl_access"), list);
    lists.put(ByteString.of("system.posix_acl_default"), list);
    Entry journal =
        new Entry.Directory(
            TreePath.of("journal"), new Metadata(0750, 0, 999, Timestamp.EPOCH, lists));
    try (LoopDevice device = LoopDevice.attach(disk, 0, size);
        Mount mount = Mount.of(device.path(), root, "xfs", Set.of(Mount.Option.NO_DEV), "")) {
      assertThat(mount.target()).isEqualTo(root);
      assertManifestIsWhatIsThere(write(new TarBytes().add(journal)));
    }
  }

  private static byte[] incompressible(int size) {
    byte[] bytes = new byte[size];
    new java.util.SplittableRandom(1).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aFileWhoseContentEndsEarlyIsAnError() {
    Entry file =
        new Entry.RegularFile(TreePath.of("f"), Metadata.of(0644, 0, 0, Timestamp.EPOCH), 100);
    try (TreeWriter writer = TreeWriter.into(root)) {
      assertThatThrownBy(() -> writer.add(file, InputStream.nullInputStream()))
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("100 bytes early");
    }
  }
}
