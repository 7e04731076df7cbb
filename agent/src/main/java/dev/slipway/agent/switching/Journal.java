package dev.slipway.agent.switching;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What happened on this host, in the order it happened, on the data partition. It explains; it
 * never decides against the boot environment.
 *
 * <p>One line an event: the CRC-32C of the rest of the line as eight hexadecimal digits, a space, a
 * JSON object. The file is only ever appended to, each event flushed before {@link #append}
 * returns. A power cut can leave the start of a line at its end: that line is passed over when
 * reading, and the next event begins on a line of its own.
 */
public final class Journal {
  private static final int CRC_DIGITS = 8;

  private final Path file;
  private final InstantSource clock;

  /**
   * @param file made with the first event
   */
  public Journal(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** An event and when it was written down. */
  public record Entry(Instant at, Event event) {}

  /**
   * What the file holds.
   *
   * @param unreadable lines passed over: torn by a power cut, damaged, or of a newer agent
   */
  public record Content(List<Entry> entries, int unreadable) {
    public Content {
      entries = List.copyOf(entries);
    }

    public History history() {
      return History.of(entries.stream().map(Entry::event).toList());
    }

    /** When the newest switch was ordered. */
    public Optional<Instant> newestSwitch() {
      return entries.stream()
          .filter(entry -> entry.event() instanceof Event.SwitchOrdered)
          .map(Entry::at)
          .reduce((a, b) -> b);
    }
  }

  /** Writes an event down and flushes it to the medium. */
  public void append(Event event) {
    String json = EventFormat.write(event).with("at", clock.instant().toString()).write();
    String line = checksum(json) + " " + json + "\n";
    boolean isNew = !Files.exists(file);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = channel.size();
      if (end > 0 && byteAt(channel, end - 1) != '\n') {
        line = "\n" + line;
      }
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        end += channel.write(bytes, end);
      }
      channel.force(true);
      if (isNew) {
        flushDirectory();
      }
    } catch (IOException e) {
      throw new OperatorError(
          "The journal %s could not be written (%s); nothing is changed without it."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Reads everything that can be read. */
  public Content read() {
    if (!Files.exists(file)) {
      return new Content(List.of(), 0);
    }
    String text;
    try {
      // Bytes a torn write left behind need not be UTF-8; the checksum finds them.
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Entry> entries = new ArrayList<>();
    int unreadable = 0;
    for (String line : text.split("\n", -1)) {
      Optional<Entry> entry = parse(line);
      entry.ifPresent(entries::add);
      if (entry.isEmpty() && !line.isEmpty()) {
        unreadable++;
      }
    }
    return new Content(entries, unreadable);
  }

  private static Optional<Entry> parse(String line) {
    if (line.length() <= CRC_DIGITS || line.charAt(CRC_DIGITS) != ' ') {
      return Optional.empty();
    }
    String json = line.substring(CRC_DIGITS + 1);
    if (!line.startsWith(checksum(json))) {
      return Optional.empty();
    }
    try {
      var object = Json.readObject(json);
      Instant at = Instant.parse(object.string("at"));
      return EventFormat.read(object).map(event -> new Entry(at, event));
    } catch (JsonException | DateTimeParseException newerOrForeign) {
      return Optional.empty();
    }
  }

  private static String checksum(String json) {
    CRC32C crc = new CRC32C();
    crc.update(json.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  private static int byteAt(FileChannel channel, long position) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.read(one, position);
    return one.get(0);
  }

  private void flushDirectory() throws IOException {
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
