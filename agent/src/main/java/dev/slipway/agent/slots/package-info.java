/** The host's disk: which slots it has, where they lie, what they hold. */
package dev.slipway.agent.slots;
