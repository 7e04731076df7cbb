package dev.slipway.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The BIOS boot partition and the EFI system partition, made on a small disk. */
class BootPartitionsTest {

  @TempDir Path directory;

  private Path disk;
  private DiskLayout layout;

  @BeforeEach
  void aDiskWithOneSlot() throws IOException {
    layout = withOneSlot(PartitionTable.Kind.GPT);
    disk = newDisk("disk.img");
  }

  private static DiskLayout withOneSlot(PartitionTable.Kind table) {
    return DiskLayout.plan(
        table,
        OptionalLong.empty(),
        List.of(new DiskLayout.SlotSize("a", 1 << 20)),
        OptionalLong.of(1 << 20),
        UUID::randomUUID);
  }

  @Test
  void bootSectorPointsToTheCoreAndTheCoreToItsRest() throws IOException {
    GrubImages.ofThisSystem().bios(PartitionTable.Kind.GPT).writeTo(disk, layout);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(disk)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getLong(0x5c)).isEqualTo(2048);
    assertThat(bytes.getShort(0x66)).isEqualTo((short) 0x9090);
    int core = 2048 * 512;
    assertThat(bytes.getLong(core + 0x1f4)).isEqualTo(2049);
    int sectors = bytes.getChar(core + 0x1fc);
    assertThat(bytes.getChar(core + 0x1fe)).isEqualTo((char) 0x820);
    byte[] behind = new byte[512];
    bytes.get(core + (sectors + 1) * 512, behind);
    assertThat(behind).containsOnly(0);
    byte[] last = new byte[512];
    bytes.get(core + sectors * 512, last);
    assertThat(last).isNotEqualTo(new byte[512]);
  }

  @Test
  void grubSaysWhichVersionItsModulesAre(@TempDir Path other) throws IOException {
    String tools = Command.of("grub-mkimage", "--version").run().out().strip();
    assertThat(tools).endsWith("(GRUB) " + GrubImages.ofThisSystem().version().orElseThrow());

    Files.createDirectory(other.resolve("i386-pc"));
    assertThat(new GrubImages(other).version()).isEmpty();
  }

  @Test
  void theTableSurvivesTheBootCode() {
    layout.table().write(disk);
    GrubImages.ofThisSystem().bios(PartitionTable.Kind.GPT).writeTo(disk, layout);
    assertThat(PartitionTable.examine(disk))
        .isEqualTo(new Gpt.Reading((Gpt) layout.table(), true, true));
  }

  @Test
  void bootCodeIsOnlyWrittenWhereItBelongs() throws IOException {
    byte[] before = Files.readAllBytes(disk);
    BiosBootCode code = GrubImages.ofThisSystem().bios(PartitionTable.Kind.GPT);
    assertThatThrownBy(() -> code.writeTo(disk, withBios(layout.data().orElseThrow())))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("not a BIOS boot partition");
    Partition small =
        new Partition(
            1,
            PartitionType.BIOS_BOOT.in(PartitionTable.Kind.GPT),
            PartitionId.of(UUID.randomUUID()),
            2048,
            2060,
            "small",
            0);
    assertThatThrownBy(() -> code.writeTo(disk, withBios(small)))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("only has " + 13 * 512);
    assertThat(Files.readAllBytes(disk)).isEqualTo(before);
  }

  private DiskLayout withBios(Partition partition) {
    return new DiskLayout(
        layout.table(), Optional.of(partition), layout.esp(), layout.slots(), layout.data());
  }

  @Test
  void bootCodeIsReadBackAndCanBeTakenAway() {
    layout.table().write(disk);
    BiosBootCode code = GrubImages.ofThisSystem().bios(PartitionTable.Kind.GPT);
    code.writeTo(disk, layout);
    code.requireOn(disk, layout);

    BiosBootCode.eraseFrom(disk);

    assertThatThrownBy(() -> code.requireOn(disk, layout))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("does not read back");
    assertThat(PartitionTable.examine(disk))
        .isEqualTo(new Gpt.Reading((Gpt) layout.table(), true, true));
  }

  @Test
  void withAnMsdosTableTheCoreImageLiesInTheGapBehindIt() throws IOException {
    layout = withOneSlot(PartitionTable.Kind.MSDOS);
    disk = newDisk("msdos.img");
    layout.table().write(disk);
    BiosBootCode code = GrubImages.ofThisSystem().bios(PartitionTable.Kind.MSDOS);
    code.writeTo(disk, layout);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(disk)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getLong(0x5c)).isEqualTo(1);
    assertThat(bytes.getLong(512 + 0x1f4)).isEqualTo(2);
    code.requireOn(disk, layout);
    assertThat(PartitionTable.examine(disk))
        .isEqualTo(new Msdos.Reading((Msdos) layout.table(), true));
  }

  @Test
  void aCoreImageTooLargeForTheGapIsRefusedWithBothNumbers() throws IOException {
    layout = withOneSlot(PartitionTable.Kind.MSDOS);
    disk = newDisk("msdos.img");
    byte[] sector = new byte[512];
    ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN).putShort(0x66, (short) 0x05eb);
    byte[] core = new byte[2040 * 512];
    ByteBuffer.wrap(core).order(ByteOrder.LITTLE_ENDIAN).putShort(0x1fe, (short) 0x0820);

    assertThatThrownBy(() -> new BiosBootCode(sector, core).writeTo(disk, layout))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("has " + 2040 * 512 + " bytes, but the gap between")
        .hasMessageContaining("only has " + 2039 * 512);
  }

  @Test
  void missingGrubFilesAreNamedWithTheirPackage() {
    assertThatThrownBy(() -> new GrubImages(directory).bios(PartitionTable.Kind.GPT))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("grub-pc-bin");
    assertThatThrownBy(() -> new GrubImages(directory).efi(PartitionTable.Kind.GPT))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("grub-efi-amd64-bin");
  }

  @Test
  void theEfiSystemPartitionHoldsWhatWasGiven() throws IOException {
    byte[] program = GrubImages.ofThisSystem().efi(PartitionTable.Kind.GPT);
    assertThat(Arrays.copyOf(program, 2)).isEqualTo("MZ".getBytes(UTF_8));
    byte[] environment = new byte[1024];
    Arrays.fill(environment, (byte) '#');
    new EfiSystemPartition(0x1234abcd, program, "echo hello\n", environment)
        .writeTo(disk, layout.esp());

    String image = disk + "@@" + layout.esp().offset();
    assertThat(Command.of("mtype", "-i", image, "::/grub/grub.cfg").run().out())
        .isEqualTo("echo hello\n");
    assertThat(Command.of("mdir", "-i", image, "::/").run().out()).contains("1234-ABCD");
    Path partition = directory.resolve("esp");
    byte[] whole = Files.readAllBytes(disk);
    int start = (int) layout.esp().offset();
    Files.write(partition, Arrays.copyOfRange(whole, start, start + (int) layout.esp().size()));
    assertThat(Command.of("fsck.vfat", "-n", partition.toString()).run().exit()).isZero();
  }

  @Test
  void theFilesOfTheEfiSystemPartitionHaveTheTimeThatIsAskedFor() {
    EfiSystemPartition esp = new EfiSystemPartition(1, new byte[1], "echo\n", new byte[1024]);
    String image = disk + "@@" + layout.esp().offset();

    esp.at(Instant.parse("2023-11-14T22:13:20Z")).writeTo(disk, layout.esp());
    assertThat(listing(image)).contains("2023-11-14  22:13");

    esp.at(Instant.EPOCH).writeTo(disk, layout.esp());
    assertThat(listing(image)).as("FAT begins in 1980").contains("1980-01-01");
  }

  private static String listing(String image) {
    return Command.of("mdir", "-i", image, "::/grub/grub.cfg")
        .environment(Map.of("TZ", "UTC"))
        .run()
        .out();
  }

  @Test
  void noFirmwareFindsAnythingOnARealDiskBeforeTheWholePartitionIsThere() throws IOException {
    long cutShort = layout.esp().offset() + layout.esp().size() - (1 << 20);
    try (LoopDevice device = LoopDevice.attach(disk, 0, cutShort)) {
      assertThatThrownBy(() -> writeEsp(device.path())).isInstanceOf(UncheckedIOException.class);

      try (RandomAccessFile found = new RandomAccessFile(device.path().toFile(), "r")) {
        byte[] start = new byte[1 << 20];
        found.seek(layout.esp().offset());
        found.readFully(start);
        assertThat(start).containsOnly(0);
      }
    }
  }

  @Test
  void bothCopiesOfTheEnvironmentAreInOnePieceAndFarApart() {
    writeEsp(disk);
    FatFile first = FatFile.find(disk, layout.esp().offset(), EfiSystemPartition.ENVIRONMENT_1);
    FatFile second = FatFile.find(disk, layout.esp().offset(), EfiSystemPartition.ENVIRONMENT_2);
    assertThat(first.ranges()).hasSize(1);
    assertThat(second.ranges()).hasSize(1);
    assertThat(second.ranges().get(0).offset() - first.ranges().get(0).offset())
        .isGreaterThan(64 * 1024);
  }

  @Test
  void theSameContentGivesTheSameBytesAtAnyTime() throws Exception {
    Path other = newDisk("other.img");
    writeEsp(disk);
    // FAT counts two seconds at a time.
    TimeUnit.SECONDS.sleep(3);
    writeEsp(other);
    assertThat(Files.mismatch(disk, other)).isEqualTo(-1);
  }

  private void writeEsp(Path image) {
    new EfiSystemPartition(1, new byte[200_000], "", new byte[1024]).writeTo(image, layout.esp());
  }

  private Path newDisk(String name) throws IOException {
    Path image = directory.resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(layout.diskSize());
    }
    return image;
  }
}
