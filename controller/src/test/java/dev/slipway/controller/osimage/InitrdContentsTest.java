package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitrdContentsTest {
  @TempDir private Path directory;

  /** As the tool cpio makes it. */
  private byte[] archive(String... names) throws IOException {
    Path tree = Files.createTempDirectory(directory, "tree");
    for (String name : names) {
      Files.createDirectories(tree.resolve(name).getParent());
      Files.writeString(tree.resolve(name), "content of " + name);
    }
    Command.of("sh", "-c", "find . -type f | cpio --quiet -o -H newc > ../archive.cpio")
        .directory(tree)
        .run();
    return Files.readAllBytes(directory.resolve("archive.cpio"));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] concatenated(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }

  @Test
  void microcodeBeforeAGzippedArchiveIsReadToo() throws IOException {
    byte[] initrd =
        concatenated(
            archive("kernel/x86/microcode/GenuineIntel.bin"),
            new byte[512],
            gzip(
                archive("init", "usr/lib/modules/6.1/kernel/fs/xfs/xfs.ko.xz", "a/virtio-blk.ko")));
    InitrdContents contents = contents(initrd);
    assertThat(contents.names()).contains("init", "kernel/x86/microcode/GenuineIntel.bin");
    assertThat(contents.modules()).containsExactlyInAnyOrder("xfs", "virtio_blk");
  }

  @Test
  void aCutOffArchiveIsRefused() throws IOException {
    byte[] whole = archive("init", "etc/passwd");
    // The last entry, TRAILER!!!, ends within the last block of zeros.
    for (int length = 1; length < 300; length += 7) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> contents(part)).isInstanceOf(OperatorError.class);
    }
  }

  @Test
  void damageNeverEndsInAnythingButARefusal() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] whole = archive("init", "etc/passwd");
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = whole.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(400)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(contents(damaged).names()).isNotNull();
      } catch (OperatorError expected) {
        assertThat(expected.getMessage()).as("seed %d", seed).startsWith("The initrd is ");
      }
    }
  }

  @Test
  void whatDebiansOwnToolMakesIsRead() throws IOException {
    // Microcode, then modules as they are, then the rest compressed.
    for (String program : new String[] {"gzip", "zstd -q", "xz --check=crc32", "bzip2", "cat"}) {
      byte[] initrd =
          concatenated(
              archive("kernel/x86/microcode/AuthenticAMD.bin"),
              archive("usr/lib/modules/6.12/kernel/fs/ext4/ext4.ko.xz"),
              compressed(program, archive("init", "scripts/local")));
      assertThat(contents(initrd).names())
          .as(program)
          .contains("kernel/x86/microcode/AuthenticAMD.bin", "init", "scripts/local");
      assertThat(contents(initrd).modules()).as(program).containsExactly("ext4");
    }
  }

  @Test
  void whatIsCutOffInACompressedPartIsRefused() throws IOException {
    byte[] whole = compressed("zstd -q", archive("init", "etc/passwd"));
    byte[] part = Arrays.copyOf(whole, whole.length - 20);
    assertThatThrownBy(() -> contents(part)).hasMessageStartingWith("The initrd is ");
  }

  @Test
  void anUnknownFormatIsRefused() throws IOException {
    byte[] lz4 = {0x02, 0x21, 0x4c, 0x18, 1, 2, 3, 4};
    assertThatThrownBy(() -> contents(lz4)).hasMessageContaining("gzip, zstd, xz or bzip2");
    // The kernel takes no archive compressed twice either.
    byte[] twice = gzip(gzip(archive("init")));
    assertThatThrownBy(() -> contents(twice)).hasMessageContaining("does not read");
    byte[] tail = gzip(concatenated(archive("init"), new byte[] {'x'}));
    assertThatThrownBy(() -> contents(tail)).hasMessageContaining("ends in something else");
  }

  private byte[] compressed(String program, byte[] bytes) throws IOException {
    Path file = directory.resolve("part");
    Files.write(file, bytes);
    Command.of("sh", "-c", program + " < part > part.out").directory(directory).run();
    return Files.readAllBytes(directory.resolve("part.out"));
  }

  private static InitrdContents contents(byte[] initrd) {
    return InitrdContents.of(new ByteArrayInputStream(initrd));
  }
}
