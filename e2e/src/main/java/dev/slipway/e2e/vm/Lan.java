package dev.slipway.e2e.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;

/**
 * One network segment that several machines share: multicast datagrams on the host's loopback, so
 * that nothing of it leaves the host and no privileges are needed.
 *
 * @param port of the multicast group; the segment's identity
 */
public record Lan(int port) {
  /** A segment of its own. */
  public static Lan create() {
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return new Lan(free.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String netdev() {
    return "socket,id=lan,mcast=230.0.0.1:" + port + ",localaddr=127.0.0.1";
  }
}
