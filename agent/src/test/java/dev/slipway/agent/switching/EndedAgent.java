package dev.slipway.agent.switching;

import java.nio.file.Path;

/** An agent that is ended somewhere between loading a kernel and jumping into it. */
public final class EndedAgent {
  static final String WHILE_LOADING = "while-loading";
  static final String BEFORE_THE_JUMP = "before-the-jump";
  static final String IN_THE_JUMP = "in-the-jump";

  private EndedAgent() {}

  /** Runs in a process of its own and says what is done to the kernel. */
  public static void main(String[] arguments) {
    String moment = arguments[0];
    NextKernel kernel = new SpokenKernel(moment.equals(WHILE_LOADING));
    LoadedKernel loaded = new LoadedKernel(kernel);
    kernel.load(Path.of("/kernel"), Path.of("/initrd"), "");
    if (moment.equals(IN_THE_JUMP)) {
      // As systemd does, whose shutdown ends the process that asked for it.
      loaded.jump(() -> System.exit(0));
    }
    System.exit(0);
  }

  private record SpokenKernel(boolean endedWhileLoading) implements NextKernel {
    @Override
    public void load(Path kernel, Path initrd, String commandLine) {
      System.out.print("loaded ");
      if (endedWhileLoading) {
        System.exit(0);
      }
    }

    @Override
    public void unload() {
      System.out.print("unloaded");
    }

    @Override
    public boolean isLoaded() {
      return true;
    }
  }
}
