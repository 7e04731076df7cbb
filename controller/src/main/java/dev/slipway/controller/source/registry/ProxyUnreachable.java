package dev.slipway.controller.source.registry;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The proxy that leads to a server cannot be connected to. */
final class ProxyUnreachable extends IOException {
  private static final long serialVersionUID = 1;

  ProxyUnreachable(InetSocketAddress proxy, IOException cause) {
    super(proxy.getHostString() + ":" + proxy.getPort(), cause);
  }
}
