package dev.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tar codec by itself: what it writes it reads, and hostile headers end in a sentence. */
class TarReaderTest {

  static LongStream seeds() {
    return new SplittableRandom(20261121).longs(200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsWrittenIsRead(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TarBytes tar = new TarBytes();
    List<Entry> expected = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    int count = random.nextInt(1, 20);
    for (int i = 0; i < count; i++) {
      Entry entry = randomEntry(random, i);
      expected.add(entry);
      if (entry instanceof Entry.RegularFile file) {
        byte[] content = new byte[(int) file.size()];
        random.nextBytes(content);
        contents.add(content);
        tar.file(file, content);
      } else {
        contents.add(new byte[0]);
        tar.add(entry);
      }
    }

    try (TarReader reader = new TarReader(new ByteArrayInputStream(tar.bytes()))) {
      for (int i = 0; i < count; i++) {
        assertThat(reader.next()).contains(expected.get(i));
        if (random.nextBoolean()) {
          // Unread content is skipped.
          assertThat(reader.content()).hasBinaryContent(contents.get(i));
        }
      }
      assertThat(reader.next()).isEmpty();
    }
  }

  private static Entry randomEntry(SplittableRandom random, int number) {
    TreePath path = TreePath.of(number + "/x").parent().resolve(randomName(random));
    TreeMap<ByteString, ByteString> xattrs = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      xattrs.put(ByteString.of("user." + randomName(random)), randomBytes(random, 1, 3000));
    }
    long seconds =
        random.nextInt(4) == 0
            ? random.nextLong(-5_000_000_000L, 100_000_000_000L)
            : random.nextInt(0, Integer.MAX_VALUE);
    Metadata metadata =
        new Metadata(
            random.nextInt(010000),
            random.nextInt(3) == 0 ? random.nextLong(0xfffffffeL) : random.nextInt(70000),
            random.nextInt(3) == 0 ? random.nextLong(0xfffffffeL) : random.nextInt(70000),
            new Timestamp(seconds, random.nextBoolean() ? 0 : random.nextInt(1_000_000_000)),
            xattrs);
    return switch (random.nextInt(7)) {
      case 0 -> new Entry.Directory(path, metadata);
      case 1 -> new Entry.Symlink(path, metadata, randomBytes(random, 1, 400));
      case 2 -> new Entry.HardLink(path, TreePath.of("t").resolve(randomName(random)));
      case 3 ->
          new Entry.Device(
              path,
              metadata,
              random.nextBoolean() ? Entry.Device.Kind.BLOCK : Entry.Device.Kind.CHARACTER,
              random.nextInt(4096),
              random.nextInt(1 << 20));
      case 4 -> new Entry.Fifo(path, metadata);
      default ->
          new Entry.RegularFile(
              path,
              metadata,
              random.nextBoolean() ? random.nextInt(3) * 512L : random.nextInt(5000));
    };
  }

  private static ByteString randomName(SplittableRandom random) {
    ByteString name = randomBytes(random, 1, random.nextBoolean() ? 20 : 240);
    byte[] bytes = name.toBytes();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '/' || bytes[i] == '.') {
        bytes[i] = 'n';
      }
    }
    return ByteString.of(bytes);
  }

  private static ByteString randomBytes(SplittableRandom random, int from, int to) {
    byte[] bytes = new byte[random.nextInt(from, to)];
    random.nextBytes(bytes);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        bytes[i] = (byte) 0x80;
      }
    }
    return ByteString.of(bytes);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void damagedArchivesEndInASentenceOrAreRead(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] tar = sample();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      tar[random.nextInt(tar.length)] = (byte) random.nextInt();
    }
    byte[] damaged = random.nextInt(3) == 0 ? Arrays.copyOf(tar, random.nextInt(tar.length)) : tar;
    try {
      readAll(damaged);
    } catch (OperatorError e) {
      assertThat(e.getMessage()).endsWith(".");
    }
  }

  private static byte[] sample() {
    TreeMap<ByteString, ByteString> xattrs = new TreeMap<>();
    xattrs.put(ByteString.of("user.a"), ByteString.of("value"));
    Metadata metadata = new Metadata(0644, 1, 2, new Timestamp(5, 6), xattrs);
    return new TarBytes()
        .file("plain", "content")
        .add(new Entry.Directory(TreePath.of("d".repeat(150)), metadata))
        .link("link", "target".repeat(30))
        .hardLink("hard", "plain")
        .bytes();
  }

  private static List<Entry> readAll(byte[] tar) {
    return readAll(tar, TarLimits.DEFAULT);
  }

  private static List<Entry> readAll(byte[] tar, TarLimits limits) {
    List<Entry> entries = new ArrayList<>();
    try (TarReader reader = new TarReader(new ByteArrayInputStream(tar), limits)) {
      for (Optional<Entry> next = reader.next(); next.isPresent(); next = reader.next()) {
        entries.add(next.get());
        Digest.of(reader.content());
      }
    }
    return entries;
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "..", "/..", "a/.."})
  void pathsThatLeadOutAreRefused(String path) {
    byte[] tar = new RawTar().header(path, '0', 0).end();

    assertThatThrownBy(() -> readAll(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("leads out of the tree");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "//etc//passwd", "./etc/./passwd", "etc/passwd/"})
  void pathsAreNormalised(String path) {
    assertThat(readAll(new RawTar().header(path, '0', 0).end()).get(0).path())
        .isEqualTo(TreePath.of("etc/passwd"));
  }

  @Test
  void aDeviceNumberThatLinuxCannotHaveIsRefused() {
    Metadata plain = Metadata.of(0600, 0, 0, Timestamp.EPOCH);
    TreePath path = TreePath.of("dev/odd");
    assertThat(new Entry.Device(path, plain, Entry.Device.Kind.BLOCK, 4095, 1_048_575).major())
        .isEqualTo(4095);
    assertThatThrownBy(() -> new Entry.Device(path, plain, Entry.Device.Kind.BLOCK, 4096, 0))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("dev/odd has the number 4096:0");
    assertThatThrownBy(() -> new Entry.Device(path, plain, Entry.Device.Kind.BLOCK, 0, 1 << 20))
        .isInstanceOf(TreeException.class);
  }

  @Test
  void anArchiveThatEndsEarlyIsCutOffWhereverItEnds() {
    byte[] tar = sample();
    for (int length = TarHeader.BLOCK; length < tar.length - 1024; length += 37) {
      byte[] cut = Arrays.copyOf(tar, length);
      assertThatThrownBy(() -> readAll(cut))
          .as("%d of %d bytes", length, tar.length)
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("cut off");
    }
    assertThatThrownBy(() -> readAll(new byte[0]))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("empty");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 51, 52, 100})
  void somethingElseIsNoTarArchiveHoweverShort(int lines) {
    byte[] text = "#!/bin/sh\n".repeat(lines).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> readAll(text))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("This is no tar archive");
  }

  @Test
  void aDamagedHeaderFurtherOnIsDamage() {
    byte[] tar = new RawTar().header("a", '5', 0).header("b", '5', 0).end();
    tar[TarHeader.BLOCK] ^= 1;

    assertThatThrownBy(() -> readAll(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void aHugeHeaderIsRefusedBeforeItIsRead() {
    byte[] tar = new RawTar().header("pax", 'x', 1L << 32).end();

    assertThatThrownBy(() -> readAll(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("4294967808 bytes");
  }

  @Test
  void anArchiveOfTooManyEntriesIsRefused() {
    byte[] tar = new RawTar().header("a", '5', 0).header("b", '5', 0).header("c", '5', 0).end();

    assertThat(readAll(tar, new TarLimits(3, 4096, 10, 1000, 1000))).hasSize(3);
    assertThatThrownBy(() -> readAll(tar, new TarLimits(2, 4096, 10, 1000, 1000)))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("more than 2 entries");
  }

  @Test
  void filesThatAreTooMuchTogetherAreRefusedBeforeTheyAreRead() {
    RawTar tar = new RawTar();
    for (String name : List.of("one", "two", "three")) {
      tar.pax(
              "GNU.sparse.major=1",
              "GNU.sparse.minor=0",
              "GNU.sparse.realsize=" + (1L << 40),
              "GNU.sparse.name=" + name)
          .header("x", '0', 512)
          .data("0\n");
    }
    byte[] bomb = tar.end();

    try (TarReader reader = new TarReader(new ByteArrayInputStream(bomb))) {
      assertThat(reader.next()).isPresent();
      assertThat(reader.next()).isPresent();
      assertThatThrownBy(reader::next)
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("more than 2199023255552 bytes with three, holes included");
    }
  }

  @Test
  void storedFilesCountToo() {
    byte[] tar = new TarBytes().file("a", new byte[600]).file("b", new byte[600]).bytes();

    assertThat(readAll(tar, new TarLimits(10, 4096, 10, 1000, 1200))).hasSize(2);
    assertThatThrownBy(() -> readAll(tar, new TarLimits(10, 4096, 10, 1000, 1199)))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("more than 1199 bytes with b");
  }

  @Test
  void globalRecordsInWhichEveryEntryWouldHaveToBeLookedUpAreRefused() {
    String[] records = new String[4097];
    Arrays.fill(records, "a=");
    byte[] tar = new RawTar().global(records).header("f", '0', 0).end();

    assertThatThrownBy(() -> readAll(tar, TarLimits.DEFAULT))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("has 4097 global records; Slipway takes at most 4096");
  }

  @Test
  void headersWithoutEndAreRefused() {
    RawTar local = new RawTar();
    RawTar global = new RawTar();
    for (int i = 0; i < 10; i++) {
      local.pax("comment=" + "x".repeat(500));
      global.global("comment" + i + "=" + "x".repeat(500)).header("f" + i, '0', 0);
    }
    byte[] behind = Arrays.copyOf(new RawTar().header("a", '0', 0).end(), 100_000);

    TarLimits limits = new TarLimits(100, 4096, 10, 1000, 10_000);
    for (byte[] tar : List.of(local.header("a", '0', 0).end(), global.end())) {
      assertThatThrownBy(() -> readAll(tar, limits))
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("for one entry; Slipway takes at most 4096");
    }
    assertThatThrownBy(() -> readAll(behind, limits))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("behind its end");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 511, Long.MIN_VALUE, -1, 5000})
  void aHeaderThatSaysItIsTooLongIsRefused(long size) {
    byte[] tar = new RawTar().header("pax", 'x', 0).base256(124, 12, size).end();

    assertThatThrownBy(() -> readAll(tar, new TarLimits(100, 4096, 10, 1000, 10_000)))
        .isInstanceOf(TreeException.class);
  }

  @Test
  void aSparseFileOfExabytesIsRefused() {
    byte[] tar =
        new RawTar()
            .pax(
                "GNU.sparse.major=1",
                "GNU.sparse.minor=0",
                "GNU.sparse.realsize=9000000000000000000",
                "GNU.sparse.name=bomb")
            .header("x", '0', 512)
            .data("0\n")
            .end();

    assertThatThrownBy(() -> readAll(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("sparse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0,10,5,10",
        "100,10",
        "0,-1",
        "0,10,20",
        "5,9999999999999999999",
        "9223372036854775807,9223372036854775807"
      })
  void sparseMapsThatMakeNoSenseAreRefused(String map) {
    byte[] tar =
        new RawTar()
            .pax("GNU.sparse.size=50", "GNU.sparse.map=" + map)
            .header("x", '0', 20)
            .data("12345678901234567890")
            .end();

    assertThatThrownBy(() -> readAll(tar)).isInstanceOf(TreeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5 a=b\n",
        "7 a=b\n",
        "99 a=b\n",
        "6 a b\n",
        "x a=b\n",
        "6a=bcd\n",
        "0 a=b\n",
        "-6 a=b\n",
        "99999999999 a=b\n"
      })
  void paxRecordsOfAWrongLengthAreRefused(String record) {
    byte[] tar =
        new RawTar().header("pax", 'x', record.length()).data(record).header("f", '0', 0).end();

    assertThatThrownBy(() -> readAll(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void namesLongerThanLinuxTakesAreRefused() {
    byte[] name = new RawTar().pax("path=" + "n".repeat(256)).header("f", '0', 0).end();
    byte[] path = new RawTar().pax("path=" + "d/".repeat(2048) + "f").header("f", '0', 0).end();

    assertThatThrownBy(() -> readAll(name))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("longer than Linux");
    assertThatThrownBy(() -> readAll(path))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("longer than Linux");
  }

  @Test
  void globalRecordsHoldUntilLocalOnesSayOtherwise() {
    byte[] tar =
        new RawTar()
            .global("mtime=5", "uid=7")
            .header("a", '0', 0)
            .pax("mtime=6")
            .header("b", '0', 0)
            .header("c", '0', 0)
            .end();

    assertThat(readAll(tar))
        .extracting(entry -> ((Entry.WithMetadata) entry).metadata())
        .containsExactly(
            Metadata.of(0644, 7, 0, Timestamp.ofSeconds(5)),
            Metadata.of(0644, 7, 0, Timestamp.ofSeconds(6)),
            Metadata.of(0644, 7, 0, Timestamp.ofSeconds(5)));
  }

  @Test
  void base256AndNegativeNumbersAreRead() {
    byte[] tar =
        new RawTar().header("a", '0', 0).base256(108, 8, 3_000_000_000L).base256(136, 12, -2).end();

    Metadata metadata = ((Entry.WithMetadata) readAll(tar).get(0)).metadata();

    assertThat(metadata.uid()).isEqualTo(3_000_000_000L);
    assertThat(metadata.modified()).isEqualTo(Timestamp.ofSeconds(-2));
  }

  @Test
  void libarchivesXattrsAreRead() {
    byte[] tar = new RawTar().pax("LIBARCHIVE.xattr.user.a%3Db=gIE").header("a", '0', 0).end();

    Metadata metadata = ((Entry.WithMetadata) readAll(tar).get(0)).metadata();

    assertThat(metadata.xattrs())
        .containsEntry(
            ByteString.of("user.a=b"), ByteString.of(new byte[] {(byte) 0x80, (byte) 0x81}));
  }

  @Test
  void overlaysOwnXattrsDoNotArrive() {
    byte[] tar =
        new RawTar()
            .pax("SCHILY.xattr.trusted.overlay.opaque=y", "SCHILY.xattr.user.kept=1")
            .header("a", '5', 0)
            .end();

    Metadata metadata = ((Entry.WithMetadata) readAll(tar).get(0)).metadata();

    assertThat(metadata.xattrs()).containsOnlyKeys(ByteString.of("user.kept"));
  }

  @Test
  void capabilitiesOfARootUserNamespaceBecomeOrdinaryOnes() {
    byte[] third = {1, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    byte[] second = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    ByteString name = ByteString.of("security.capability");

    assertThat(Xattrs.asKept(name, ByteString.of(third))).isEqualTo(ByteString.of(second));
    assertThat(Xattrs.asKept(name, ByteString.of(second))).isEqualTo(ByteString.of(second));
    assertThat(Xattrs.asKept(ByteString.of("user.x"), ByteString.of(third)))
        .isEqualTo(ByteString.of(third));
  }

  @Test
  void theBinaryFormOfAnAclIsTakenBeforeItsText() {
    String numbers = "user::rw-,user:502:rw-,group::r--,mask::rw-,other::r--";
    ByteString value =
        AclText.toXattr(AclText.ACCESS, ByteString.of(numbers), Accounts.NONE).orElseThrow();
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    records.writeBytes(record("SCHILY.xattr.system.posix_acl_access", value.toBytes()));
    for (String text : List.of(numbers.replace("502", "lisa"), numbers.replace("502", "7"))) {
      byte[] pax = record("SCHILY.acl.access", text.getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes(records.toByteArray());
      both.writeBytes(pax);
      PaxRecords parsed = PaxRecords.parse(both.toByteArray());

      assertThat(PaxXattrs.of(parsed)).containsEntry(AclText.ACCESS, value);
      assertThat(PaxXattrs.namedAcls(parsed)).isEmpty();
    }
  }

  private static byte[] record(String key, byte[] value) {
    int rest = key.length() + value.length + 3;
    int digits = Integer.toString(rest + Integer.toString(rest).length()).length();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes((rest + digits + " " + key + "=").getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(value);
    record.write('\n');
    return record.toByteArray();
  }

  @Test
  void starsAclWithNumbersBehindNamesIsRead() {
    ByteString xattr =
        AclText.toXattr(
                AclText.ACCESS,
                ByteString.of("user::rw-,user:lisa:rw-:502,group::r--,mask::rw-,other::r--"),
                Accounts.NONE)
            .orElseThrow();

    assertThat(xattr.toHex())
        .isEqualTo(
            "02000000"
                + "01000600ffffffff"
                + "02000600f6010000"
                + "04000400ffffffff"
                + "10000600ffffffff"
                + "20000400ffffffff");
  }

  @Test
  void anArchiveWithoutItsEndIsReadOnlyWhereADigestIsChecked() {
    byte[] tar = sample();
    byte[] open = Arrays.copyOf(tar, tar.length - 1024);

    assertThatThrownBy(() -> readAll(open))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("cut off");
    try (TarReader reader = TarReader.withoutEndMark(new ByteArrayInputStream(open))) {
      int count = 0;
      while (reader.next().isPresent()) {
        count++;
      }
      assertThat(count).isEqualTo(4);
    }
  }

  @Test
  void unknownTypesAreNamed() {
    byte[] tar = new RawTar().header("rest", 'M', 0).end();

    assertThatThrownBy(() -> readAll(tar))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("rest")
        .hasMessageContaining("\"M\"");
  }

  /** Headers as no honest writer makes them. */
  private static final class RawTar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private byte[] header = new byte[0];

    RawTar header(String name, char type, long size) {
      flush();
      header = new byte[512];
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, header, 0, bytes.length);
      text(100, "0000644");
      text(108, "0000000");
      text(116, "0000000");
      text(124, String.format("%011o", size));
      text(136, "00000000000");
      header[156] = (byte) type;
      text(257, "ustar");
      text(263, "00");
      return this;
    }

    private void text(int offset, String text) {
      System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, header, offset, text.length());
    }

    RawTar base256(int offset, int length, long value) {
      for (int i = 0; i < length; i++) {
        int shift = 8 * (length - 1 - i);
        header[offset + i] = (byte) (shift > 56 ? value >> 63 : value >> shift);
      }
      header[offset] |= (byte) 0x80;
      return this;
    }

    RawTar pax(String... records) {
      return extended('x', records);
    }

    RawTar global(String... records) {
      return extended('g', records);
    }

    private RawTar extended(char type, String... records) {
      StringBuilder text = new StringBuilder();
      for (String record : records) {
        int length = record.length() + 2;
        int digits = Integer.toString(length).length();
        length += Integer.toString(length + digits).length();
        text.append(length).append(' ').append(record).append('\n');
      }
      return header("pax", type, text.length()).data(text.toString());
    }

    RawTar data(String data) {
      flush();
      byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
      return this;
    }

    private void flush() {
      if (header.length > 0) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
          sum += b & 0xff;
        }
        text(148, String.format("%06o", sum));
        header[154] = 0;
        out.writeBytes(header);
        header = new byte[0];
      }
    }

    byte[] end() {
      flush();
      out.writeBytes(new byte[1024]);
      return out.toByteArray();
    }
  }
}
