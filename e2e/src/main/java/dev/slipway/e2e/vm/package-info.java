/**
 * Virtual machines for whole-system tests: disks that are thrown away, either firmware, a serial
 * console to read and type on, snapshots, power cuts, and networks of several machines.
 *
 * <p>A {@link dev.slipway.e2e.vm.Hypervisor} makes {@link dev.slipway.e2e.vm.VirtualMachine}s from
 * {@link dev.slipway.e2e.vm.Machine} descriptions and ends them all when it is closed; only
 * processes that it started are ever ended.
 */
package dev.slipway.e2e.vm;
