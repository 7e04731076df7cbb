/** The agent's commands, and its daemon. */
package dev.slipway.agent.cli;
