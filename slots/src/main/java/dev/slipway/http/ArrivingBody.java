package dev.slipway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer as it arrives. When nothing arrives for too long, reading fails and the
 * connection is given up; java.net.http itself would wait for ever once it has the headers.
 */
public final class ArrivingBody extends InputStream implements BodySubscriber<InputStream> {
  private sealed interface Piece {}

  private record Bytes(List<ByteBuffer> buffers) implements Piece {}

  private record End(Optional<Throwable> failure) implements Piece {}

  private final Duration silence;
  private final BlockingQueue<Piece> arrived = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> unread = new ArrayDeque<>();
  private volatile Optional<Subscription> subscription = Optional.empty();
  private volatile boolean closed;
  private boolean ended;

  /**
   * @param silence how long to wait for the next bytes
   */
  public ArrivingBody(Duration silence) {
    this.silence = silence;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Subscription made) {
    subscription = Optional.of(made);
    // The reader has the body before it is subscribed, and may be done with it by then. Each side
    // writes before it looks at what the other one wrote, so that one of them cancels.
    if (closed) {
      made.cancel();
    } else {
      made.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrived.add(new Bytes(buffers));
  }

  @Override
  public void onError(Throwable failure) {
    arrived.add(new End(Optional.of(failure)));
  }

  @Override
  public void onComplete() {
    arrived.add(new End(Optional.empty()));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads at least a byte, or the end.
   *
   * @throws HttpTimeoutException when none came in time
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    while (unread.isEmpty() && !ended) {
      take(next());
    }
    if (unread.isEmpty()) {
      return -1;
    }
    ByteBuffer first = unread.element();
    int count = Math.min(length, first.remaining());
    first.get(buffer, offset, count);
    if (!first.hasRemaining()) {
      unread.remove();
    }
    return count;
  }

  private Piece next() throws IOException {
    try {
      Piece piece = arrived.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      if (piece == null) {
        close();
        throw new HttpTimeoutException("nothing came for " + silence.toMillis() + " ms");
      }
      return piece;
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the rest of an answer");
    }
  }

  private void take(Piece piece) throws IOException {
    if (piece instanceof Bytes bytes) {
      bytes.buffers().stream().filter(ByteBuffer::hasRemaining).forEach(unread::add);
      subscription.ifPresent(each -> each.request(1));
    } else if (piece instanceof End end) {
      ended = true;
      if (end.failure().isPresent()) {
        throw new IOException(end.failure().get().getMessage(), end.failure().get());
      }
    }
  }

  /** Gives up the connection, unless the whole body has come. */
  @Override
  public void close() {
    closed = true;
    ended = true;
    unread.clear();
    subscription.ifPresent(Subscription::cancel);
  }
}
