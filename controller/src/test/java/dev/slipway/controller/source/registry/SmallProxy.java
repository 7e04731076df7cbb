package dev.slipway.controller.source.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy on a real socket: tunnels to what CONNECT names, and passes other requests on (RFC
 * 9110, 9.3.6 and 7.6). It finds hosts where the test says they are.
 */
final class SmallProxy implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Map<String, Integer> ports;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /**
   * @param ports of this machine, by the hosts and ports that requests name
   */
  SmallProxy(Map<String, Integer> ports) throws IOException {
    this.ports = ports;
    begin(this::accept);
  }

  String address() {
    return "http://localhost:" + socket.getLocalPort();
  }

  /** Their first lines. */
  List<String> requests() {
    return requests;
  }

  private static void begin(Runnable work) {
    Thread thread = new Thread(work, "small-proxy");
    thread.setDaemon(true);
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
      String line = line(client.getInputStream());
      requests.add(line);
      String[] words = line.split(" ", -1);
      boolean tunnel = words[0].equals("CONNECT");
      String host = tunnel ? words[1] : words[1].replaceFirst("^http://([^/]+)/.*", "$1");
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), ports.get(host))) {
        if (tunnel) {
          while (!line(client.getInputStream()).isEmpty()) {
            // A tunnel needs no header.
          }
          client.getOutputStream().write(TestImage.utf8("HTTP/1.1 200 -\r\n\r\n"));
        } else {
          server
              .getOutputStream()
              .write(TestImage.utf8(line.replaceFirst(" http://[^/]+", " ") + "\r\n"));
        }
        begin(() -> copy(client, server));
        copy(server, client);
      }
    } catch (IOException over) {
      // One of the two hung up.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException over) {
      // One of the two hung up.
    }
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
  }
}
