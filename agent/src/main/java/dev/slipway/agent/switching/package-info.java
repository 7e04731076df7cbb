/**
 * Moving the host from one slot to another and back: journal, conclusion, preflight, kexec, commit.
 */
package dev.slipway.agent.switching;
