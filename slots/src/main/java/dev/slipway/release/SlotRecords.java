package dev.slipway.release;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The slot records of one host: {@code slots/NAME.json} on its data partition, and beside each that
 * is ready the manifest of its tree, {@code slots/NAME.manifest}.
 *
 * <p>Each file is replaced as a whole and flushed: whoever reads sees the old one or the new one,
 * also after a power cut. The manifest is written first; a record says by digest which manifest it
 * means, so one of the two alone cannot deceive.
 */
public final class SlotRecords {
  private final Path directory;

  /**
   * @param directory the directory {@code slots} of the data partition; made when first written to
   */
  public SlotRecords(Path directory) {
    this.directory = directory;
  }

  /**
   * What is known of a slot; a slot without a record is empty.
   *
   * @throws OperatorError when the record is damaged
   */
  public SlotRecord read(String slot) {
    Path file = file(slot, ".json");
    if (!Files.exists(file)) {
      return new SlotRecord.Empty(slot);
    }
    try {
      SlotRecord record = SlotRecordJson.read(Json.readObject(Files.readAllBytes(file)));
      if (!record.slot().equals(slot)) {
        throw new JsonException("it speaks of the slot \"" + record.slot() + "\"");
      }
      return record;
    } catch (JsonException | DateTimeParseException | OperatorError e) {
      throw new OperatorError(
          "The record of the slot "
              + slot
              + " in "
              + file
              + " is damaged: "
              + e.getMessage()
              + ". Flash the slot again to replace it.",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Replaces the record. The manifest goes when the slot is no longer ready. */
  public void write(SlotRecord record) {
    replace(
        file(record.slot(), ".json"),
        SlotRecordJson.write(record).writePretty().getBytes(StandardCharsets.UTF_8));
    if (record.ready().isEmpty()) {
      try {
        Files.deleteIfExists(file(record.slot(), ".manifest"));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot delete a manifest: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Records that a slot is ready.
   *
   * @param manifest of the tree as it was written and read back
   * @throws IllegalArgumentException when the record means another manifest
   */
  public void write(SlotRecord.Ready record, Manifest manifest) {
    if (!record.manifest().equals(manifest.digest())) {
      throw new IllegalArgumentException(
          "the record is of the manifest " + record.manifest() + ", not " + manifest.digest());
    }
    replace(file(record.slot(), ".manifest"), manifest.write().getBytes(StandardCharsets.UTF_8));
    write(record);
  }

  /** The manifest of a slot that is ready; empty when it is not, or is lost or damaged. */
  public Optional<Manifest> manifest(SlotRecord.Ready record) {
    Path file = file(record.slot(), ".manifest");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Manifest manifest = Manifest.parse(Files.readString(file, StandardCharsets.UTF_8));
      return manifest.digest().equals(record.manifest()) ? Optional.of(manifest) : Optional.empty();
    } catch (TreeException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private Path file(String slot, String ending) {
    return directory.resolve(slot + ending);
  }

  private void replace(Path file, byte[] content) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
