/** What a published operating system release is, and what a host knows about the one in a slot. */
package dev.slipway.release;
