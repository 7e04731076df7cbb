package dev.slipway.agent.switching;

import dev.slipway.linux.FileSystemSync;
import dev.slipway.linux.Mount;
import dev.slipway.linux.MountPoint;
import dev.slipway.linux.Reboot;
import dev.slipway.linux.SystemCallException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A system whose init the agent cannot ask, such as busybox: the agent itself ends the processes,
 * writes everything out and calls the kernel.
 */
final class NoInitSystem implements InitSystem {
  private static final long GRACE_MILLIS = 3_000;
  private static final long PAUSE_MILLIS = 50;

  private final Machine machine;

  NoInitSystem() {
    this(new ThisMachine());
  }

  NoInitSystem(Machine machine) {
    this.machine = machine;
  }

  /** What is done to the machine itself; none of it can be undone. */
  interface Machine {
    /** Ends the processes and writes everything out. */
    void comeToRest();

    /** Returns only by an exception. */
    void kexec();

    /** Returns only by an exception. */
    void restart();
  }

  private static final class ThisMachine implements Machine {
    @Override
    public void comeToRest() {
      NoInitSystem.comeToRest();
    }

    @Override
    public void kexec() {
      Reboot.kexec();
    }

    @Override
    public void restart() {
      Reboot.restart();
    }
  }

  @Override
  public void jump() {
    machine.comeToRest();
    try {
      machine.kexec();
    } catch (SystemCallException refused) {
      // Nothing runs here any more that could go on; the firmware comes to the slot that the
      // environment names.
      machine.restart();
    }
  }

  @Override
  public void restart() {
    machine.comeToRest();
    machine.restart();
  }

  @Override
  public boolean bootFinished() {
    return true;
  }

  @Override
  public boolean shuttingDown() {
    return false;
  }

  @Override
  public List<String> failedUnits() {
    return List.of();
  }

  private static void comeToRest() {
    List<ProcessHandle> others = others();
    others.forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + GRACE_MILLIS * 1_000_000;
    while (others.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
      pause();
    }
    others.forEach(ProcessHandle::destroyForcibly);
    FileSystemSync.sync();
    List<MountPoint> mounts = new ArrayList<>(Mount.current());
    Collections.reverse(mounts);
    for (MountPoint mount : mounts) {
      if (mount.source().startsWith("/dev/")) {
        remountReadOnly(mount);
      }
    }
    FileSystemSync.sync();
  }

  /**
   * All but init, this process and those that started it; the latter may be the console that the
   * operator sits at. Kernel threads show no command.
   */
  private static List<ProcessHandle> others() {
    Set<Long> kept = new HashSet<>();
    kept.add(1L);
    for (var each = Optional.of(ProcessHandle.current());
        each.isPresent();
        each = each.get().parent()) {
      kept.add(each.get().pid());
    }
    return ProcessHandle.allProcesses()
        .filter(process -> !kept.contains(process.pid()))
        .filter(process -> process.info().command().isPresent())
        .toList();
  }

  private static void remountReadOnly(MountPoint mount) {
    try {
      Mount.remountReadOnly(mount.target());
    } catch (SystemCallException busy) {
      // A file is still open for writing: everything is written out already, and the journal of
      // the file system covers the rest.
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
