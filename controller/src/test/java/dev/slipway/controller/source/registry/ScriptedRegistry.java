package dev.slipway.controller.source.registry;

import dev.slipway.tree.Digest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/**
 * A registry on a real socket that holds one image and misbehaves as it is told to. It speaks plain
 * HTTP and hangs up on everything else.
 */
final class ScriptedRegistry implements AutoCloseable {
  private static final int TLS_HANDSHAKE = 0x16;

  /** How a request is treated. */
  interface Treatment {
    void of(Request request) throws IOException, InterruptedException;
  }

  /** For requests whose path contains a text; so many times. */
  private record Rule(String pathPart, AtomicInteger timesLeft, Treatment treatment) {}

  private final ServerSocket socket;
  private final TestImage image;
  private final TestImage.Stored top;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  /** Whatever tag or digest a manifest is asked for by, it is the top one, unless it is stored. */
  ScriptedRegistry(TestImage image, TestImage.Stored top) throws IOException {
    this(image, top, ServerSocketFactory.getDefault());
  }

  /** Speaks HTTPS instead. */
  static ScriptedRegistry secure(TestImage image, TestImage.Stored top, SSLContext tls)
      throws IOException {
    return new ScriptedRegistry(image, top, tls.getServerSocketFactory());
  }

  private ScriptedRegistry(TestImage image, TestImage.Stored top, ServerSocketFactory sockets)
      throws IOException {
    this.socket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.image = image;
    this.top = top;
    begin(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  String host() {
    return "localhost:" + socket.getLocalPort();
  }

  /** Treats the next requests of such a path so, before the rules that were made later. */
  ScriptedRegistry times(int count, String pathPart, Treatment treatment) {
    rules.add(new Rule(pathPart, new AtomicInteger(count), treatment));
    return this;
  }

  ScriptedRegistry once(String pathPart, Treatment treatment) {
    return times(1, pathPart, treatment);
  }

  ScriptedRegistry always(String pathPart, Treatment treatment) {
    return times(Integer.MAX_VALUE, pathPart, treatment);
  }

  List<Request> requests(String pathPart) {
    return requests.stream().filter(request -> request.path().contains(pathPart)).toList();
  }

  static Treatment status(int code, String... headers) {
    return request -> request.answer(code, new byte[0], headers);
  }

  /** Promises what was asked for, sends some of it, and hangs up. */
  static Treatment cutAfter(int bytes) {
    return request -> request.part(bytes);
  }

  /** Promises what was asked for, sends some of it, and then nothing more. */
  static Treatment silentAfter(int bytes) {
    return request -> {
      request.part(bytes);
      Thread.sleep(Long.MAX_VALUE);
    };
  }

  /** Nothing but the usual. */
  static Treatment usual() {
    return Request::usual;
  }

  /** One request, and how to answer it. */
  final class Request {
    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final String body;
    private final OutputStream client;

    private Request(
        String method, String path, Map<String, String> headers, String body, OutputStream client) {
      this.method = method;
      this.path = path;
      this.headers = headers;
      this.body = body;
      this.client = client;
    }

    String method() {
      return method;
    }

    /** With the query. */
    String path() {
      return path;
    }

    String body() {
      return body;
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** From which byte on it asks. */
    int offset() {
      return header("Range")
          .map(range -> Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1")))
          .orElse(0);
    }

    void usual() throws IOException {
      part(Integer.MAX_VALUE);
    }

    void answer(int status, byte[] content, String... lines) throws IOException {
      answer(status, content.length, content, lines);
    }

    private void answer(int status, int promised, byte[] content, String... lines)
        throws IOException {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      answer.writeBytes(
          TestImage.utf8(
              "HTTP/1.1 %d -\r\nConnection: close\r\nContent-Length: %d\r\n"
                  .formatted(status, promised)));
      for (String line : lines) {
        answer.writeBytes(TestImage.utf8(line + "\r\n"));
      }
      answer.writeBytes(TestImage.utf8("\r\n"));
      answer.writeBytes(content);
      client.write(answer.toByteArray());
      client.flush();
    }

    /** The first so many bytes of what was asked for. */
    void part(int most) throws IOException {
      if (path.contains("/manifests/")) {
        TestImage.Stored manifest =
            image.manifests().values().stream()
                .filter(stored -> path.endsWith(stored.digest().toString()))
                .findFirst()
                .orElse(top);
        answer(200, manifest.bytes(), "Content-Type: " + manifest.mediaType());
        return;
      }
      int name = path.indexOf("sha256:");
      byte[] content =
          name < 0 ? new byte[0] : image.blobs().get(Digest.parse(path.substring(name)));
      int from = offset();
      int to = (int) Math.min((long) from + most, content.length);
      answer(
          from == 0 ? 200 : 206,
          content.length - from,
          Arrays.copyOfRange(content, from, to),
          "Content-Range: bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
  }

  private void begin(Runnable work) {
    Thread thread = new Thread(work, "scripted-registry");
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        begin(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      in.mark(1);
      if (in.read() == TLS_HANDSHAKE) {
        return;
      }
      in.reset();
      Request request = read(in, client.getOutputStream());
      requests.add(request);
      treatment(request).of(request);
    } catch (IOException | InterruptedException over) {
      // The other side gave up, or the test is over.
    }
  }

  private Treatment treatment(Request request) {
    for (Rule rule : rules) {
      if (request.path().contains(rule.pathPart()) && rule.timesLeft().getAndDecrement() > 0) {
        return rule.treatment();
      }
    }
    return usual();
  }

  private Request read(InputStream in, OutputStream out) throws IOException {
    List<String> words = new ArrayList<>(List.of(line(in).split(" ", -1)));
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Request(words.get(0), words.get(1), headers, body, out);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the client hung up");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.forEach(Thread::interrupt);
  }
}
