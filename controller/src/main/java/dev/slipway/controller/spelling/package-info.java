/** Words that were meant by those that nobody knows. */
package dev.slipway.controller.spelling;
