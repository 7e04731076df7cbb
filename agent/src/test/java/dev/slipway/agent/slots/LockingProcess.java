package dev.slipway.agent.slots;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Holds the lock of its argument until its input ends; takes and gives the lock of every line it
 * reads meanwhile, and says whether it got it.
 */
public final class LockingProcess {
  private LockingProcess() {}

  /** Runs in a process of its own. */
  public static void main(String[] arguments) throws IOException {
    try (LockFile.Held held = new LockFile(Path.of(arguments[0]), "A test").take();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("held");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<LockFile.Held> lock = new LockFile(Path.of(line), "A test").tryTake();
        System.out.println(lock.isPresent() ? "taken" : "refused");
        lock.ifPresent(LockFile.Held::close);
      }
    }
  }
}
