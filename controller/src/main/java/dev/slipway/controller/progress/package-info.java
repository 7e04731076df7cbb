/**
 * How long work tells where it is: steps with sizes, rates and times, for people at a terminal, for
 * logs and for programs.
 */
package dev.slipway.controller.progress;
