package dev.slipway.controller.goldendisk;

/** Something to be done when this process ends, by a signal too, unless it is closed before. */
final class AtExit implements AutoCloseable {
  private final Thread hook;

  /**
   * Promises it.
   *
   * @param action done beside others of its kind, in no order
   */
  AtExit(String name, Runnable action) {
    this.hook = new Thread(action, name);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException ending) {
      action.run();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The process ends already, and it is done.
    }
  }
}
