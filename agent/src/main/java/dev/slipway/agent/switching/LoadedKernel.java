package dev.slipway.agent.switching;

/**
 * Room for the kernel to jump into, from before it is loaded until the jump is ordered. Whatever
 * way it ends without a jump, by an exception or the end of this process, nothing stays loaded:
 * with a kernel loaded, systemd would turn the next reboot into the jump.
 */
final class LoadedKernel implements AutoCloseable {
  private final NextKernel kernel;
  private final Thread atExit;
  private volatile boolean jumpOrdered;

  /** To be made before the kernel is loaded. */
  LoadedKernel(NextKernel kernel) {
    this.kernel = kernel;
    this.atExit = new Thread(this::unloadUnlessJumping, "unload-kernel");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Leaves for it. From the order on the kernel stays loaded, for the system is on its way into it.
   *
   * @param departure orders the jump, and throws when it does not come
   */
  void jump(Runnable departure) {
    jumpOrdered = true;
    try {
      departure.run();
    } catch (RuntimeException | Error e) {
      jumpOrdered = false;
      throw e;
    }
  }

  private void unloadUnlessJumping() {
    if (!jumpOrdered) {
      kernel.unload();
    }
  }

  /** Unloads the kernel unless the jump was ordered. */
  @Override
  public void close() {
    unloadUnlessJumping();
    if (jumpOrdered) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      // This process ends already; its hook unloads once more, which does no harm.
    }
  }
}
