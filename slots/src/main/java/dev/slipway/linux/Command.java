package dev.slipway.linux;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A program to run to its end, with what it wrote captured. Never put a secret in its arguments:
 * use {@link #input}.
 */
public final class Command {
  private final List<String> argv;
  private final Optional<Path> directory;
  private final Map<String, String> environment;
  private final InputStream input;

  private Command(
      List<String> argv,
      Optional<Path> directory,
      Map<String, String> environment,
      InputStream input) {
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command needs at least its program");
    }
    this.argv = List.copyOf(argv);
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.input = input;
  }

  /** The program and its arguments; there is no shell in between. */
  public static Command of(String... argv) {
    return of(Arrays.asList(argv));
  }

  /** The program and its arguments; there is no shell in between. */
  public static Command of(List<String> argv) {
    return new Command(argv, Optional.empty(), Map.of(), InputStream.nullInputStream());
  }

  /** The same command, run in this directory. */
  public Command directory(Path workingDirectory) {
    return new Command(argv, Optional.of(workingDirectory), environment, input);
  }

  /**
   * The same command with these variables added to (or replaced in) the environment it inherits.
   */
  public Command environment(Map<String, String> variables) {
    return new Command(argv, directory, variables, input);
  }

  /** The same command with this on its standard input; without it the input is empty. */
  public Command input(InputStream standardInput) {
    return new Command(argv, directory, environment, standardInput);
  }

  /** The same command with this on its standard input. */
  public Command input(byte[] standardInput) {
    return input(new ByteArrayInputStream(standardInput));
  }

  /**
   * Runs it and expects exit code 0.
   *
   * @throws CommandFailed when it ends with another code or cannot be started
   */
  public Result run() {
    Result result = runUnchecked();
    if (result.exit() != 0) {
      throw CommandFailed.withExit(argv.get(0), result);
    }
    return result;
  }

  /**
   * Runs it and returns whatever its exit code is.
   *
   * @throws CommandFailed when it cannot be started at all
   */
  public Result runUnchecked() {
    ProcessBuilder builder = new ProcessBuilder(argv);
    directory.ifPresent(path -> builder.directory(path.toFile()));
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw CommandFailed.notStarted(argv.get(0), e);
    }
    CompletableFuture<Void> feeding =
        CompletableFuture.runAsync(() -> feed(process), task -> thread(task).start());
    CompletableFuture<String> errors =
        CompletableFuture.supplyAsync(
            () -> drain(process.getErrorStream()), task -> thread(task).start());
    try {
      String output = drain(process.getInputStream());
      int exit = process.waitFor();
      feeding.join();
      return new Result(exit, output, errors.join());
    } catch (CompletionException e) {
      throw new OperatorError("Reading from or writing to " + argv.get(0) + " failed.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorError(argv.get(0) + " was cancelled before it ended.", e);
    } finally {
      // Nothing outlives the call: an interrupted build must not leave an mkfs running.
      process.destroy();
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "command-stream");
    thread.setDaemon(true);
    return thread;
  }

  private void feed(Process process) {
    try (OutputStream out = process.getOutputStream();
        InputStream in = input) {
      in.transferTo(out);
    } catch (IOException e) {
      // A program may end without reading all of its input; its exit code says whether that was
      // right.
    }
  }

  private static String drain(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How a command ended.
   *
   * @param exit its exit code; 128 + the signal's number when a signal ended it
   * @param out its standard output as UTF-8
   * @param err its standard error as UTF-8
   */
  public record Result(int exit, String out, String err) {}
}
