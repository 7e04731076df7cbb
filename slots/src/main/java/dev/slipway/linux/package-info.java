/**
 * Linux, as far as Slipway needs it: system calls by number through JNA, mounts, loop devices,
 * kexec, and running a command. The only package that names a system call.
 */
package dev.slipway.linux;
