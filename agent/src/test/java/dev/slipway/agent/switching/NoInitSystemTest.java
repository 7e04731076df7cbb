package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left to do once the processes have been ended. */
class NoInitSystemTest {
  private final List<String> deeds = new ArrayList<>();
  private boolean kexecRefused;

  private final class WatchedMachine implements NoInitSystem.Machine {
    @Override
    public void comeToRest() {
      deeds.add("rest");
    }

    @Override
    public void kexec() {
      deeds.add("kexec");
      if (kexecRefused) {
        // Any call that the kernel refuses.
        Mount.remountReadOnly(Path.of("/no/such/place"));
      }
    }

    @Override
    public void restart() {
      deeds.add("restart");
    }
  }

  private final NoInitSystem init = new NoInitSystem(new WatchedMachine());

  @Test
  void comesToRestBeforeItJumps() {
    init.jump();
    assertThat(deeds).containsExactly("rest", "kexec");
  }

  @Test
  void aJumpThatTheKernelRefusesIsARebootForNothingRunsHereAnyMore() {
    kexecRefused = true;
    init.jump();
    assertThat(deeds).containsExactly("rest", "kexec", "restart");
  }
}
