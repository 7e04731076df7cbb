package dev.slipway.agent.link;

import static dev.slipway.agent.link.UnreliableServer.cutAfter;
import static dev.slipway.agent.link.UnreliableServer.silentAfter;
import static dev.slipway.agent.link.UnreliableServer.status;
import static dev.slipway.agent.link.UnreliableServer.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.link.UnreliableServer.Treatment;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Downloads over real sockets from a server that breaks off, falls silent and refuses. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DownloadTest {
  private static final int FAILURES = 4;
  private static final Patience IMPATIENT =
      new Patience(
          Duration.ofMillis(300),
          new Backoff(Duration.ofMillis(1), Duration.ofMillis(10)),
          FAILURES);
  private static final byte[] DOCUMENT = document();

  @Test
  void aTransferThatFallsSilentIsContinuedWhereItStopped() throws Exception {
    try (UnreliableServer server =
        new UnreliableServer(silentAfter(30_000, DOCUMENT), whole(DOCUMENT))) {
      assertThat(download(server)).isEqualTo(DOCUMENT);
      assertThat(server.offsets()).containsExactly(0L, 30_000L);
    }
  }

  @Test
  void aTransferThatIsSilentFromTheStartEndsInAnError() throws Exception {
    try (UnreliableServer server = new UnreliableServer(silentAfter(0, DOCUMENT))) {
      assertThatThrownBy(() -> download(server))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("after 0 of 100000 bytes")
          .hasMessageContaining("does not answer in time");
      assertThat(server.offsets()).hasSize(FAILURES);
    }
  }

  @Test
  void aSmallDocumentThatStallsEndsInAnError() throws Exception {
    try (UnreliableServer server = new UnreliableServer(silentAfter(10, DOCUMENT))) {
      assertThatThrownBy(() -> api(server).get("/small", "*/*"))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("does not answer in time");
    }
  }

  @Test
  void everyByteThatArrivesGivesNewPatience() throws Exception {
    Treatment[] eachCut = new Treatment[3 * FAILURES];
    Arrays.fill(eachCut, cutAfter(5_000, DOCUMENT));
    try (UnreliableServer server = new UnreliableServer(eachCut)) {
      assertThat(download(server)).isEqualTo(DOCUMENT);
      assertThat(server.offsets()).hasSizeGreaterThan(2 * FAILURES);
    }
  }

  @Test
  void aControllerThatIsNotReadyIsAskedAgain() throws Exception {
    try (UnreliableServer server =
        new UnreliableServer(
            status(503), cutAfter(1_000, DOCUMENT), status(502), status(500), whole(DOCUMENT))) {
      assertThat(download(server)).isEqualTo(DOCUMENT);
      assertThat(server.offsets()).containsExactly(0L, 0L, 1_000L, 1_000L, 1_000L);
    }
  }

  @Test
  void aControllerThatNeverIsReadyIsNotAskedForEver() throws Exception {
    try (UnreliableServer server = new UnreliableServer(status(503))) {
      assertThatThrownBy(() -> download(server))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("answered 503");
      assertThat(server.offsets()).hasSize(FAILURES);
    }
  }

  @Test
  void aRefusalIsNotAskedAgain() throws Exception {
    try (UnreliableServer server = new UnreliableServer(status(404))) {
      assertThatThrownBy(() -> download(server))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("answered 404");
      assertThat(server.offsets()).hasSize(1);
    }
  }

  @Test
  void anInterruptedDownloadEndsAtOnce() throws Exception {
    try (UnreliableServer server = new UnreliableServer(silentAfter(0, DOCUMENT))) {
      Patience patient =
          new Patience(Duration.ofHours(1), IMPATIENT.backoff(), IMPATIENT.failures());
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> download(server, patient))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
    }
  }

  @Test
  void waitsGrowAndAreBounded() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
    for (int failures = 1; failures < 100; failures++) {
      long most = failures < 6 ? 1L << failures : 60;
      assertThat(backoff.after(failures))
          .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(most));
    }
  }

  private static byte[] download(UnreliableServer server) throws IOException {
    return download(server, IMPATIENT);
  }

  private static byte[] download(UnreliableServer server, Patience patience) throws IOException {
    try (InputStream download =
        Download.of(api(server, patience), "/blob", DOCUMENT.length, patience)) {
      return download.readAllBytes();
    }
  }

  private static ControllerApi api(UnreliableServer server) {
    return api(server, IMPATIENT);
  }

  private static ControllerApi api(UnreliableServer server, Patience patience) {
    try {
      return new ControllerApi(server.address(), SSLContext.getDefault(), patience.silence());
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] document() {
    byte[] noise = new byte[100_000];
    new SplittableRandom(7).nextBytes(noise);
    return noise;
  }
}
