/** The {@code controller} command: one class for each of its commands. */
package dev.slipway.controller.cli;
