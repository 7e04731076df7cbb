package dev.slipway.agent.flash;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.image.Image;
import dev.slipway.image.Layer;
import dev.slipway.image.LayeredTree;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * What an image would put into a slot, found by reading it once without writing anything. Reading
 * to the end also checks the digests that the image states for its layers.
 */
final class ImageSurvey {
  /** A directory or link, or a file with these bytes besides its holes. */
  private record Piece(boolean file, long bytes) {
    private static final Piece NO_FILE = new Piece(false, 0);
  }

  /** The smallest piece of a file that a slot's file system gives room to. */
  private static final int BLOCK = 4096;

  private final LayeredTree<Piece> tree = new LayeredTree<>(Piece.NO_FILE);
  private final byte[] block = new byte[BLOCK];

  private ImageSurvey() {}

  static ImageSurvey of(Image image) {
    ImageSurvey survey = new ImageSurvey();
    for (Layer layer : image.layers()) {
      survey.tree.nextLayer();
      try (EntryStream entries = layer.open()) {
        for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
          survey.see(next.get(), entries.content());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return survey;
  }

  /** The first of the files that boot a slot which the image does not have. */
  Optional<String> missingBootFile() {
    return List.of(SlotBootFiles.KERNEL, SlotBootFiles.INITRD).stream()
        .filter(name -> tree.at(name).filter(Piece::file).isEmpty())
        .findFirst();
  }

  /**
   * How many bytes its files take at least: without holes, without what the file system needs
   * itself.
   */
  long leastSize() {
    return tree.all().stream().mapToLong(Piece::bytes).sum();
  }

  private void see(Entry entry, InputStream content) throws IOException {
    tree.see(
        entry,
        entry instanceof Entry.RegularFile
            ? new Piece(true, bytesWithoutHoles(content))
            : Piece.NO_FILE);
  }

  private long bytesWithoutHoles(InputStream content) throws IOException {
    long bytes = 0;
    for (int length = read(content); length > 0; length = read(content)) {
      if (!isZero(length)) {
        bytes += length;
      }
    }
    return bytes;
  }

  private int read(InputStream content) throws IOException {
    return content.readNBytes(block, 0, BLOCK);
  }

  private boolean isZero(int length) {
    for (int i = 0; i < length; i++) {
      if (block[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
