/**
 * Releases: making them from images, keeping them by their digests, and serving them as the OCI
 * distribution specification has it.
 */
package dev.slipway.controller.registry;
