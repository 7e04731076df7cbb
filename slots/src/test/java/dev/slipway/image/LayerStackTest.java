package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Scratch;
import dev.slipway.tree.ByteString;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.Metadata;
import dev.slipway.tree.TarBytes;
import dev.slipway.tree.Timestamp;
import dev.slipway.tree.TreePath;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules of OCI's layer.md, one by one. */
class LayerStackTest {
  @RegisterExtension final Scratch work = new Scratch();
  private Path root;

  @BeforeEach
  void directory() {
    root = work.makeDirectory("root");
  }

  private Manifest unpack(TarBytes... layers) {
    byte[][] tars = Arrays.stream(layers).map(TarBytes::bytes).toArray(byte[][]::new);
    ImageFixture fixture = new ImageFixture();
    Path layout = fixture.top(fixture.image("amd64", tars)).directory(work.makeDirectory("layout"));
    try (Image image = LocalImages.open("oci:" + layout)) {
      Manifest manifest = LayerStack.unpack(image, root);
      try (EntryStream found = TreeScanner.of(root)) {
        assertThat(manifest.differences(Manifest.of(found))).isEmpty();
      }
      return manifest;
    }
  }

  private static List<String> paths(Manifest manifest) {
    return manifest.entries().stream().map(entry -> entry.path().toString()).toList();
  }

  @Test
  void aWhiteoutHidesWhatLowerLayersHave() {
    Manifest manifest =
        unpack(
            new TarBytes().file("a/gone/deep", "x").file("a/stays", "y"),
            new TarBytes().file("a/.wh.gone", ""));

    assertThat(paths(manifest)).containsExactly(".", "a", "a/stays");
  }

  @Test
  void aWhiteoutLeavesItsOwnLayersNameWhereverItStands() {
    TarBytes lower = new TarBytes().file("d/old", "old").file("f", "old").file("e/old", "old");
    TarBytes upper =
        new TarBytes()
            .directory("d", 0700)
            .file("d/new", "new")
            .file("f", "new")
            .file(".wh.d", "")
            .file(".wh.f", "")
            .file(".wh.e", "")
            .file("e/new", "new");

    Manifest manifest = unpack(lower, upper);

    assertThat(paths(manifest)).containsExactly(".", "d", "d/new", "e", "e/new", "f");
    assertThat(root.resolve("f")).hasContent("new");
  }

  @Test
  void anOpaqueDirectoryHidesLowerChildrenEvenWhenTheMarkComesLast() {
    TarBytes lower = new TarBytes().file("d/old/deep", "x").file("d/both", "old");
    TarBytes upper =
        new TarBytes()
            .directory("d", 0711)
            .file("d/new", "n")
            .file("d/both", "new")
            .file("d/.wh..wh..opq", "");

    Manifest manifest = unpack(lower, upper);

    assertThat(paths(manifest)).containsExactly(".", "d", "d/both", "d/new");
    assertThat(root.resolve("d/both")).hasContent("new");
  }

  @Test
  void aWhiteoutOfALinkedDirectorysNameGoesThroughTheLink() {
    Manifest manifest =
        unpack(
            new TarBytes()
                .file("usr/lib/old", "x")
                .file("usr/lib/kept", "y")
                .link("lib", "usr/lib"),
            new TarBytes().file("lib/.wh.old", "").file("lib/new", "z"));

    assertThat(paths(manifest))
        .containsExactly(".", "lib", "usr", "usr/lib", "usr/lib/kept", "usr/lib/new");
    assertThat(root.resolve("lib")).isSymbolicLink();
  }

  @Test
  void aWhiteoutOfALinkLeavesWhereItLeads() {
    Manifest manifest =
        unpack(new TarBytes().file("d/kept", "x").link("l", "d"), new TarBytes().file(".wh.l", ""));

    assertThat(paths(manifest)).containsExactly(".", "d", "d/kept");
  }

  @Test
  void whiteoutsOfNothingMakeNothing() {
    assertThat(paths(unpack(new TarBytes().file("never/was/.wh.here", "").file("a", "x"))))
        .containsExactly(".", "a");
  }

  @Test
  void whatAufsLeftDoesNotArrive() {
    assertThat(
            paths(
                unpack(
                    new TarBytes()
                        .file(".wh..wh.aufs", "")
                        .directory(".wh..wh.plnk")
                        .file(".wh..wh.plnk/12.34", "x")
                        .file("a", "y"))))
        .containsExactly(".", "a");
  }

  @Test
  void anUpperLayersFileLeavesTheOtherNamesOfTheLowerOne() {
    unpack(new TarBytes().file("a", "old").hardLink("b", "a"), new TarBytes().file("a", "new"));

    assertThat(root.resolve("a")).hasContent("new");
    assertThat(root.resolve("b")).hasContent("old");
  }

  @Test
  void anUpperLayerMayLinkToALowerLayersFile() {
    Manifest manifest =
        unpack(new TarBytes().file("z", "shared"), new TarBytes().hardLink("a", "z"));

    // The first name in order carries the content.
    assertThat(manifest.entry(TreePath.of("z")))
        .contains(new Entry.HardLink(TreePath.of("z"), TreePath.of("a")));
  }

  @Test
  void aHardLinkToWhatALayerHasHiddenIsAnError() {
    assertThatThrownBy(
            () ->
                unpack(
                    new TarBytes().file("a", "x"),
                    new TarBytes().file(".wh.a", "").hardLink("b", "a")))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void anUpperLayersDirectoryTakesOverOwnerModeTimeAndXattrs() {
    TreeMap<ByteString, ByteString> xattrs = new TreeMap<>();
    xattrs.put(ByteString.of("user.lower"), ByteString.of("1"));
    TreePath path = TreePath.of("d");
    Metadata upper = Metadata.of(0750, 3, 4, Timestamp.ofSeconds(2));
    Manifest manifest =
        unpack(
            new TarBytes()
                .add(new Entry.Directory(path, new Metadata(0700, 1, 2, Timestamp.EPOCH, xattrs)))
                .file("d/kept", "x"),
            new TarBytes().add(new Entry.Directory(path, upper)));

    assertThat(manifest.entry(path)).contains(new Entry.Directory(path, upper));
    assertThat(root.resolve("d/kept")).exists();
  }

  @Test
  void aFileBecomesADirectoryAndAFileAgainOverThreeLayers() {
    Manifest manifest =
        unpack(
            new TarBytes().file("a", "first").directory("b").file("b/deep/x", "gone"),
            new TarBytes().directory("a").file("a/deep/x", "gone").file("b", "between"),
            new TarBytes().file("a", "last").directory("b", 0700).file("b/new", "last"));

    assertThat(paths(manifest)).containsExactly(".", "a", "b", "b/new");
    assertThat(root.resolve("a")).hasContent("last");
    assertThat(root.resolve("b/new")).hasContent("last");
  }

  @Test
  void aLinkToADirectoryBecomesADirectoryAndALinkAgainOverThreeLayers() {
    TarBytes link = new TarBytes().link("lib", "usr/lib").file("lib/through", "1");
    TarBytes directory = new TarBytes().directory("lib").file("lib/own", "2");
    TarBytes again = new TarBytes().link("lib", "usr/lib").file("lib/own", "3");

    Manifest manifest = unpack(link, directory, again);

    assertThat(paths(manifest))
        .containsExactly(".", "lib", "usr", "usr/lib", "usr/lib/own", "usr/lib/through");
    assertThat(root.resolve("lib")).isSymbolicLink();
    assertThat(root.resolve("usr/lib/own")).hasContent("3");
  }

  @Test
  void aDirectoryBecomesALinkToADirectoryAndADirectoryAgainOverThreeLayers() {
    Manifest manifest =
        unpack(
            new TarBytes().directory("lib").file("lib/old", "1").directory("usr/lib"),
            new TarBytes().link("lib", "usr/lib").file("lib/through", "2"),
            new TarBytes().directory("lib", 0711).file("lib/own", "3"));

    assertThat(paths(manifest))
        .containsExactly(".", "lib", "lib/own", "usr", "usr/lib", "usr/lib/through");
    assertThat(root.resolve("lib")).isDirectory();
  }

  @Test
  void whiteoutsThatNameNoFileAreRefused() {
    for (String name : List.of(".wh.", ".wh..", ".wh...")) {
      assertThatThrownBy(() -> unpackFresh(new TarBytes().directory("d").file("d/" + name, "")))
          .as(name)
          .isInstanceOf(OperatorError.class);
    }
  }

  private void unpackFresh(TarBytes layer) throws IOException {
    Path tar = Files.write(work.resolve("layer.tar"), layer.bytes());
    Path fresh = Files.createTempDirectory(work.directory(), "fresh");
    try (Image image = LocalImages.open("rootfs:" + tar)) {
      LayerStack.unpack(image, fresh);
    }
  }

  @Test
  void aDirectoryThatIsNotEmptyIsRefusedAndLeftAlone() throws IOException {
    Files.writeString(root.resolve("mine"), "kept");

    assertThatThrownBy(() -> unpack(new TarBytes().file("a", "x")))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("holds mine");
    assertThat(root.resolve("mine")).hasContent("kept");
    assertThat(root.resolve("a")).doesNotExist();
  }

  @Test
  void theLostAndFoundOfANewFileSystemIsNoPartOfTheTree() {
    root.resolve("lost+found").toFile().mkdir();

    assertThat(paths(unpack(new TarBytes().file("a", "x")))).containsExactly(".", "a");
  }
}
