/**
 * Images of registries, pulled without an Engine (OCI distribution-spec). {@link
 * dev.slipway.controller.source.registry.Registries} is the way in.
 */
package dev.slipway.controller.source.registry;
