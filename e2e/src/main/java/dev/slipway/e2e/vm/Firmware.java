package dev.slipway.e2e.vm;

import java.nio.file.Path;

/** What runs before the boot loader. */
public enum Firmware {
  /** SeaBIOS, which QEMU brings along. */
  BIOS,
  /** OVMF, each machine with its own copy of the variables. */
  UEFI;

  /** OVMF's code; Debian's package {@code ovmf}. */
  static final Path OVMF_CODE = Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd");

  /** The variables that a machine that never booted has. */
  static final Path OVMF_VARIABLES = Path.of("/usr/share/OVMF/OVMF_VARS_4M.fd");
}
