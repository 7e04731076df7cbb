package dev.slipway.controller.survey;

import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.tree.ByteString;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Metadata;
import dev.slipway.tree.Timestamp;
import dev.slipway.tree.TreePath;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Layers with kernels in them that replace, hide and link each other's files, in ways that can be
 * unpacked: whatever may be a directory is one, or a link to one.
 */
final class RandomLayers implements Image {
  private static final Metadata PLAIN = Metadata.of(0755, 0, 0, Timestamp.EPOCH);
  private static final String[] KERNELS = {"6.1.0-1", "6.1.0-2"};
  private static final String[] FILES = {"modules.dep", "vmlinuz", "other"};

  private final SplittableRandom random;
  private final List<Layer> layers = new ArrayList<>();

  RandomLayers(long seed) {
    random = new SplittableRandom(seed);
    List<Entry> lowest = new ArrayList<>(random.nextBoolean() ? List.of(link()) : List.of());
    for (String kernel : KERNELS) {
      for (String file : FILES) {
        lowest.add(file("usr/lib/modules/" + kernel + "/" + file));
      }
    }
    lowest.add(file("boot/vmlinuz-" + KERNELS[0]));
    layers.add(() -> new Entries(lowest));
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      List<Entry> layer = Stream.generate(this::entry).limit(random.nextInt(1, 8)).toList();
      layers.add(() -> new Entries(layer));
    }
  }

  private Entry entry() {
    String kernel = modules() + "/" + pick(KERNELS);
    return switch (random.nextInt(10)) {
      case 0 -> link();
      case 1 -> file(modules() + "/.wh." + pick(KERNELS));
      case 2 -> file(kernel + "/.wh." + pick(FILES));
      case 3 -> file(kernel + "/.wh..wh..opq");
      case 4 -> file(pick("lib", "usr", "usr/lib") + "/.wh." + pick("modules", "lib"));
      case 5 -> directory(pick("lib", "lib/modules", "usr/lib/modules", kernel));
      case 6 -> file(pick(".wh.lib", ".wh.boot", "boot/.wh.vmlinuz-" + KERNELS[0]));
      case 7 -> file("boot/vmlinuz-" + pick(KERNELS));
      default -> file(kernel + "/" + pick(FILES));
    };
  }

  private String modules() {
    return pick("lib/modules", "usr/lib/modules");
  }

  private String pick(String... names) {
    return names[random.nextInt(names.length)];
  }

  private static Entry link() {
    return new Entry.Symlink(TreePath.of("lib"), PLAIN, ByteString.of("usr/lib"));
  }

  private static Entry directory(String path) {
    return new Entry.Directory(TreePath.of(path), PLAIN);
  }

  private Entry file(String path) {
    return new Entry.RegularFile(TreePath.of(path), PLAIN, random.nextInt(20_000));
  }

  @Override
  public String reference() {
    return "random";
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
    return layers;
  }

  @Override
  public void close() {}

  private static final class Entries implements EntryStream {
    private final Iterator<Entry> entries;
    private int size;

    private Entries(List<Entry> entries) {
      this.entries = entries.iterator();
    }

    @Override
    public Optional<Entry> next() {
      if (!entries.hasNext()) {
        return Optional.empty();
      }
      Entry next = entries.next();
      size = next instanceof Entry.RegularFile file ? (int) file.size() : 0;
      return Optional.of(next);
    }

    @Override
    public InputStream content() {
      byte[] content = new byte[size];
      Arrays.fill(content, (byte) 1);
      return new ByteArrayInputStream(content);
    }

    @Override
    public long allocated() {
      return size;
    }

    @Override
    public void close() {}
  }
}
