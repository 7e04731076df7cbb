package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Scratch;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TarBytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tree that is only thought of is the one that is unpacked. */
class LayeredTreeTest {
  private static final String[] NAMES = {"a", "a", "b", "c", ".wh.a", ".wh.b", ".wh..wh..opq"};
  private static final String[] TARGETS = {"a", "b", "/b", "a/b", "../a", "../../b/c", "c/../a"};
  private static final int TRIALS = 600;

  @RegisterExtension final Scratch work = new Scratch();

  @Test
  void itIsWhatIsUnpackedWhateverTheLayers() {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    System.out.println("LayeredTreeTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int unpacked = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      List<TarBytes> layers = layers(random);
      Path root = work.makeDirectory("root" + trial);
      try {
        Manifest manifest = LayerStack.unpack(new Layers(layers), root);
        LayeredTree<String> tree = seen(layers);
        assertThat(tree.all())
            .as("trial %d of seed %d", trial, seed)
            .containsExactlyInAnyOrderElementsOf(said(manifest));
        unpacked++;
      } catch (OperatorError refused) {
        // Files below files, and links in circles.
      }
    }
    assertThat(unpacked).isGreaterThan(TRIALS / 10);
  }

  @Test
  void pathsLeadThroughLinks() {
    LayeredTree<String> tree =
        seen(List.of(new TarBytes().file("usr/lib/x", "1").link("lib", "/usr/lib").link("l", "l")));

    assertThat(tree.at("/lib/x")).contains("file 1");
    assertThat(tree.at("lib/../x")).isEmpty();
    assertThat(tree.at("lib/../lib/x")).contains("file 1");
    assertThat(tree.names("lib")).containsExactly("x");
    assertThat(tree.at("l")).isEmpty();
    assertThat(tree.at("lib/x/y")).isEmpty();
  }

  @Test
  void entriesCountOverAllLayersAndAlsoTakeAway() {
    LayeredTree<String> tree = new LayeredTree<>("directory", new EntryCount(3));
    List<Entry> entries = entries(new TarBytes().file("a", "1").file(".wh.b", "").file("a", "2"));

    for (Entry entry : entries) {
      tree.nextLayer();
      tree.see(entry, "");
    }

    assertThatThrownBy(() -> tree.see(entries.get(0), ""))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("The layers of the image have more than 3 entries together");
  }

  @Test
  void anImageOfMoreEntriesThanItMayHaveIsNotUnpackedToItsEnd() {
    Layers layers =
        new Layers(List.of(new TarBytes().file("a", "1"), new TarBytes().file("b", "2")));
    Path root = work.makeDirectory("root");

    assertThatThrownBy(() -> LayerStack.unpack(layers, root, new EntryCount(1)))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("The layers of the image have more than 1 entries together");
  }

  private static List<Entry> entries(TarBytes tar) {
    List<Entry> all = new ArrayList<>();
    EntryStream entries = tar.stream();
    for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
      all.add(next.get());
    }
    return all;
  }

  private static LayeredTree<String> seen(List<TarBytes> layers) {
    LayeredTree<String> tree = new LayeredTree<>("directory");
    for (TarBytes layer : layers) {
      tree.nextLayer();
      EntryStream entries = layer.stream();
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        tree.see(next.get(), about(next.get()));
      }
    }
    return tree;
  }

  private static List<String> said(Manifest manifest) {
    return manifest.entries().stream()
        .filter(entry -> !(entry instanceof Entry.HardLink))
        .map(LayeredTreeTest::about)
        .toList();
  }

  private static String about(Entry entry) {
    if (entry instanceof Entry.RegularFile file) {
      return "file " + file.size();
    }
    return entry instanceof Entry.Symlink link ? "link to " + link.target() : "directory";
  }

  private static List<TarBytes> layers(SplittableRandom random) {
    List<TarBytes> layers = new ArrayList<>();
    int size = 1;
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      TarBytes layer = new TarBytes();
      for (int j = random.nextInt(1, 6); j > 0; j--) {
        String path = path(random);
        switch (random.nextInt(6)) {
          case 0, 1 -> layer.file(path, new byte[size++]);
          case 2 -> layer.link(path, TARGETS[random.nextInt(TARGETS.length)]);
          case 3 -> layer.hardLink(path, path(random));
          default -> layer.directory(path);
        }
      }
      layers.add(layer);
    }
    return layers;
  }

  private static String path(SplittableRandom random) {
    List<String> names = new ArrayList<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      names.add(NAMES[random.nextInt(NAMES.length)]);
    }
    return String.join("/", names);
  }

  private record Layers(List<TarBytes> tars) implements Image {
    @Override
    public String reference() {
      return "test";
    }

    @Override
    public Digest digest() {
      return Digest.of(new byte[0]);
    }

    @Override
    public ImageConfig config() {
      return ImageConfig.NONE;
    }

    @Override
    public List<Layer> layers() {
      return tars.stream().<Layer>map(tar -> tar::stream).toList();
    }

    @Override
    public void close() {}
  }
}
