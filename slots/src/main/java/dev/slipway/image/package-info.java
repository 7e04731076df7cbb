/** Container images in files: reading them, and applying their layers to a directory. */
package dev.slipway.image;
