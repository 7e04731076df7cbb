/**
 * Container images in files: reading them, and applying their layers to a directory. {@link
 * dev.slipway.image.TarLayer} is the one place where a layer's bytes go through their digest, also
 * for a layer that comes over the network.
 */
package dev.slipway.image;
