package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumingStreamTest {
  private static final byte[] DOCUMENT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

  /** Sends some bytes a connection, and bears with so many failures in a row. */
  private static class Shaky implements ResumingStream.Origin {
    private final int most;
    private final int bearable;
    private final List<Long> offsets = new ArrayList<>();
    private int closed;
    private int failures;

    Shaky(int most, int bearable) {
      this.most = most;
      this.bearable = bearable;
    }

    @Override
    public InputStream open(long offset) {
      offsets.add(offset);
      int length = Math.min(most, DOCUMENT.length - (int) offset);
      return new ByteArrayInputStream(DOCUMENT, (int) offset, length) {
        @Override
        public void close() throws IOException {
          closed++;
          super.close();
        }
      };
    }

    @Override
    public void progressed() {
      failures = 0;
    }

    @Override
    public void bear(IOException failure, long received) {
      failures++;
      if (failures > bearable) {
        throw new IllegalStateException("enough after " + received + ": " + failure.getMessage());
      }
    }
  }

  @Test
  void eachConnectionBeginsWhereTheLastOneBroke() throws IOException {
    Shaky origin = new Shaky(4, 1);
    try (InputStream stream = new ResumingStream(origin, DOCUMENT.length)) {
      assertThat(stream.readAllBytes()).isEqualTo(DOCUMENT);
    }
    assertThat(origin.offsets).containsExactly(0L, 4L, 8L);
    assertThat(origin.closed).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aConnectionThatDoesNotEvenCloseIsFollowedByAnother() throws IOException {
    List<IOException> failures = new ArrayList<>();
    Shaky origin =
        new Shaky(4, 1) {
          @Override
          public InputStream open(long offset) {
            return new FilterInputStream(super.open(offset)) {
              @Override
              public void close() throws IOException {
                throw new IOException("not closed");
              }
            };
          }

          @Override
          public void bear(IOException failure, long received) {
            failures.add(failure);
            super.bear(failure, received);
          }
        };
    InputStream stream = new ResumingStream(origin, DOCUMENT.length);

    assertThat(stream.readAllBytes()).isEqualTo(DOCUMENT);

    assertThat(origin.offsets).containsExactly(0L, 4L, 8L);
    assertThat(failures).allSatisfy(failure -> assertThat(failure.getSuppressed()).hasSize(1));
  }

  @Test
  void failuresWithoutAByteBetweenThemAddUp() {
    Shaky origin = new Shaky(0, 2);
    try (InputStream stream = new ResumingStream(origin, DOCUMENT.length)) {
      assertThatThrownBy(stream::read).hasMessage("enough after 0: it ended after 0 of 10 bytes");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(origin.offsets).containsExactly(0L, 0L, 0L);
  }

  @Test
  void whatTheOriginHasBeyondTheSizeIsNotRead() throws IOException {
    try (InputStream stream = new ResumingStream(new Shaky(DOCUMENT.length, 0), 3)) {
      assertThat(stream.readAllBytes()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void nothingIsOpenedBeforeTheFirstRead() throws IOException {
    Shaky origin = new Shaky(1, 1);
    new ResumingStream(origin, DOCUMENT.length).close();
    assertThat(origin.offsets).isEmpty();
  }

  @Test
  void anInterruptedReaderDoesNotTryAgain() throws IOException {
    Shaky origin = new Shaky(0, 9);
    try (InputStream stream = new ResumingStream(origin, DOCUMENT.length)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
      assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
    }
    assertThat(origin.offsets).hasSize(1);
  }
}
