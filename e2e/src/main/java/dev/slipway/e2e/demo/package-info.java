/** What {@code ./quickstart} shows on the terminal. */
package dev.slipway.e2e.demo;
