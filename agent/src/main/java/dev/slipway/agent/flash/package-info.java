/** Writing an operating system into a slot and proving that it arrived. */
package dev.slipway.agent.flash;
