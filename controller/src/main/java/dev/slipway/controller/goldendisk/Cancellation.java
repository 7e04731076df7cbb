package dev.slipway.controller.goldendisk;

import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a build end early and in order: work asks {@link #check} often, and unwinds through its own
 * cleaning up when it is told to stop. Only the reading of images is interrupted: what they come
 * from may be silent for long.
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
  private volatile String closing = "Stopped; nothing is left behind.";

  /** The threads that may be waiting for a part of an image; guarded by itself. */
  private final Set<Thread> reading = new HashSet<>();

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
    synchronized (reading) {
      cancelled = true;
      reading.forEach(Thread::interrupt);
    }
  }

  /** Throws when the build shall stop. */
  public void check() {
    if (cancelled) {
      throw new OperatorError("The build was stopped.");
    }
  }

  /** For a build that leaves something behind: what is said once a signal has ended it. */
  void closeWith(String sentence) {
    closing = sentence;
  }

  private void unwind(PrintWriter out) {
    // Found before work is told to stop: what starts from then on cleans up.
    List<ProcessHandle> running = ProcessHandle.current().descendants().toList();
    cancel();
    out.println("Stopping ...");
    running.forEach(ProcessHandle::destroy);
    try {
      if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        running.forEach(ProcessHandle::destroyForcibly);
      }
      if (ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        out.println(closing);
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

  private interface Reading<T> {
    T read() throws IOException;
  }

  /** Reads, and throws when the build shall stop meanwhile, with the thread not interrupted. */
  private <T> T untilStopped(Reading<T> work) throws IOException {
    Thread here = Thread.currentThread();
    boolean outermost;
    synchronized (reading) {
      check();
      outermost = reading.add(here);
    }
    try {
      return work.read();
    } catch (IOException | RuntimeException e) {
      // What the interrupt made of the reading is no error of the image.
      check();
      throw e;
    } finally {
      if (outermost) {
        synchronized (reading) {
          reading.remove(here);
          // Cleaning up runs programs and waits for them.
          if (cancelled) {
            Thread.interrupted();
          }
        }
      }
    }
  }

  private <T> T untilStoppedUnchecked(Supplier<T> work) {
    try {
      return untilStopped(work::get);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens an image, whose opening and reading end when the build shall stop. */
  public Image guard(Supplier<Image> opening) {
    return guard(untilStoppedUnchecked(opening));
  }

  /** The same image, whose reading ends when the build shall stop. */
  public Image guard(Image image) {
    return image.openedBy(layer -> guard(untilStoppedUnchecked(layer::open)));
  }

  private InputStream guard(InputStream content) {
    return new FilterInputStream(content) {
      @Override
      public int read() throws IOException {
        return untilStopped(in::read);
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        // One large file may be most of an image, and come slowly.
        return untilStopped(() -> in.read(buffer, offset, length));
      }
    };
  }

  /** The same entries, which end with an error when the build shall stop. */
  public EntryStream guard(EntryStream entries) {
    return new EntryStream() {
      @Override
      public Optional<Entry> next() {
        return untilStoppedUnchecked(entries::next);
      }

      @Override
      public InputStream content() {
        return guard(entries.content());
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
}
