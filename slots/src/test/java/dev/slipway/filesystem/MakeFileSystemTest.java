package dev.slipway.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slipway.linux.Command;
import dev.slipway.linux.FileSystemSync;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MakeFileSystemTest {
  private static final Demand DEMANDED = new Demand(true, "a test");

  private static final UUID UUID_1 = UUID.fromString("01234567-89ab-4def-8123-456789abcdef");

  private static final Map<String, String> UTC = Map.of("TZ", "UTC", "LC_ALL", "C");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(FileSystemKind.class)
  void theSuperblockSaysWhatWasAskedFor(FileSystemKind kind) throws IOException {
    Path file = place(400);
    new MakeFileSystem(kind, "slot-one", UUID_1).on(file);
    Superblock made = Superblock.read(file, 0).orElseThrow();
    assertThat(made.kind()).isEqualTo(kind);
    assertThat(made.uuid()).isEqualTo(UUID_1);
    assertThat(made.label()).isEqualTo("slot-one");
    assertThat(Command.of("blkid", "-p", "-o", "export", file.toString()).run().out().lines())
        .contains("TYPE=" + kind.token(), "UUID=" + UUID_1, "LABEL=slot-one");
  }

  @Test
  void ext4MadeAsOfATimeHasTheSameBytesAgain() throws Exception {
    MakeFileSystem made =
        new MakeFileSystem(FileSystemKind.EXT4, "slot-one", UUID_1)
            .at(Instant.ofEpochSecond(1_700_000_000));
    Path first = place(100);
    made.on(first);
    Path second = Files.copy(first, directory.resolve("second"));
    // The clock's next second, which is what an ext4 would have.
    Thread.sleep(1_100);
    made.on(second);

    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    assertThat(Command.of("dumpe2fs", "-h", first.toString()).environment(UTC).run().out())
        .contains("Filesystem created:       Tue Nov 14 22:13:20 2023");
  }

  @Test
  void ext4HasNoFeatureThatAnOldFsckOrGrubRefuses() throws IOException {
    Path file = place(100);
    new MakeFileSystem(FileSystemKind.EXT4, "a", UUID_1).on(file);
    String features =
        Command.of("dumpe2fs", "-h", file.toString())
            .run()
            .out()
            .lines()
            .filter(line -> line.startsWith("Filesystem features:"))
            .findFirst()
            .orElseThrow();
    assertThat(features)
        .contains("metadata_csum", "64bit", "extent", "has_journal")
        .doesNotContain("metadata_csum_seed", "orphan_file", "casefold", "inline_data");
    assertThat(Command.of("e2fsck", "-fn", file.toString()).run().exit()).isZero();
  }

  @Test
  void xfsHasNoFeatureThatAnOldKernelOrGrubRefuses() throws IOException {
    Path file = place(320);
    new MakeFileSystem(FileSystemKind.XFS, "a", UUID_1).on(file);
    assertThat(Command.of("xfs_info", file.toString()).run().out())
        .contains("crc=1", "finobt=1", "sparse=1", "reflink=1")
        .contains("rmapbt=0", "bigtime=0", "inobtcount=0");
    assertThat(Command.of("xfs_repair", "-n", file.toString()).run().exit()).isZero();
  }

  static Stream<Arguments> readersOfASlot() {
    Reader grub =
        Reader.of(
            ReaderKind.GRUB,
            "the shared boot loader",
            new Version("2.06-13+deb12u2"),
            Vendor.DEBIAN);
    return Stream.of(FileSystemKind.values())
        .flatMap(
            kind ->
                Stream.of(
                    arguments("nothing known", FeatureSet.safeFloor(kind)),
                    arguments("Debian 11", solved(kind, grub, "5.10.0-28-amd64", Map.of())),
                    arguments("only new ones", solved(kind, grub, "6.12.48-amd64", Map.of())),
                    arguments(
                        "only new ones, and all that GRUB can read demanded",
                        solved(
                            kind,
                            grub,
                            "6.12.48-amd64",
                            kind == FileSystemKind.XFS
                                ? Map.of("nrext64", DEMANDED, "rmapbt", DEMANDED)
                                : Map.of("large_dir", DEMANDED)))));
  }

  private static FeatureSet solved(
      FileSystemKind kind, Reader grub, String kernel, Map<String, Demand> demands) {
    return new FeatureSolver(kind, MkfsTools.ofThisSystem().version(kind))
        .solve(
            List.of(
                grub, Reader.of(ReaderKind.KERNEL, "the slot", new Version(kernel), Vendor.DEBIAN)),
            demands)
        .features();
  }

  /** GRUB's own file system code reads the boot files of a slot, bit for bit. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("readersOfASlot")
  void grubReadsWhatTheKernelWrote(String readers, FeatureSet features) throws IOException {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    System.out.println("MakeFileSystemTest seed " + seed);
    FileSystemKind kind = features.fileSystem();
    Path file = place(400);
    byte[] kernel = new byte[9_000_001];
    byte[] initrd = new byte[31_000_003];
    new Random(seed).nextBytes(kernel);
    new Random(seed + 1).nextBytes(initrd);
    Path kernelFile = Files.write(directory.resolve("vmlinuz"), kernel);
    Path initrdFile = Files.write(directory.resolve("initrd"), initrd);
    Path mountPoint = Files.createDirectory(directory.resolve("mnt"));

    try (LoopDevice device = LoopDevice.attach(file, 0, Files.size(file))) {
      new MakeFileSystem(features, "slot", UUID_1, MkfsTools.ofThisSystem()).on(device.path());
      try (Mount mount = Mount.of(device.path(), mountPoint, kind.token(), Set.of(), "")) {
        Path boot = Files.createDirectories(mount.target().resolve("boot/slipway"));
        Files.copy(kernelFile, boot.resolve("vmlinuz"));
        Files.copy(initrdFile, boot.resolve("initrd"));
        FileSystemSync.sync();
        if (kind == FileSystemKind.XFS) {
          new XfsBootFile(mount.target(), "/boot/slipway/vmlinuz").requireFewExtents();
          new XfsBootFile(mount.target(), "/boot/slipway/initrd").requireFewExtents();
        }
      }
    }

    for (String name : List.of("vmlinuz", "initrd")) {
      Command.Result compared =
          Command.of(
                  "grub-fstest",
                  file.toString(),
                  "cmp",
                  "(loop0)/boot/slipway/" + name,
                  directory.resolve(name).toString())
              .runUnchecked();
      assertThat(compared.exit()).as(compared.out() + compared.err()).isZero();
      assertThat(compared.out() + compared.err()).doesNotContain("error", "mismatch");
    }
    // The comparison sees a difference where there is one.
    Files.write(kernelFile, new byte[] {(byte) (kernel[0] ^ 1)});
    Command.Result different =
        Command.of(
                "grub-fstest",
                file.toString(),
                "cmp",
                "(loop0)/boot/slipway/vmlinuz",
                kernelFile.toString())
            .runUnchecked();
    assertThat(different.out() + different.err()).isNotEmpty();
  }

  @Test
  void whatGrubMayFailToReadOnXfsIsRefused() throws IOException {
    Path file = place(320);
    Path mountPoint = Files.createDirectory(directory.resolve("mnt"));
    try (LoopDevice device = LoopDevice.attach(file, 0, Files.size(file))) {
      new MakeFileSystem(FileSystemKind.XFS, "slot", UUID_1).on(device.path());
      try (Mount mount = Mount.of(device.path(), mountPoint, "xfs", Set.of(), "")) {
        Path boot = Files.createDirectories(mount.target().resolve("boot/slipway"));
        // So many fit into the inode of the directory itself.
        for (int i = 0; i < 8; i++) {
          Files.createFile(boot.resolveSibling("a-file-of-the-image-" + i));
        }
        writeWithHoles(boot.resolve("eight"), 8);
        writeWithHoles(boot.resolve("nine"), 9);
        Path many = Files.createDirectories(mount.target().resolve("many/entries"));
        for (int i = 0; i < 3000; i++) {
          Files.createFile(many.resolve("a-rather-long-name-of-a-file-in-a-directory-" + i));
        }
        FileSystemSync.sync();

        new XfsBootFile(mount.target(), "/boot/slipway/eight").requireFewExtents();
        assertThatThrownBy(
                () -> new XfsBootFile(mount.target(), "/boot/slipway/nine").requireFewExtents())
            .isInstanceOf(OperatorError.class)
            .hasMessageStartingWith("/boot/slipway/nine lies in 9 pieces")
            .hasMessageContaining("or take ext4");
        assertThatThrownBy(
                () ->
                    new XfsBootFile(
                            mount.target(),
                            "/many/entries/a-rather-long-name-of-a-file-in-a-directory-7")
                        .requireFewExtents())
            .isInstanceOf(OperatorError.class)
            .hasMessageStartingWith("/many/entries lies in ");
      }
    }
  }

  private static void writeWithHoles(Path path, int pieces) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      for (int i = 0; i < pieces; i++) {
        file.seek((long) i << 17);
        file.write(new byte[1 << 16]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EXT4, 16",
    "EXT4, 23",
    "EXT4, 127",
    "EXT4, 129",
    "EXT4, 1025",
    "EXT4, 20000",
    "XFS, 300",
    "XFS, 1025",
    "XFS, 20000"
  })
  void aFileSystemLeavesNoMoreOfItsPlaceThanIsSaidBefore(FileSystemKind kind, int mebibytes)
      throws IOException {
    Path file = place(mebibytes);
    long size = Files.size(file);
    Path mountPoint = Files.createDirectory(directory.resolve("mnt"));
    try (LoopDevice device = LoopDevice.attach(file, 0, size)) {
      new MakeFileSystem(kind, "slot", UUID_1).on(device.path());
      try (Mount mount = Mount.of(device.path(), mountPoint, kind.token(), Set.of(), "")) {
        long taken = size - Files.getFileStore(mount.target()).getUnallocatedSpace();

        assertThat(kind.leastOverhead(size, MkfsTools.ofThisSystem().version(kind)))
            .isPositive()
            .isLessThanOrEqualTo(taken);
      }
    }
  }

  @Test
  void whatIsTooSmallForXfsIsRefusedBefore() throws IOException {
    Path file = place(299);
    assertThatThrownBy(() -> new MakeFileSystem(FileSystemKind.XFS, "a", UUID_1).on(file))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("needs at least 300 MiB")
        .hasMessageContaining("has 299");
    assertThat(Superblock.read(file, 0)).isEmpty();
  }

  @Test
  void anOlderFileSystemIsOverwritten() throws IOException {
    Path file = place(320);
    new MakeFileSystem(FileSystemKind.XFS, "a", UUID_1).on(file);
    new MakeFileSystem(FileSystemKind.EXT4, "b", UUID_1).on(file);
    assertThat(Superblock.read(file, 0).orElseThrow().kind()).isEqualTo(FileSystemKind.EXT4);
    new MakeFileSystem(FileSystemKind.XFS, "c", UUID_1).on(file);
    assertThat(Superblock.read(file, 0).orElseThrow().kind()).isEqualTo(FileSystemKind.XFS);
  }

  @Test
  void flagsAreOnlyGivenToAnMkfsThatKnowsThem() {
    assertThat(xfsCommand("5.10")).contains("bigtime=0").doesNotContain("nrext64", "exchange");
    assertThat(xfsCommand("6.1"))
        .contains("-i sparse=1,nrext64=0")
        .doesNotContain("exchange", "parent", "metadir");
    assertThat(xfsCommand("6.13"))
        .contains("nrext64=0", "exchange=0", "-n parent=0", "metadir=0", "reflink=1");
    assertThatThrownBy(() -> xfsCommand("4.20"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("newer xfsprogs");

    assertThat(ext4Command("1.46.2"))
        .contains("64bit", "^metadata_csum_seed", "^casefold")
        .doesNotContain("orphan_file");
    assertThat(ext4Command("1.47.0")).contains("^orphan_file");
    assertThatThrownBy(() -> ext4Command("1.43"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("newer e2fsprogs");
  }

  private static String xfsCommand(String version) {
    return String.join(
        " ",
        XfsFeatures.command(
            Path.of("mkfs.xfs"), new Version(version), FeatureSet.safeFloor(FileSystemKind.XFS)));
  }

  private static String ext4Command(String version) {
    return String.join(
        " ",
        Ext4Features.command(
            Path.of("mkfs.ext4"), new Version(version), FeatureSet.safeFloor(FileSystemKind.EXT4)));
  }

  /** One feature more or less than the floor, each by itself, as mkfs makes it and says it. */
  @ParameterizedTest
  @CsvSource({
    "XFS, bigtime", "XFS, nrext64", "XFS, rmapbt", "XFS, inobtcount", "XFS, reflink",
    "XFS, sparse", "EXT4, metadata_csum_seed", "EXT4, orphan_file", "EXT4, large_dir", "EXT4, 64bit"
  })
  void eachFeatureIsTheBitThatItsTableSays(FileSystemKind kind, String name) throws IOException {
    Set<String> on = new HashSet<>(FeatureSet.safeFloor(kind).on());
    if (!on.remove(name)) {
      on.add(name);
    }
    FeatureSet features = new FeatureSet(kind, on);
    Path file = place(400);
    new MakeFileSystem(features, "a", UUID_1, MkfsTools.ofThisSystem()).on(file);
    assertThat(Superblock.read(file, 0).orElseThrow().features()).isEqualTo(features.superblock());
    Command check =
        kind == FileSystemKind.XFS
            ? Command.of("xfs_repair", "-n", file.toString())
            : Command.of("e2fsck", "-fn", file.toString());
    assertThat(check.run().exit()).isZero();
  }

  @Test
  void anMkfsThatMakesSomethingElseIsFoundOut() throws IOException {
    Path liar = directory.resolve("mkfs.ext4");
    Files.writeString(
        liar, "#!/bin/sh\n[ \"$1\" = -V ] && exec mkfs.ext4 -V\nexec mkfs.ext4 \"$@\" -O ^64bit\n");
    Files.setPosixFilePermissions(liar, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = place(100);
    assertThatThrownBy(
            () ->
                new MakeFileSystem(FileSystemKind.EXT4, "a", UUID_1, MkfsTools.in(directory))
                    .on(file))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("not the one that was asked for");
  }

  @Test
  void longLabelsAreCutOrRefused() {
    assertThat(FileSystemKind.XFS.labelFor("a-slot-with-name")).isEqualTo("a-slot-with-");
    assertThatThrownBy(() -> new MakeFileSystem(FileSystemKind.XFS, "a-slot-with-name", UUID_1))
        .isInstanceOf(OperatorError.class);
  }

  private Path place(int mib) throws IOException {
    Path file = directory.resolve("place.img");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(0);
      image.setLength((long) mib << 20);
    }
    return file;
  }
}
