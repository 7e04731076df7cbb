package dev.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another reader and writer of archives says the same as ours of what both can say. */
class TarOracleTest {
  private static final int ENTRIES = 12;

  static LongStream seeds() {
    return new SplittableRandom(Long.getLong("slipway.seed", System.nanoTime())).longs(100);
  }

  /** What commons-compress can say of an entry. */
  private record Fact(
      char type, String path, String target, int mode, long uid, long gid, long mtime, int size) {
    static Fact of(Entry entry) {
      String path = entry.path().bytes().toText();
      if (entry instanceof Entry.HardLink link) {
        return new Fact('1', path, link.target().bytes().toText(), 0, 0, 0, 0, 0);
      }
      Metadata metadata = ((Entry.WithMetadata) entry).metadata();
      char type =
          entry instanceof Entry.Directory
              ? '5'
              : entry instanceof Entry.Symlink ? '2' : entry instanceof Entry.Fifo ? '6' : '0';
      return new Fact(
          type,
          path,
          entry instanceof Entry.Symlink link ? link.target().toText() : "",
          metadata.mode(),
          metadata.uid(),
          metadata.gid(),
          metadata.modified().seconds(),
          entry instanceof Entry.RegularFile file ? (int) file.size() : 0);
    }

    static Fact of(TarArchiveEntry entry) {
      char type = (char) entry.getLinkFlag();
      String path = entry.getName().replaceFirst("/$", "");
      if (type == '1') {
        return new Fact(type, path, entry.getLinkName(), 0, 0, 0, 0, 0);
      }
      return new Fact(
          type,
          path,
          type == '2' ? entry.getLinkName() : "",
          type == '2' ? 0777 : entry.getMode() & 07777,
          entry.getLongUserId(),
          entry.getLongGroupId(),
          Math.floorDiv(entry.getLastModifiedTime().toMillis(), 1000),
          type == '0' ? (int) entry.getSize() : 0);
    }

    static Fact random(SplittableRandom random, int number) {
      char type = "001256".charAt(random.nextInt(6));
      String path = number + "/" + name(random);
      boolean link = type == '1' || type == '2';
      String target = link ? name(random) + "/" + name(random) : "";
      if (type == '1') {
        return new Fact(type, path, target, 0, 0, 0, 0, 0);
      }
      return new Fact(
          type,
          path,
          target,
          type == '2' ? 0777 : random.nextInt(010000),
          id(random),
          id(random),
          random.nextInt(4) == 0
              ? random.nextLong(-5_000_000_000L, 100_000_000_000L)
              : random.nextInt(0, Integer.MAX_VALUE),
          type == '0' ? random.nextInt(2000) : 0);
    }

    private static long id(SplittableRandom random) {
      return random.nextInt(3) == 0 ? random.nextLong(0xfffffffeL) : random.nextInt(70000);
    }

    private static String name(SplittableRandom random) {
      String letters = random.nextInt(3) == 0 ? "aä€ 𝄞=" : "abcdefgh";
      int[] points = letters.codePoints().toArray();
      StringBuilder name = new StringBuilder();
      for (int i = random.nextInt(1, random.nextBoolean() ? 8 : 60); i > 0; i--) {
        name.appendCodePoint(points[random.nextInt(points.length)]);
      }
      return "n" + name + "n";
    }

    Entry ours() {
      TreePath place = TreePath.of(path);
      Metadata metadata = Metadata.of(mode, uid, gid, Timestamp.ofSeconds(mtime));
      return switch (type) {
        case '1' -> new Entry.HardLink(place, TreePath.of(target));
        case '2' -> new Entry.Symlink(place, metadata, ByteString.of(target));
        case '5' -> new Entry.Directory(place, metadata);
        case '6' -> new Entry.Fifo(place, metadata);
        default -> new Entry.RegularFile(place, metadata, size);
      };
    }

    TarArchiveEntry theirs() {
      TarArchiveEntry entry = new TarArchiveEntry(type == '5' ? path + "/" : path, (byte) type);
      entry.setLinkName(target);
      entry.setMode(mode);
      entry.setUserId(uid);
      entry.setGroupId(gid);
      entry.setLastModifiedTime(FileTime.fromMillis(mtime * 1000));
      entry.setSize(size);
      return entry;
    }

    byte[] content() {
      byte[] content = new byte[size];
      Arrays.fill(content, (byte) path.charAt(0));
      return content;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatTheyWriteWeRead(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Fact[] facts = facts(random);
    int mode =
        random.nextBoolean()
            ? TarArchiveOutputStream.LONGFILE_POSIX
            : TarArchiveOutputStream.LONGFILE_GNU;
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      tar.setLongFileMode(mode);
      tar.setBigNumberMode(
          random.nextBoolean()
              ? TarArchiveOutputStream.BIGNUMBER_POSIX
              : TarArchiveOutputStream.BIGNUMBER_STAR);
      tar.setAddPaxHeadersForNonAsciiNames(random.nextBoolean());
      for (Fact fact : facts) {
        tar.putArchiveEntry(fact.theirs());
        tar.write(fact.content());
        tar.closeArchiveEntry();
      }
    }

    try (TarReader reader = new TarReader(new ByteArrayInputStream(out.toByteArray()))) {
      for (Fact fact : facts) {
        assertThat(Fact.of(reader.next().orElseThrow())).isEqualTo(fact);
        assertThat(reader.content()).hasBinaryContent(fact.content());
      }
      assertThat(reader.next()).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatWeWriteTheyRead(long seed) throws IOException {
    Fact[] facts = facts(new SplittableRandom(seed));
    TarBytes tar = new TarBytes();
    for (Fact fact : facts) {
      if (fact.ours() instanceof Entry.RegularFile file) {
        tar.file(file, fact.content());
      } else {
        tar.add(fact.ours());
      }
    }

    try (TarArchiveInputStream reader =
        new TarArchiveInputStream(
            new ByteArrayInputStream(tar.bytes()), StandardCharsets.UTF_8.name())) {
      for (Fact fact : facts) {
        TarArchiveEntry entry = reader.getNextEntry();
        assertThat(Fact.of(entry)).isEqualTo(fact);
        assertThat(reader.readAllBytes()).isEqualTo(fact.content());
      }
      assertThat(reader.getNextEntry()).isNull();
    }
  }

  private static Fact[] facts(SplittableRandom random) {
    Fact[] facts = new Fact[ENTRIES];
    Arrays.setAll(facts, number -> Fact.random(random, number));
    return facts;
  }
}
