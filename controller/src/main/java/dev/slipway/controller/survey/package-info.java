/**
 * What an image holds, found by reading its layers once and unpacking nothing: how much room it
 * takes, and what in it will read the slot's file system.
 */
package dev.slipway.controller.survey;
