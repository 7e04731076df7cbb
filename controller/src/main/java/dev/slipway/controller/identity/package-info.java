/**
 * Who talks to the controller, and how it knows: its certificate authority, the operator's token,
 * join tokens, the enrolment of hosts, and who made a request.
 */
package dev.slipway.controller.identity;
