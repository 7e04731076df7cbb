package dev.slipway.controller.source.registry;

import java.io.IOException;

/** A server that is spoken to by HTTPS leads to plain HTTP, where it is not followed. */
final class InsecureRedirect extends IOException {
  private static final long serialVersionUID = 1;

  InsecureRedirect(String from, String to) {
    super(from + " leads from HTTPS to plain HTTP at " + to);
  }
}
