/**
 * Images of a container engine: Docker's, or Podman's by the same API. It gives those it has, and
 * builds those that a Dockerfile describes.
 */
package dev.slipway.controller.source.engine;
