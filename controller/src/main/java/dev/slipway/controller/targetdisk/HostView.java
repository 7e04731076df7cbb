package dev.slipway.controller.targetdisk;

import java.nio.file.Path;

/**
 * Where this machine shows its devices.
 *
 * @param sys the device tree of the kernel
 * @param proc the process file system
 * @param dev device nodes
 */
record HostView(Path sys, Path proc, Path dev) {

  static HostView ofThisMachine() {
    return new HostView(Path.of("/sys"), Path.of("/proc"), Path.of("/dev"));
  }
}
