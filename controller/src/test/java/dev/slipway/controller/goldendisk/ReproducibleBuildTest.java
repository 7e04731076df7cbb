package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.tree.Entry.WithMetadata;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.Timestamp;
import dev.slipway.tree.TreePath;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds as of a given time, seconds apart. What may differ between two of them is what
 * docs/reproducible-builds.md lists.
 */
class ReproducibleBuildTest {
  private static final long EPOCH = 1_700_000_000;
  private static final FileTime BEFORE = FileTime.fromMillis(1_600_000_000_123L);

  /** Lines of {@code dumpe2fs -h}. */
  private static final Set<String> OF_EXT4 =
      Set.of(
          "Last mounted on", "Last mount time", "Last write time", "Lifetime writes", "Checksum");

  /** Words of {@code debugfs stat}. */
  private static final Set<String> OF_AN_EXT4_INODE =
      Set.of("Generation", "ctime", "atime", "crtime", "Inode checksum");

  /** Fields of xfs_db. */
  private static final Set<String> OF_AN_XFS_INODE =
      Set.of(
          "core.gen",
          "core.nextents",
          "v3.inumber",
          "core.atime.sec",
          "core.atime.nsec",
          "core.ctime.sec",
          "core.ctime.nsec",
          "v3.crtime.sec",
          "v3.crtime.nsec",
          "v3.lsn",
          "v3.crc");

  private static final String FILE = "usr/share/many/file77";

  @TempDir Path directory;

  @Test
  void twoBuildsDifferOnlyInWhatTheKernelKeepsOfAFileSystemsHistory() throws IOException {
    String yaml = twoSlots("gpt");
    Path first = build(yaml, EPOCH, "first.img");
    Path second = build(yaml, EPOCH, "second.img");

    assertThat(differencesOutsideOfFileSystems(first, second)).isEmpty();
    DiskLayout layout = layout(first);
    Manifest slot1 = sameTree(first, second, slot(layout, "slot1"), "ext4");
    Manifest slot2 = sameTree(first, second, slot(layout, "slot2"), "xfs");
    Manifest data = sameTree(first, second, layout.data().orElseThrow(), "ext4");
    assertThat(List.of(slot1, slot2, data))
        .as("nothing is younger than the epoch")
        .allMatch(tree -> youngest(tree).equals(Timestamp.ofSeconds(EPOCH)));
    assertThat(time(slot1, FILE))
        .as("what is older keeps its time")
        .isEqualTo(new Timestamp(1_600_000_000, 123_000_000));
    assertThat(onlyOnDisk(first, "/slots/slot1.json"))
        .contains("\"2023-11-14T22:13:20Z\"")
        .isEqualTo(onlyOnDisk(second, "/slots/slot1.json"));
    assertThat(DiskInspection.of(second).json())
        .isEqualTo(DiskInspection.of(first).json().with("disk", second.toString()));
    Partition ext4 = slot(layout, "slot1");
    assertThat(differingNames(first, second, disk -> superblock(disk, ext4)))
        .isSubsetOf(OF_EXT4)
        .contains("Last mounted on");
    assertThat(differingNames(first, second, disk -> ext4Inode(disk, ext4)))
        .isSubsetOf(OF_AN_EXT4_INODE)
        .contains("ctime");
    assertThat(differingNames(first, second, disk -> superblock(disk, layout.data().orElseThrow())))
        .isSubsetOf(OF_EXT4);
    Partition xfs = slot(layout, "slot2");
    assertThat(differingNames(first, second, disk -> xfsInode(disk, xfs)))
        .isSubsetOf(OF_AN_XFS_INODE)
        .contains("v3.crtime.nsec");
  }

  @Test
  void anMsdosTableIsTheSameToo() throws IOException {
    String yaml = twoSlots("msdos");

    assertThat(
            differencesOutsideOfFileSystems(
                build(yaml, EPOCH, "first.img"), build(yaml, EPOCH, "second.img")))
        .isEmpty();
  }

  @Test
  void anotherEpochOrAnotherImageMakesAnotherDisk() throws IOException {
    String yaml = twoSlots("gpt");
    Path disk = build(yaml, EPOCH, "disk.img");
    Path laterDisk = build(yaml, EPOCH + 1, "later.img");
    Files.writeString(directory.resolve("image/usr/share/added"), "added");
    Path otherImage = build(yaml, EPOCH, "other.img");

    Set<String> all = new TreeSet<>();
    for (Path made : List.of(disk, laterDisk, otherImage)) {
      all.addAll(identities(made));
    }
    assertThat(all).as("no identity is used twice").hasSize(3 * identities(disk).size());
  }

  @Test
  void withoutATimeEveryDiskIsAFreshOne() throws IOException {
    String yaml = twoSlots("gpt");
    new TestBuild(directory).to("first.img").build(yaml);
    new TestBuild(directory).to("second.img").build(yaml);

    assertThat(identities(directory.resolve("first.img")))
        .doesNotContainAnyElementsOf(identities(directory.resolve("second.img")));
  }

  /** Two slots with the same image and one that stays empty. */
  private String twoSlots(String table) throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    for (int i = 0; i < 100; i++) {
      image.with("usr/share/many/file" + i, 100 * i);
    }
    Files.setLastModifiedTime(directory.resolve("image").resolve(FILE), BEFORE);
    return """
        table: %s
        slots:
          - {name: slot1, image: "%2$s", filesystem: ext4, size: 64MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%2$s", filesystem: xfs, size: 300MiB, initrd: keep, agent: false}
          - {name: slot3, size: 64MiB}
        data: {size: 64MiB}
        host: {hostname: web1, timezone: Europe/Berlin}
        """
        .formatted(table, image.reference());
  }

  private Path build(String yaml, long epoch, String name) throws IOException {
    TestBuild build = new TestBuild(directory).at(epoch).to(name);
    build.build(yaml);
    return build.output();
  }

  private static DiskLayout layout(Path disk) {
    return DiskLayout.of(PartitionTable.read(disk), disk.toString());
  }

  private static Partition slot(DiskLayout layout, String name) {
    return layout.slot(name).orElseThrow().partition();
  }

  /** UUIDs of the table, its partitions and their file systems, and the first transaction. */
  private static List<String> identities(Path disk) {
    DiskInspection found = DiskInspection.of(disk);
    List<String> identities = new ArrayList<>();
    identities.add(found.table().table().diskId());
    found.table().table().partitions().forEach(each -> identities.add(each.id().text()));
    found
        .slots()
        .forEach(
            each -> each.fileSystem().ifPresent(made -> identities.add(made.uuid().toString())));
    identities.add(found.environment().environment().orElseThrow().transaction().text());
    return identities;
  }

  /** Where the disks differ but for slots and data, in bytes. */
  private static List<Long> differencesOutsideOfFileSystems(Path first, Path second)
      throws IOException {
    DiskLayout layout = layout(first);
    List<Partition> fileSystems = new ArrayList<>(List.of(layout.data().orElseThrow()));
    layout.slots().forEach(slot -> fileSystems.add(slot.partition()));
    List<Long> differences = new ArrayList<>();
    assertThat(Files.size(first)).isEqualTo(Files.size(second)).isEqualTo(layout.diskSize());
    try (FileChannel one = FileChannel.open(first);
        FileChannel other = FileChannel.open(second)) {
      int piece = 1 << 20;
      for (long at = 0; at < layout.diskSize(); at += piece) {
        long here = at;
        boolean within =
            fileSystems.stream()
                .anyMatch(each -> here >= each.offset() && here < each.offset() + each.size());
        int mismatch = within ? -1 : read(one, at, piece).mismatch(read(other, at, piece));
        if (mismatch >= 0) {
          differences.add(at + mismatch);
        }
      }
    }
    return differences;
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    channel.read(bytes, at);
    return bytes.flip();
  }

  private Manifest sameTree(Path first, Path second, Partition partition, String type)
      throws IOException {
    Manifest tree = tree(first, partition, type);
    assertThat(tree.differences(tree(second, partition, type))).isEmpty();
    return tree;
  }

  private Manifest tree(Path disk, Partition partition, String type) throws IOException {
    Path target = Files.createDirectories(directory.resolve("mounted"));
    try (LoopDevice device = LoopDevice.attach(disk, partition.offset(), partition.size(), true);
        Mount mount =
            Mount.of(device.path(), target, type, EnumSet.of(Mount.Option.READ_ONLY), "");
        EntryStream entries = TreeScanner.of(mount.target())) {
      return Manifest.of(entries);
    }
  }

  private static Timestamp youngest(Manifest tree) {
    return tree.entries().stream()
        .filter(WithMetadata.class::isInstance)
        .map(entry -> ((WithMetadata) entry).metadata().modified())
        .max((one, other) -> one.isAfter(other) ? 1 : -1)
        .orElseThrow();
  }

  private static Timestamp time(Manifest tree, String path) {
    return ((WithMetadata) tree.entry(TreePath.of(path)).orElseThrow()).metadata().modified();
  }

  private static String onlyOnDisk(Path disk, String path) {
    return debugfs("cat " + path, disk, layout(disk).data().orElseThrow());
  }

  /** But for where its content lies. */
  private static String withoutExtents(String inode) {
    return inode
        .replaceFirst("(?s)EXTENTS:.*", "")
        .replaceAll("(?m)^(u3\\.bmx.*|[0-9]+:\\[.*)\n", "");
  }

  /** Names, in front of a colon or an equals sign, whose values differ. */
  private static Set<String> differingNames(
      Path first, Path second, Function<Path, String> description) {
    List<String> one = description.apply(first).lines().toList();
    List<String> other = description.apply(second).lines().toList();
    assertThat(one).hasSameSizeAs(other).hasSizeGreaterThan(10);
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < one.size(); i++) {
      if (!one.get(i).equals(other.get(i))) {
        names.add(one.get(i).split("[:=]", 2)[0].strip());
      }
    }
    return names;
  }

  private static String superblock(Path disk, Partition partition) {
    return debugfs("show_super_stats -h", disk, partition);
  }

  private static String ext4Inode(Path disk, Partition partition) {
    return withoutExtents(debugfs("stat /" + FILE, disk, partition));
  }

  private static String debugfs(String request, Path disk, Partition partition) {
    return Command.of("debugfs", "-R", request, disk + "?offset=" + partition.offset()).run().out();
  }

  private String xfsInode(Path disk, Partition partition) {
    try (LoopDevice device = LoopDevice.attach(disk, partition.offset(), partition.size(), true)) {
      String inode;
      Path target = Files.createDirectories(directory.resolve("mounted"));
      try (Mount mount =
          Mount.of(device.path(), target, "xfs", EnumSet.of(Mount.Option.READ_ONLY), "")) {
        inode = Files.getAttribute(mount.target().resolve(FILE), "unix:ino").toString();
      }
      return withoutExtents(
          Command.of(
                  "xfs_db", "-r", "-c", "inode " + inode, "-c", "print", device.path().toString())
              .run()
              .out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
