package dev.slipway.agent.slots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
  @TempDir Path directory;

  private LockFile lock() {
    return new LockFile(directory.resolve("lock"), "A flash");
  }

  @Test
  void isHeldWhileSomebodyHasIt() {
    LockFile lock = lock();
    assertThat(lock.isHeld()).isFalse();
    try (LockFile.Held held = lock.take()) {
      assertThat(lock.isHeld()).isTrue();
      assertThat(lock.tryTake()).isEmpty();
      assertThat(lock().tryTake()).as("by another thread's object").isEmpty();
      assertThatThrownBy(lock::take)
          .isInstanceOfSatisfying(
              OperatorError.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(3))
          .hasMessageContaining("A flash is at work");
    }
    assertThat(lock.isHeld()).isFalse();
  }

  @Test
  void seesTheLockOfAnotherProcess() throws Exception {
    try (OtherProcess other = new OtherProcess(directory.resolve("lock"))) {
      assertThat(lock().isHeld()).isTrue();
      assertThat(lock().tryTake()).isEmpty();
    }
    assertThat(lock().isHeld()).isFalse();
  }

  /** What "agent status" does beside a daemon that begins to flash. */
  @Test
  void whoOnlyLooksTurnsNobodyAway() throws Exception {
    lock().take().close();
    AtomicBoolean looking = new AtomicBoolean(true);
    Thread onlooker =
        new Thread(
            () -> {
              LockFile seen = lock();
              while (looking.get()) {
                seen.isHeld();
              }
            });
    onlooker.start();
    try (OtherProcess other = new OtherProcess(directory.resolve("other"))) {
      for (int i = 0; i < 2_000; i++) {
        assertThat(other.takesAndGives(directory.resolve("lock"))).as("attempt %d", i).isTrue();
      }
    } finally {
      looking.set(false);
      onlooker.join();
    }
  }

  /** A process with a lock of its own. */
  private static final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final java.io.BufferedReader answers;
    private final java.io.Writer orders;

    OtherProcess(Path held) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LockingProcess.class.getName(),
                  held.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      answers = process.inputReader();
      orders = process.outputWriter();
      assertThat(answers.readLine()).isEqualTo("held");
    }

    boolean takesAndGives(Path file) throws IOException {
      orders.write(file + "\n");
      orders.flush();
      return answers.readLine().equals("taken");
    }

    @Override
    public void close() throws Exception {
      orders.close();
      process.waitFor();
    }
  }
}
