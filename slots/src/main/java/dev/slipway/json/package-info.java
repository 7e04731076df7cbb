/**
 * JSON as a small immutable tree, over jackson-core's streaming: the agent's start time does not
 * allow databind.
 */
package dev.slipway.json;
