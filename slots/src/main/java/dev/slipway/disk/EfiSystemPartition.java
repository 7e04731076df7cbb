package dev.slipway.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The EFI system partition of a Slipway disk, made by {@code mkfs.vfat} and mtools: nothing is
 * mounted. The same content gives the same bytes.
 */
public final class EfiSystemPartition {

  /** The two copies of the boot environment, as paths on the partition. */
  public static final String ENVIRONMENT_1 = "/slipway/env1";

  public static final String ENVIRONMENT_2 = "/slipway/env2";

  private static final Program MAKES_FAT = new Program("mkfs.vfat", "dosfstools");
  private static final Program MAKES_DIRECTORIES = new Program("mmd", "mtools");
  private static final Program COPIES = new Program("mcopy", "mtools");

  /** What makes it. */
  public static final List<Program> PROGRAMS = List.of(MAKES_FAT, MAKES_DIRECTORIES, COPIES);

  private static final String EFI_PROGRAM = "/EFI/BOOT/BOOTX64.EFI";
  private static final String GRUB_SCRIPT = "/grub/grub.cfg";

  /** Of its files, unless another is asked for. */
  public static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private static final Instant EARLIEST = Instant.parse("1980-01-01T00:00:00Z");

  /** Bytes that are copied at a time. */
  private static final int PIECE = 1 << 20;

  /**
   * No operator's mtools.conf has a say, and all times on the file system are the same: the same
   * content shall give the same bytes.
   */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MTOOLSRC", "/dev/null",
          "MTOOLS_SKIP_CHECK", "1",
          "TZ", "UTC",
          "LC_ALL", "C.UTF-8");

  private final int volumeId;
  private final byte[] efiProgram;
  private final String grubScript;
  private final byte[] environment;
  private final Instant time;

  /**
   * Says what shall be on it, with the time {@link #TIME}.
   *
   * @param volumeId the FAT volume's serial number
   * @param efiProgram becomes {@code /EFI/BOOT/BOOTX64.EFI}
   * @param grubScript becomes {@code /grub/grub.cfg}
   * @param environment becomes both copies of the boot environment; 1024 bytes
   */
  public EfiSystemPartition(
      int volumeId, byte[] efiProgram, String grubScript, byte[] environment) {
    this(volumeId, efiProgram.clone(), grubScript, environment.clone(), TIME);
  }

  private EfiSystemPartition(
      int volumeId, byte[] efiProgram, String grubScript, byte[] environment, Instant time) {
    this.volumeId = volumeId;
    this.efiProgram = efiProgram;
    this.grubScript = grubScript;
    this.environment = environment;
    this.time = time;
  }

  /** The same with all its files of this time; FAT knows none before 1980. */
  public EfiSystemPartition at(Instant files) {
    return new EfiSystemPartition(
        volumeId, efiProgram, grubScript, environment, files.isBefore(EARLIEST) ? EARLIEST : files);
  }

  /**
   * Makes the FAT32 file system within the partition. For a real disk it is made in a temporary
   * file first: {@code mkfs.vfat} and mtools are for images and single partitions. There its start
   * is written last, once the medium has everything else: until then no firmware finds anything in
   * it.
   *
   * @param disk a disk image, or the block device of a whole disk
   * @throws OperatorError when {@code mkfs.vfat} or mtools fail, or the content has no room
   */
  public void writeTo(Path disk, Partition partition) {
    try {
      if (Files.isRegularFile(disk)) {
        makeIn(disk, partition);
      } else {
        Path image = Files.createTempFile("slipway-esp", ".img");
        try {
          DiskFile.lengthen(image, partition.offset() + partition.size());
          makeIn(image, partition);
          copy(image, disk, partition);
        } finally {
          Files.delete(image);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the files of the EFI system partition", e);
    }
    requireOn(disk, partition);
  }

  /** Takes the start of the file system away: no firmware finds anything in it any more. */
  public static void eraseFrom(Path disk, Partition partition) {
    try (DiskFile file = DiskFile.openToWrite(disk)) {
      file.write(partition.offset(), new byte[PIECE]);
      file.flush();
    }
  }

  private void makeIn(Path diskImage, Partition partition) throws IOException {
    makeFileSystem(diskImage, partition);
    Path files = Files.createTempDirectory("slipway-esp");
    try {
      String image = diskImage + "@@" + partition.offset();
      mtools(
          MAKES_DIRECTORIES.name(), "-i", image, "::/EFI", "::/EFI/BOOT", "::/grub", "::/slipway");
      copy(files, image, ENVIRONMENT_1, environment);
      // Between the two copies, so that no drive's larger physical sector holds both.
      copy(files, image, EFI_PROGRAM, efiProgram);
      copy(files, image, GRUB_SCRIPT, grubScript.getBytes(UTF_8));
      copy(files, image, ENVIRONMENT_2, environment);
    } finally {
      Files.deleteIfExists(files.resolve("content"));
      Files.delete(files);
    }
  }

  private static void copy(Path image, Path disk, Partition partition) {
    try (DiskFile from = DiskFile.openToRead(image);
        DiskFile to = DiskFile.openToWrite(disk)) {
      long start = partition.offset();
      long end = start + partition.size();
      for (long at = start + PIECE; at < end; at += PIECE) {
        copy(from, to, at, end);
      }
      to.flush();
      copy(from, to, start, end);
      to.flush();
    }
  }

  private static void copy(DiskFile from, DiskFile to, long at, long end) {
    int length = (int) Math.min(PIECE, end - at);
    to.write(at, from.read(at, length).array());
  }

  private void makeFileSystem(Path diskImage, Partition partition) {
    Command.of(
            MAKES_FAT.name(),
            // The label's time and, unless -i follows, the serial number.
            "--invariant",
            "-F",
            "32",
            // One sector a cluster: 64 MiB in larger clusters have too few of them for FAT32.
            "-s",
            "1",
            "-S",
            String.valueOf(Partition.SECTOR),
            "-a",
            "--mbr=n",
            "-h",
            String.valueOf(partition.firstLba()),
            "-i",
            String.format(Locale.ROOT, "%08x", volumeId),
            "-n",
            "SLIPWAY-ESP",
            "--offset",
            String.valueOf(partition.firstLba()),
            diskImage.toString(),
            String.valueOf(partition.size() / 1024))
        .environment(environment())
        .run();
  }

  private void copy(Path directory, String image, String path, byte[] content) throws IOException {
    Path file = directory.resolve("content");
    Files.write(file, content);
    mtools(COPIES.name(), "-i", image, file.toString(), "::" + path);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("SOURCE_DATE_EPOCH", Long.toString(time.getEpochSecond()));
    return environment;
  }

  private void mtools(String... command) {
    Command.of(List.of(command)).environment(environment()).run();
  }

  /**
   * Reads back what {@link #writeTo} wrote: the program for UEFI, GRUB's script, and both copies of
   * the boot environment.
   *
   * @throws OperatorError when any of them is something else
   */
  public void requireOn(Path disk, Partition partition) {
    require(disk, partition, EFI_PROGRAM, efiProgram);
    require(disk, partition, GRUB_SCRIPT, grubScript.getBytes(UTF_8));
    require(disk, partition, ENVIRONMENT_1, environment);
    require(disk, partition, ENVIRONMENT_2, environment);
  }

  private static void require(Path diskImage, Partition partition, String path, byte[] content) {
    FatFile file = FatFile.find(diskImage, partition.offset(), path);
    if (!Arrays.equals(file.content(diskImage), content)) {
      throw new OperatorError(
          path + " on the EFI system partition of " + diskImage + " does not read back.");
    }
  }
}
