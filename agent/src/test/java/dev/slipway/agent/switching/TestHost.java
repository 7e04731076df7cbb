package dev.slipway.agent.switching;

import dev.slipway.agent.slots.Roots;
import dev.slipway.agent.slots.TestDisk;
import dev.slipway.linux.OperatorError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A host on a {@link TestDisk} whose kernel and init are watched instead of obeyed: there is no
 * jumping out of a test. As where an inhibitor delays it, a shutdown begins some time after it was
 * ordered.
 */
public final class TestHost {
  private final List<String> deeds = new ArrayList<>();
  private Optional<String> kexecRefuses = Optional.empty();
  private boolean loadBreaks;
  private boolean jumpFails;
  private boolean restartFails;
  private boolean shutdownOrdered;
  private boolean shutdownGetsLost;
  private int looksBeforeTheShutdown = 2;
  private List<String> failedUnits = List.of();
  private Runnable meanwhile = () -> {};

  /** The agent's view of the disk, as it is now. */
  public ThisHost on(TestDisk disk) {
    Roots roots = disk.roots();
    ThisHost found = ThisHost.find(roots);
    return new ThisHost(
        found.roots(),
        found.disk(),
        found.environment(),
        found.records(),
        found.journal(),
        found.configurationFile(),
        new WatchedKernel(),
        new WatchedInit(),
        found.operation(),
        found.daemon());
  }

  /** What was done to the machine, in order: load SLOT-COMMANDLINE, unload, jump, restart. */
  public List<String> deeds() {
    return deeds;
  }

  public TestHost kexecRefuses(String sentence) {
    kexecRefuses = Optional.of(sentence);
    return this;
  }

  public TestHost jumpFails() {
    jumpFails = true;
    return this;
  }

  /** Loading ends in the middle, by an error that nobody expects. */
  public TestHost loadBreaks() {
    loadBreaks = true;
    return this;
  }

  public TestHost restartFails() {
    restartFails = true;
    return this;
  }

  /** An order to leave is taken, and nothing follows. */
  public TestHost shutdownGetsLost() {
    shutdownGetsLost = true;
    return this;
  }

  public TestHost failedUnits(List<String> units) {
    failedUnits = units;
    return this;
  }

  /** What another thread does while somebody asks whether this system goes down. */
  public TestHost meanwhile(Runnable work) {
    meanwhile = work;
    return this;
  }

  private final class WatchedKernel implements NextKernel {
    private boolean loaded;

    @Override
    public void load(Path kernel, Path initrd, String commandLine) {
      if (kexecRefuses.isPresent()) {
        throw new OperatorError(kexecRefuses.get());
      }
      if (!Files.isRegularFile(kernel) || !Files.isRegularFile(initrd)) {
        throw new AssertionError("no boot files at " + kernel);
      }
      loaded = true;
      deeds.add("load " + commandLine);
      if (loadBreaks) {
        throw new IllegalStateException("the disk went away");
      }
    }

    @Override
    public void unload() {
      if (loaded) {
        deeds.add("unload");
      }
      loaded = false;
    }

    @Override
    public boolean isLoaded() {
      return loaded;
    }
  }

  private final class WatchedInit implements InitSystem {
    @Override
    public void jump() {
      if (jumpFails) {
        throw new OperatorError("systemctl kexec failed: no");
      }
      deeds.add("jump");
      shutdownOrdered = !shutdownGetsLost;
    }

    @Override
    public void restart() {
      if (restartFails) {
        throw new OperatorError("systemctl reboot failed: no");
      }
      deeds.add("restart");
      shutdownOrdered = !shutdownGetsLost;
    }

    @Override
    public boolean bootFinished() {
      return true;
    }

    @Override
    public boolean shuttingDown() {
      meanwhile.run();
      if (shutdownOrdered && looksBeforeTheShutdown > 0) {
        looksBeforeTheShutdown--;
        return false;
      }
      return shutdownOrdered;
    }

    @Override
    public List<String> failedUnits() {
      return failedUnits;
    }
  }
}
