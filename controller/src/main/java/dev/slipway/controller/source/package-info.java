/**
 * Where images come from: their references, and opening them; the only package that knows Docker.
 */
package dev.slipway.controller.source;
