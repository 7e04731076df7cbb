package dev.slipway.e2e;

import dev.slipway.boot.BootArguments;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.GrubModel.Copies;
import dev.slipway.boot.GrubScript;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.FatFile;
import dev.slipway.disk.GrubImages;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.TinySlot;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MakeFileSystem;
import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * A disk with the product's boot code, script and layout, whose slots a (ext4) and b (XFS) hold
 * nothing but a kernel and an initrd. The kernel finds no program to run and touches no disk.
 */
final class TwoSlotDisk {

  static final List<String> SLOTS = List.of("a", "b");

  /** Long enough for every superblock that GRUB looks for. */
  private static final int HEAD = 128 * 1024;

  /** What has become of a slot that GRUB cannot boot. */
  enum Harm {
    WIPED,
    NO_KERNEL,
    BROKEN_KERNEL,
    NO_INITRD
  }

  private final Path file;
  private final TinySlot tiny;
  private final DiskLayout layout;
  private final byte[] efiProgram;
  private final String script;
  private final Map<String, byte[]> heads = new HashMap<>();
  private final Set<String> incomplete = new HashSet<>();

  private TwoSlotDisk(
      Path file, TinySlot tiny, DiskLayout layout, byte[] efiProgram, String script) {
    this.file = file;
    this.tiny = tiny;
    this.layout = layout;
    this.efiProgram = efiProgram;
    this.script = script;
  }

  static TwoSlotDisk build(Path file, Path home, TinySlot tiny) {
    DiskLayout layout =
        DiskLayout.plan(
            PartitionTable.Kind.GPT,
            OptionalLong.empty(),
            List.of(
                new DiskLayout.SlotSize("a", 96L << 20), new DiskLayout.SlotSize("b", 320L << 20)),
            OptionalLong.of(1 << 20),
            UUID::randomUUID);
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(layout.diskSize());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    layout.table().write(file);
    GrubImages images = GrubImages.ofThisSystem();
    images.bios(PartitionTable.Kind.GPT).writeTo(file, layout);
    String script =
        new GrubScript(home.resolve("grub-templates/grub.cfg.template"))
            .render(
                PartitionTable.Kind.GPT,
                layout.slots().stream()
                    .map(slot -> new GrubScript.BootSlot(slot.name(), slot.partition().id()))
                    .toList(),
                List.of("ttyS0,115200"),
                List.of("rdinit=/none"),
                true);
    TwoSlotDisk disk =
        new TwoSlotDisk(file, tiny, layout, images.efi(PartitionTable.Kind.GPT), script);
    SLOTS.forEach(disk::fill);
    return disk;
  }

  private static FileSystemKind kind(String slot) {
    return slot.equals("a") ? FileSystemKind.EXT4 : FileSystemKind.XFS;
  }

  private void fill(String slot) {
    fill(
        slot,
        boot -> {
          Files.copy(tiny.kernel(), boot.kernel());
          Files.copy(tiny.initrd(), boot.initrd());
        });
  }

  private interface Filling {
    void into(SlotBootFiles boot) throws IOException;
  }

  /** Makes the slot's file system anew, with these boot files. */
  private void fill(String slot, Filling filling) {
    FileSystemKind kind = kind(slot);
    Partition partition = partition(slot);
    try {
      Path mountPoint = Files.createTempDirectory("slipway-slot");
      try (LoopDevice device = LoopDevice.attach(file, partition.offset(), partition.size())) {
        new MakeFileSystem(kind, kind.labelFor(slot), UUID.randomUUID()).on(device.path());
        try (Mount mount = Mount.of(device.path(), mountPoint, kind.token(), Set.of(), "")) {
          SlotBootFiles boot = SlotBootFiles.in(mount.target());
          Files.createDirectories(boot.kernel().getParent());
          filling.into(boot);
        }
      } finally {
        Files.delete(mountPoint);
      }
      heads.put(slot, read(partition.offset(), HEAD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void harm(String slot, Harm harm) {
    switch (harm) {
      case WIPED -> write(partition(slot).offset(), new byte[HEAD]);
      case NO_KERNEL -> fill(slot, boot -> Files.copy(tiny.initrd(), boot.initrd()));
      case BROKEN_KERNEL ->
          fill(
              slot,
              boot -> {
                Files.write(boot.kernel(), new byte[1 << 20]);
                Files.copy(tiny.initrd(), boot.initrd());
              });
      case NO_INITRD -> fill(slot, boot -> Files.copy(tiny.kernel(), boot.kernel()));
    }
    if (harm != Harm.WIPED) {
      incomplete.add(slot);
    }
  }

  /** Puts these copies of the boot environment on the disk and wipes the other slots. */
  void prepare(Copies copies, Set<String> readable) {
    prepare(copies, readable, Harm.WIPED);
  }

  /** Puts these copies of the boot environment on the disk and does that to the other slots. */
  void prepare(Copies copies, Set<String> readable, Harm harm) {
    prepare(script, readable, harm);
    put(EfiSystemPartition.ENVIRONMENT_1, copies.first());
    put(EfiSystemPartition.ENVIRONMENT_2, copies.second());
  }

  /** The same without the files of some copies, by their paths. */
  void prepareWithout(Copies copies, List<String> missing) {
    prepare(copies, Set.copyOf(SLOTS));
    missing.forEach(path -> Command.of("mdel", "-i", espImage(), "::" + path).run());
  }

  /** Makes GRUB try all these states in one start; see {@link ScriptRuns}. */
  void prepareRuns(List<Copies> states, Set<String> readable, Harm harm) {
    prepare(new ScriptRuns(script).of(states.size()), readable, harm);
    try {
      Path directory = Files.createTempDirectory("slipway-states");
      List<String> copy = new ArrayList<>(List.of("mcopy", "-i", espImage()));
      for (int run = 0; run < states.size(); run++) {
        copy.add(put(directory, run, 1, states.get(run).first()));
        copy.add(put(directory, run, 2, states.get(run).second()));
      }
      copy.add("::/states/");
      Command.of("mmd", "-i", espImage(), "::/states").run();
      Command.of(copy).run();
      for (String made : copy.subList(3, copy.size() - 1)) {
        Files.delete(Path.of(made));
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String put(Path directory, int run, int copy, byte[] content) throws IOException {
    Path file = directory.resolve(Path.of(ScriptRuns.path(run, copy)).getFileName());
    return Files.write(file, content).toString();
  }

  private void prepare(String grubScript, Set<String> readable, Harm harm) {
    new EfiSystemPartition(1, efiProgram, grubScript, new byte[1024]).writeTo(file, layout.esp());
    for (String slot : SLOTS) {
      if (incomplete.remove(slot)) {
        fill(slot);
      }
      write(partition(slot).offset(), heads.get(slot));
      if (!readable.contains(slot)) {
        harm(slot, harm);
      }
    }
  }

  private String espImage() {
    return file + "@@" + layout.esp().offset();
  }

  private void put(String path, byte[] content) {
    try {
      Path copy = Files.createTempFile("slipway-env", "");
      try {
        Files.write(copy, content);
        Command.of("mcopy", "-o", "-i", espImage(), copy.toString(), "::" + path).run();
      } finally {
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The copies of the boot environment as they lie on the disk. */
  Copies copies() {
    return copies(file, EfiSystemPartition.ENVIRONMENT_1, EfiSystemPartition.ENVIRONMENT_2);
  }

  /** Those of a clone of this disk. */
  Copies copiesOn(Path clone) {
    return copies(clone, EfiSystemPartition.ENVIRONMENT_1, EfiSystemPartition.ENVIRONMENT_2);
  }

  /** Those of one of many states. */
  Copies copies(int run) {
    return copies(file, ScriptRuns.path(run, 1), ScriptRuns.path(run, 2));
  }

  private Copies copies(Path disk, String first, String second) {
    long esp = layout.esp().offset();
    return new Copies(
        FatFile.find(disk, esp, first).content(disk),
        FatFile.find(disk, esp, second).content(disk));
  }

  /** Copies the disk as it is now, identities and all. */
  void cloneTo(Path clone) {
    Command.of("cp", "--sparse=always", file.toString(), clone.toString()).run();
  }

  Path file() {
    return file;
  }

  BootArguments boot(String slot, BootMode mode, String why, String transaction) {
    return new BootArguments(slot, partition(slot).id(), mode, why, transaction);
  }

  Disk asDisk() {
    return Disk.raw(file);
  }

  Disk asReadOnlyDisk() {
    return new Disk(file, "raw", true);
  }

  private Partition partition(String slot) {
    return layout.slot(slot).orElseThrow().partition();
  }

  private byte[] read(long offset, int length) {
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[length];
      image.seek(offset);
      image.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(long offset, byte[] bytes) {
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.seek(offset);
      image.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
