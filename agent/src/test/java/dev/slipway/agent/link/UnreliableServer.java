package dev.slipway.agent.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP server on a real socket that treats each connection as it was told to, the last way for
 * all that follow.
 */
final class UnreliableServer implements AutoCloseable {
  /** What is done with a connection whose request was read. */
  interface Treatment {
    void of(long offset, OutputStream client) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final List<Treatment> treatments;
  private final List<Long> offsets = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  UnreliableServer(Treatment... treatments) throws IOException {
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.treatments = List.of(treatments);
    begin(this::accept);
  }

  /** Sends the document from the offset on, all of it. */
  static Treatment whole(byte[] document) {
    return (offset, client) -> client.write(part(document, offset, document.length));
  }

  /** Promises the rest of the document, sends some of it, and hangs up. */
  static Treatment cutAfter(int bytes, byte[] document) {
    return (offset, client) -> client.write(part(document, offset, bytes));
  }

  /** Promises the rest of the document, sends some of it, and then nothing more. */
  static Treatment silentAfter(int bytes, byte[] document) {
    return (offset, client) -> {
      client.write(part(document, offset, bytes));
      client.flush();
      Thread.sleep(Long.MAX_VALUE);
    };
  }

  static Treatment status(int code) {
    return (offset, client) ->
        client.write(
            ("HTTP/1.1 " + code + " No\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  URI address() {
    return URI.create("http://localhost:" + socket.getLocalPort());
  }

  /** From which byte on each request asked, in their order. */
  List<Long> offsets() {
    return offsets;
  }

  private static byte[] part(byte[] document, long offset, int most) {
    int from = (int) offset;
    int sent = Math.min(most, document.length - from);
    byte[] head =
        "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(from == 0 ? "200 OK" : "206 Partial Content", document.length - from)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] answer = new byte[head.length + sent];
    System.arraycopy(head, 0, answer, 0, head.length);
    System.arraycopy(document, from, answer, head.length, sent);
    return answer;
  }

  private void begin(Runnable work) {
    Thread thread = new Thread(work, "unreliable-server");
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void accept() {
    for (int i = 0; !socket.isClosed(); i++) {
      Treatment treatment = treatments.get(Math.min(i, treatments.size() - 1));
      try {
        Socket client = socket.accept();
        begin(() -> serve(client, treatment));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client, Treatment treatment) {
    try (client) {
      BufferedReader request =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      long offset = 0;
      for (String line = request.readLine();
          line != null && !line.isEmpty();
          line = request.readLine()) {
        if (line.startsWith("Range: bytes=")) {
          offset = Long.parseLong(line.substring("Range: bytes=".length(), line.length() - 1));
        }
      }
      offsets.add(offset);
      treatment.of(offset, client.getOutputStream());
    } catch (IOException | InterruptedException over) {
      // The other side gave up, or the test is over.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.forEach(Thread::interrupt);
  }
}
