/** Talking to the controller. */
package dev.slipway.agent.link;
