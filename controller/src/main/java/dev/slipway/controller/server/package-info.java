/** The controller as a server: its configuration, its TLS, and what it is put together from. */
package dev.slipway.controller.server;
