/** A real disk that a golden disk shall be written to: what is on it, and whether that may be. */
package dev.slipway.controller.targetdisk;
