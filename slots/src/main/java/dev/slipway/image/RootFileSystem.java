package dev.slipway.image;

import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A root file system without an image around it: a tar archive, compressed or not, or a directory.
 */
final class RootFileSystem implements Image {
  private final String reference;
  private final Path path;
  private final Layer layer;
  private Optional<Digest> digest = Optional.empty();

  private RootFileSystem(String reference, Path path, Layer layer) {
    this.reference = reference;
    this.path = path;
    this.layer = layer;
  }

  static Image open(String reference, Path path) {
    boolean directory = Files.isDirectory(path);
    if (!directory) {
      ForeignFile.refuse(path, reference);
    }
    Layer layer =
        directory
            ? () -> TreeScanner.of(path)
            : new TarLayer(reference, () -> stream(path), Optional.empty(), Optional.empty());
    return new RootFileSystem(reference, path, layer);
  }

  private static InputStream stream(Path path) {
    try {
      return Files.newInputStream(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String reference() {
    return reference;
  }

  /** Of the archive's bytes, or of a directory's manifest; the first call reads all of it. */
  @Override
  public Digest digest() {
    if (digest.isEmpty()) {
      digest = Optional.of(Files.isDirectory(path) ? ofTree() : ofFile());
    }
    return digest.get();
  }

  private Digest ofTree() {
    try (EntryStream entries = layer.open()) {
      return Manifest.of(entries).digest();
    }
  }

  private Digest ofFile() {
    try (InputStream in = stream(path)) {
      return Digest.of(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ImageConfig config() {
    return ImageConfig.NONE;
  }

  @Override
  public List<Layer> layers() {
    return List.of(layer);
  }

  @Override
  public void close() {}
}
