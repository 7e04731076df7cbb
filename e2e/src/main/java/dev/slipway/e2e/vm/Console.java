package dev.slipway.e2e.vm;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A serial line: what the machine says, and typing on it.
 *
 * <p>Reading is like {@code expect}: {@link #expect} waits for a pattern in what has not been
 * expected yet, and consumes up to its end. Everything is also appended to a log file. Bytes are
 * taken as ISO-8859-1, so that firmware's line drawing cannot break the reading.
 */
public final class Console {
  private final OutputStream keyboard;
  private final Path log;
  private final StringBuilder unread = new StringBuilder();
  private final StringBuilder recent = new StringBuilder();
  private boolean ended;

  Console(InputStream screen, OutputStream keyboard, Path log, OutputStream alsoTo) {
    this.keyboard = keyboard;
    this.log = log;
    Thread reader = new Thread(() -> read(screen, alsoTo), "console " + log.getFileName());
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream screen, OutputStream alsoTo) {
    byte[] buffer = new byte[8192];
    try (OutputStream file =
        Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      int length;
      while ((length = screen.read(buffer)) > 0) {
        file.write(buffer, 0, length);
        alsoTo.write(buffer, 0, length);
        alsoTo.flush();
        String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1).replace("\r", "");
        synchronized (this) {
          unread.append(text);
          recent.append(text);
          if (recent.length() > 16384) {
            recent.delete(0, recent.length() - 8192);
          }
          notifyAll();
        }
      }
    } catch (IOException e) {
      // The machine was ended while its line was read: the same as its end.
    } finally {
      synchronized (this) {
        ended = true;
        notifyAll();
      }
    }
  }

  /** Waits for {@code pattern}; see {@link #expectOneOf}. */
  public MatchResult expect(String pattern, Duration patience) {
    return expectOneOf(patience, pattern).match();
  }

  /**
   * Waits until one of the patterns (regular expressions, multi-line mode) appears, and consumes
   * what was said up to its end. When several are there, the one that starts first counts.
   *
   * @throws VmException when none appears in time or the machine ends; it quotes the last lines
   */
  public synchronized Answer expectOneOf(Duration patience, String... patterns) {
    List<Pattern> compiled =
        Arrays.stream(patterns)
            .map(pattern -> Pattern.compile(pattern, Pattern.MULTILINE))
            .toList();
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Answer first = null;
      for (int i = 0; i < compiled.size(); i++) {
        Matcher matcher = compiled.get(i).matcher(unread);
        if (matcher.find() && (first == null || matcher.start() < first.match().start())) {
          first = new Answer(i, matcher.toMatchResult(), unread.substring(0, matcher.start()));
        }
      }
      if (first != null) {
        unread.delete(0, first.match().end());
        return first;
      }
      if (ended) {
        throw new VmException("The machine ended before it said " + quoted(patterns) + tail());
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new VmException(
            "The machine did not say "
                + quoted(patterns)
                + " within "
                + patience.toSeconds()
                + " s"
                + tail());
      }
      try {
        // A pattern is searched again only when there is more to search.
        wait(Math.max(1, left / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new VmException("Interrupted while waiting for " + quoted(patterns), e);
      }
    }
  }

  /**
   * What was waited for and came.
   *
   * @param index of the pattern
   * @param before what was said before it and had not been consumed
   */
  public record Answer(int index, MatchResult match, String before) {}

  /** Types {@code text} as it is; a line needs its {@code \n}. */
  public void type(String text) {
    try {
      keyboard.write(text.getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Typing on the console failed: is the machine off?", e);
    }
  }

  /** Forgets what was said so far. */
  public synchronized void skip() {
    unread.setLength(0);
  }

  /**
   * How each of the last {@code boots} ended: the last lines of each kernel's output. It is what
   * explains a machine that was found on another system than the one awaited.
   */
  public String endsOfBoots(int boots) {
    String all;
    try {
      all = Files.readString(log, StandardCharsets.ISO_8859_1).replace("\r", "");
    } catch (IOException e) {
      throw new UncheckedIOException("Reading the console's log " + log + " failed", e);
    }
    List<String> each = List.of(all.split("(?=\\n[^\\n]*Linux version )"));
    return each.subList(Math.max(0, each.size() - boots), each.size()).stream()
        .map(boot -> boot.lines().limit(2).collect(joining("\n")) + "\n[...]\n" + lastLines(boot))
        .collect(joining("\n----\n"));
  }

  private static String quoted(String... patterns) {
    return "/" + String.join("/ or /", patterns) + "/";
  }

  private String tail() {
    return "; all of it is in " + log + ". Its last lines:\n" + lastLines(recent.toString());
  }

  private static String lastLines(String text) {
    List<String> lines = text.lines().toList();
    return lines.subList(Math.max(0, lines.size() - 40), lines.size()).stream()
        .map(line -> "    " + line)
        .collect(joining("\n"));
  }
}
