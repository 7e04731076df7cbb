package dev.slipway.agent.switching;

import dev.slipway.linux.Kexec;
import java.nio.file.Path;

/** The kernel that the running one will jump into. */
public interface NextKernel {

  /**
   * Loads it.
   *
   * @throws dev.slipway.linux.OperatorError when the running kernel refuses
   */
  void load(Path kernel, Path initrd, String commandLine);

  /** Unloads whatever is loaded. */
  void unload();

  /** Whether one is loaded. */
  boolean isLoaded();

  /** The one of this machine. */
  static NextKernel ofThisMachine() {
    Kexec kexec = new Kexec();
    return new NextKernel() {
      @Override
      public void load(Path kernel, Path initrd, String commandLine) {
        kexec.load(kernel, initrd, commandLine);
      }

      @Override
      public void unload() {
        kexec.unload();
      }

      @Override
      public boolean isLoaded() {
        return kexec.isLoaded();
      }
    };
  }
}
