/**
 * File trees with everything on them: owner, mode, times, xattrs and capabilities, hard links,
 * devices, holes. Names and xattrs are bytes, as in Linux, never text.
 */
package dev.slipway.tree;
