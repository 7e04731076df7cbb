package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.Test;

class ArrivingBodyTest {
  private final ArrivingBody body = new ArrivingBody(Duration.ofMillis(50));

  /** Publishes in the thread that submits. */
  private final SubmissionPublisher<List<ByteBuffer>> connection =
      new SubmissionPublisher<>(Runnable::run, 8);

  private static List<ByteBuffer> bytes(String text) {
    return List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void whatArrivesIsReadInItsOrder() throws Exception {
    connection.subscribe(body);
    connection.submit(bytes("ab"));
    connection.submit(bytes("c"));
    connection.close();
    assertThat(body.readAllBytes()).asString().isEqualTo("abc");
  }

  @Test
  void closingGivesUpTheConnection() {
    connection.subscribe(body);
    body.close();
    assertThat(connection.hasSubscribers()).isFalse();
  }

  @Test
  void closingBeforeTheConnectionIsThereGivesItUpOnceItIs() {
    body.close();
    connection.subscribe(body);
    assertThat(connection.hasSubscribers()).isFalse();
  }

  @Test
  void silenceGivesUpTheConnection() {
    connection.subscribe(body);
    assertThatThrownBy(body::read).isInstanceOf(HttpTimeoutException.class);
    assertThat(connection.hasSubscribers()).isFalse();
  }
}
