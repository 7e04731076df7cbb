package dev.slipway.linux;

/** The processor architectures whose system call numbers and open flags are known. */
enum Architecture {
  X86_64(0200000, 0400000, 040000),
  AARCH64(040000, 0100000, 0200000);

  /** What this process runs on. */
  static final Architecture RUNNING = of(System.getProperty("os.arch"));

  /**
   * O_DIRECTORY: one of the few open flags that differ, see arch/arm64/include/uapi/asm/fcntl.h.
   */
  final int openDirectory;

  /** O_NOFOLLOW, which differs too. */
  final int openNoFollow;

  /** O_DIRECT, which differs as well. */
  final int openDirect;

  Architecture(int openDirectory, int openNoFollow, int openDirect) {
    this.openDirectory = openDirectory;
    this.openNoFollow = openNoFollow;
    this.openDirect = openDirect;
  }

  private static Architecture of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default ->
          throw new OperatorError(
              "Slipway knows the system calls of x86_64 and aarch64, not of " + name + ".");
    };
  }
}
