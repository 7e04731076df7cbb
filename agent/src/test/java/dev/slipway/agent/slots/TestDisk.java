package dev.slipway.agent.slots;

import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.EnvironmentStore;
import dev.slipway.boot.TransactionId;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.MountPoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A host to test on: a real Slipway disk in an image file, its partitions as loop devices, and
 * directories that show it as {@code /proc}, {@code /sys} and {@code /dev} would. Slots: {@code
 * old} (128 MiB), {@code new} (320 MiB, enough for XFS), {@code small} (16 MiB).
 */
public final class TestDisk implements AutoCloseable {
  private static final long MIB = 1L << 20;

  private final List<LoopDevice> loops = new ArrayList<>();
  private final Path directory;
  private final Path image;
  private final DiskLayout layout;
  private final Roots roots;

  private TestDisk(Path directory, PartitionTable.Kind table) throws IOException {
    this.directory = directory;
    this.image = directory.resolve("disk.img");
    this.layout =
        DiskLayout.plan(
            table,
            OptionalLong.empty(),
            List.of(
                new DiskLayout.SlotSize("old", 128 * MIB),
                new DiskLayout.SlotSize("new", 320 * MIB),
                new DiskLayout.SlotSize("small", 16 * MIB)),
            OptionalLong.of(32 * MIB),
            UUID::randomUUID);
    this.roots =
        new Roots(
            directory.resolve("proc"),
            directory.resolve("sys"),
            directory.resolve("dev"),
            directory.resolve("run"),
            directory.resolve("etc"),
            directory.resolve("usr"),
            directory.resolve("data"));
  }

  /** A disk whose slot old runs as the committed default. */
  public static TestDisk make(Path directory) throws IOException {
    return make(directory, PartitionTable.Kind.GPT);
  }

  /** The same with that kind of partition table. */
  public static TestDisk make(Path directory, PartitionTable.Kind table) throws IOException {
    TestDisk disk = new TestDisk(directory, table);
    try {
      disk.build();
      return disk;
    } catch (IOException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  private void build() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(layout.diskSize());
    }
    layout.table().write(image);
    byte[] environment = BootEnvironment.first("old", new TransactionId("01BUILD")).block();
    new EfiSystemPartition(0x51195191, new byte[] {1}, "# none", environment)
        .writeTo(image, layout.esp());
    for (Path each :
        List.of(
            roots.proc().resolve("sys/kernel/random"),
            roots.proc().resolve("self"),
            roots.sys().resolve("class/block"),
            roots.sys().resolve("kernel"),
            roots.dev(),
            roots.run(),
            roots.etc().resolve("slipway/health.d"))) {
      Files.createDirectories(each);
    }
    Path disk = Files.createDirectories(roots.sys().resolve("class/block/vda"));
    Files.createSymbolicLink(roots.dev().resolve("vda"), image);
    for (Partition partition : layout.table().partitions()) {
      String name = "vda" + partition.number();
      Path shown = Files.createDirectories(disk.resolve(name));
      Files.writeString(shown.resolve("partition"), partition.number() + "\n");
      Files.writeString(shown.resolve("start"), partition.firstLba() + "\n");
      Files.writeString(shown.resolve("size"), partition.size() / Partition.SECTOR + "\n");
      Files.createSymbolicLink(
          roots.sys().resolve("class/block").resolve(name), Path.of("vda", name));
      LoopDevice loop = LoopDevice.attach(image, partition.offset(), partition.size());
      loops.add(loop);
      Files.createSymbolicLink(roots.dev().resolve(name), loop.path());
    }
    Command.of("mkfs.ext4", "-q", "-F", device("slipway-data").toString()).run();
    Files.writeString(roots.sys().resolve("kernel/kexec_loaded"), "0\n");
    Files.writeString(roots.proc().resolve("uptime"), "5.00 1.00\n");
    Files.writeString(
        roots.proc().resolve("meminfo"), "MemTotal: 4000000 kB\nMemAvailable: 3000000 kB\n");
    Files.writeString(roots.proc().resolve("self/mountinfo"), "");
    boots("old", "committed", "");
  }

  /** Shows the host as booted into that slot. */
  public void boots(String slot, String mode, String transaction) throws IOException {
    Files.writeString(
        roots.proc().resolve("cmdline"),
        "BOOT_IMAGE=/x root=PARTUUID=%s rw console=ttyS0 slipway.slot=%s slipway.mode=%s slipway.why= slipway.txn=%s\n"
            .formatted(partition("slipway-slot-" + slot).id(), slot, mode, transaction));
    Files.writeString(roots.proc().resolve("sys/kernel/random/boot_id"), UUID.randomUUID() + "\n");
  }

  public Roots roots() {
    return roots;
  }

  public Path image() {
    return image;
  }

  public EnvironmentStore environment() {
    return new EnvironmentStore(image, layout.esp().offset());
  }

  public Partition partition(String name) {
    return layout.table().named(name).orElseThrow();
  }

  /** The device of the partition of that name. */
  public Path device(String name) {
    return loops.get(layout.table().partitions().indexOf(partition(name))).path();
  }

  /** What is mounted below this host's directories, except the data partition. */
  public List<Path> mounts() {
    return Mount.current().stream()
        .map(MountPoint::target)
        .filter(target -> target.startsWith(directory))
        .filter(target -> !target.equals(roots.data()))
        .toList();
  }

  /**
   * A tar of a tree that can pass for a prepared OS: {@code tree-NAME}, to which more may be added
   * before it is asked for again.
   *
   * @param name goes into a file of the tree, so that trees differ
   */
  public Path preparedOs(String name) throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree-" + name));
    Files.createDirectories(tree.resolve("boot/slipway"));
    Files.createDirectories(tree.resolve("usr/bin"));
    Files.write(tree.resolve("boot/slipway/vmlinuz"), kernel("6.1.0-" + name));
    Files.writeString(tree.resolve("boot/slipway/initrd"), "initrd of " + name);
    Files.writeString(tree.resolve("usr/bin/hello"), "#!/bin/sh\necho " + name + "\n");
    if (!Files.exists(tree.resolve("bin"))) {
      Files.createLink(tree.resolve("usr/bin/hello-again"), tree.resolve("usr/bin/hello"));
      Files.createSymbolicLink(tree.resolve("bin"), Path.of("usr/bin"));
    }
    return tar(tree, name);
  }

  /** A tar of a tree without kernel and initrd. */
  public Path unpreparedOs() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree-unprepared/etc"));
    Files.writeString(tree.resolve("hostname"), "x");
    return tar(tree.getParent(), "unprepared");
  }

  private Path tar(Path tree, String name) {
    Path tar = directory.resolve(name + ".tar");
    Command.of("tar", "-C", tree.toString(), "-cf", tar.toString(), ".").run();
    return tar;
  }

  /** The header of a bzImage (Documentation/arch/x86/boot.rst) and nothing behind it. */
  public static byte[] kernel(String version) {
    ByteBuffer image = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    image.putShort(0x1fe, (short) 0xaa55);
    image.putInt(0x202, 0x53726448);
    image.putShort(0x206, (short) 0x020f);
    image.putShort(0x20e, (short) 0x400);
    image.put(0x211, (byte) 1);
    image.putShort(0x236, (short) 3);
    image.putInt(0x260, 32 << 20);
    image.position(0x600);
    image.put((version + " (test)\0").getBytes(StandardCharsets.US_ASCII));
    return image.array();
  }

  @Override
  public void close() {
    Mount.current().stream()
        .map(MountPoint::target)
        .filter(target -> target.startsWith(directory))
        .forEach(Mount::unmount);
    loops.forEach(LoopDevice::close);
    try {
      Files.deleteIfExists(image);
      for (Partition partition : layout.table().partitions()) {
        Files.deleteIfExists(roots.dev().resolve("vda" + partition.number()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
