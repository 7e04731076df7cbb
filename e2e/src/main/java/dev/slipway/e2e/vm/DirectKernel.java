package dev.slipway.e2e.vm;

import java.nio.file.Path;

/** A kernel that QEMU loads itself, past firmware and boot loader. */
public record DirectKernel(Path kernel, Path initrd, String commandLine) {}
