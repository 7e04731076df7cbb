package dev.slipway.controller.osimage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** An initrd made by hand: an archive in cpio's format "newc", in which each file has mode 0644. */
public final class TestInitrd {
  private static final String END = "TRAILER!!!";

  private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

  /** With an empty file for each of these drivers, as modules of that kernel. */
  public TestInitrd drivers(String kernel, String... names) {
    for (String name : names) {
      with("lib/modules/" + kernel + "/kernel/" + name + ".ko", new byte[0]);
    }
    return this;
  }

  /** With a file. */
  public TestInitrd with(String name, byte[] content) {
    append(archive, name, 0100644, content);
    return this;
  }

  /** The archive as it is. */
  public byte[] plain() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(archive.toByteArray());
    append(whole, END, 0, new byte[0]);
    return whole.toByteArray();
  }

  /** The archive compressed. */
  public byte[] gzipped() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The archive compressed, and zeros behind it up to this size. */
  public byte[] gzipped(int size) {
    return Arrays.copyOf(gzipped(), size);
  }

  private static void append(ByteArrayOutputStream archive, String name, int mode, byte[] content) {
    int[] fields = {0, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length() + 1, 0};
    StringBuilder header = new StringBuilder("070701");
    Arrays.stream(fields).forEach(field -> header.append("%08x".formatted(field)));
    archive.writeBytes((header + name + "\0").getBytes(StandardCharsets.US_ASCII));
    pad(archive);
    archive.writeBytes(content);
    pad(archive);
  }

  private static void pad(ByteArrayOutputStream archive) {
    archive.writeBytes(new byte[-archive.size() & 3]);
  }
}
