package dev.slipway.controller.progress;

import dev.slipway.image.Image;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Images, trees and files that tell how many of their bytes have been read. */
public final class Counted {
  private Counted() {}

  /** The same image. */
  public static Image image(Image image, LongConsumer read) {
    return image.openedBy(layer -> entries(layer.open(), read));
  }

  /** The same entries. */
  public static EntryStream entries(EntryStream entries, LongConsumer read) {
    return new EntryStream() {
      @Override
      public Optional<Entry> next() {
        // A tree may be of many files with nothing in them.
        read.accept(0);
        return entries.next();
      }

      @Override
      public InputStream content() {
        return stream(entries.content(), read);
      }

      @Override
      public long allocated() {
        return entries.allocated();
      }

      @Override
      public void close() {
        entries.close();
      }
    };
  }

  /** The same content. */
  public static InputStream stream(InputStream content, LongConsumer read) {
    return new FilterInputStream(content) {
      @Override
      public int read() throws IOException {
        int next = in.read();
        if (next >= 0) {
          read.accept(1);
        }
        return next;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count > 0) {
          read.accept(count);
        }
        return count;
      }
    };
  }
}
