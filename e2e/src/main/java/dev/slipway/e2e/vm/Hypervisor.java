package dev.slipway.e2e.vm;

import dev.slipway.controller.goldendisk.Accelerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where virtual machines live: it knows the best accelerator, gives each machine a place for its
 * files, and ends all of them when it is closed or when the Java machine ends.
 */
public final class Hypervisor implements AutoCloseable {
  private final Accelerator accelerator;
  private final Path logs;
  private final OutputStream alsoTo;
  private final Path directory;
  private final List<VirtualMachine> machines = new ArrayList<>();
  private final Thread atExit = new Thread(this::end, "end virtual machines");

  /**
   * @param logs directory for what the consoles say, a file for each machine; made when missing
   */
  public Hypervisor(Path logs) {
    this(logs, OutputStream.nullOutputStream());
  }

  /**
   * @param alsoTo where everything that consoles say is copied to
   */
  public Hypervisor(Path logs, OutputStream alsoTo) {
    this.accelerator = Accelerator.best();
    this.alsoTo = alsoTo;
    try {
      this.logs = Files.createDirectories(logs);
      // Short, for the name of a Unix socket has 107 bytes.
      this.directory = Files.createTempDirectory("slipway-vm");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  public Accelerator accelerator() {
    return accelerator;
  }

  /** Makes a machine, switched off. */
  public synchronized VirtualMachine create(Machine machine) {
    try {
      Path place = Files.createDirectory(directory.resolve(Integer.toString(machines.size())));
      VirtualMachine made = new VirtualMachine(machine, accelerator, place, logs, alsoTo);
      machines.add(made);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new file name for a machine's disk, removed with everything else at the end. */
  public synchronized Path newFile(String name) {
    try {
      return Files.createTempDirectory(directory, "file").resolve(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
  }

  private synchronized void end() {
    machines.forEach(VirtualMachine::close);
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
