package dev.slipway.controller.goldendisk;

import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a build end early and in order: work asks {@link #check} often, and unwinds through its own
 * cleaning up when it is told to stop.
 *
 * <p>While one is open, Ctrl-C and SIGTERM do not end the process at once. Running programs are
 * ended, the build unwinds, and the process waits for that.
 */
public final class Cancellation implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;
  private static final long GRACE_SECONDS = 5;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread onSignal;
  private volatile boolean cancelled;

  private Cancellation(PrintWriter out) {
    this.onSignal = new Thread(() -> unwind(out), "cancel-build");
  }

  /** Starts to listen for signals. */
  public static Cancellation onSignals(PrintWriter out) {
    Cancellation cancellation = new Cancellation(out);
    Runtime.getRuntime().addShutdownHook(cancellation.onSignal);
    return cancellation;
  }

  /** Tells all work to stop. */
  void cancel() {
    cancelled = true;
  }

  /** Throws when the build shall stop. */
  public void check() {
    if (cancelled) {
      throw new OperatorError("The build was stopped.");
    }
  }

  private void unwind(PrintWriter out) {
    cancel();
    out.println("Stopping ...");
    // Not those that start from here on: they clean up.
    List<ProcessHandle> running = ProcessHandle.current().descendants().toList();
    running.forEach(ProcessHandle::destroy);
    try {
      if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        running.forEach(ProcessHandle::destroyForcibly);
      }
      if (ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        out.println("Stopped; nothing is left behind.");
        return;
      }
      out.println("The build did not stop in time; look for its mounts in /proc/mounts.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The build has ended, one way or the other, and has cleaned up. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      // The process is going down already, so the hook runs: it was waiting for this.
    }
  }

  /** The same image, whose reading ends when the build shall stop. */
  public Image guard(Image image) {
    return new Image() {
      @Override
      public String reference() {
        return image.reference();
      }

      @Override
      public Digest digest() {
        return image.digest();
      }

      @Override
      public ImageConfig config() {
        return image.config();
      }

      @Override
      public List<Layer> layers() {
        return image.layers().stream().map(layer -> (Layer) () -> guard(layer.open())).toList();
      }

      @Override
      public boolean isRemote() {
        return image.isRemote();
      }

      @Override
      public void close() {
        image.close();
      }
    };
  }

  private InputStream guard(InputStream content) {
    return new FilterInputStream(content) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        // One large file may be most of an image, and come slowly.
        check();
        return in.read(buffer, offset, length);
      }
    };
  }

  /** The same entries, which end with an error when the build shall stop. */
  public EntryStream guard(EntryStream entries) {
    return new EntryStream() {
      @Override
      public Optional<Entry> next() {
        check();
        return entries.next();
      }

      @Override
      public InputStream content() {
        return guard(entries.content());
      }

      @Override
      public void close() {
        entries.close();
      }
    };
  }
}
