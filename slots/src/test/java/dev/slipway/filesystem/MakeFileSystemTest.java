package dev.slipway.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MakeFileSystemTest {

  private static final UUID UUID_1 = UUID.fromString("01234567-89ab-4def-8123-456789abcdef");

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

  /** GRUB's own file system code reads the boot files of a slot, bit for bit. */
  @ParameterizedTest
  @EnumSource(FileSystemKind.class)
  void grubReadsWhatTheKernelWrote(FileSystemKind kind) throws IOException {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    System.out.println("MakeFileSystemTest seed " + seed);
    Path file = place(400);
    byte[] kernel = new byte[9_000_001];
    byte[] initrd = new byte[31_000_003];
    new Random(seed).nextBytes(kernel);
    new Random(seed + 1).nextBytes(initrd);
    Path kernelFile = Files.write(directory.resolve("vmlinuz"), kernel);
    Path initrdFile = Files.write(directory.resolve("initrd"), initrd);
    Path mountPoint = Files.createDirectory(directory.resolve("mnt"));

    try (LoopDevice device = LoopDevice.attach(file, 0, Files.size(file))) {
      new MakeFileSystem(kind, "slot", UUID_1).on(device.path());
      try (Mount mount = Mount.of(device.path(), mountPoint, kind.token(), Set.of(), "")) {
        Path boot = Files.createDirectories(mount.target().resolve("boot/slipway"));
        Files.copy(kernelFile, boot.resolve("vmlinuz"));
        Files.copy(initrdFile, boot.resolve("initrd"));
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
    Path mkfs = Path.of("mkfs.xfs");
    assertThat(String.join(" ", XfsFeatures.command(mkfs, new MkfsVersion(5, 10))))
        .contains("bigtime=0")
        .doesNotContain("nrext64", "exchange", "parent", "metadir");
    assertThat(String.join(" ", XfsFeatures.command(mkfs, new MkfsVersion(6, 1))))
        .contains("nrext64=0")
        .doesNotContain("exchange", "parent", "metadir");
    assertThat(String.join(" ", XfsFeatures.command(mkfs, new MkfsVersion(6, 13))))
        .contains("nrext64=0", "exchange=0", "parent=0", "metadir=0");
    assertThatThrownBy(() -> XfsFeatures.command(mkfs, new MkfsVersion(4, 20)))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("newer xfsprogs");
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
