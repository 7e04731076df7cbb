/** What java.net.http lacks for long downloads, for the agent and the controller alike. */
package dev.slipway.http;
