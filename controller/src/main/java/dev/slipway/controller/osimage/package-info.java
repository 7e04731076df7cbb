/**
 * What makes the tree of a container image an operating system that boots: mends, kernel, initrd,
 * the agent, and a list of all of it in the slot.
 */
package dev.slipway.controller.osimage;
