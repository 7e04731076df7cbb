package dev.slipway.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real loop devices and mounts, and that none is left. */
class LoopDeviceAndMountTest {
  private static final long MIB = 1 << 20;

  @RegisterExtension final Scratch work = new Scratch();

  private Path image(long size) throws IOException {
    Path image = work.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    return image;
  }

  private static boolean isAttached(Path device) {
    return Files.exists(
        Path.of("/sys/block", device.getFileName().toString(), "loop", "backing_file"));
  }

  @Test
  void aPieceOfAFileIsADeviceUntilItIsClosed() throws IOException {
    Path image = image(4 * MIB);
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(MIB);
      file.writeBytes("here");
    }
    Path device;
    try (LoopDevice loop = LoopDevice.attach(image, MIB, 2 * MIB, true)) {
      device = loop.path();
      assertThat(new BlockDevice(device).size()).isEqualTo(2 * MIB);
      assertThat(new BlockDevice(device).sectorSize()).isEqualTo(512);
      try (RandomAccessFile file = new RandomAccessFile(device.toFile(), "r")) {
        byte[] start = new byte[4];
        file.readFully(start);
        assertThat(new String(start, java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("here");
      }
      assertThat(isAttached(device)).isTrue();
    }
    assertThat(isAttached(device)).isFalse();
  }

  @Test
  void manyAtOnceEachGetTheirOwn() throws IOException {
    Path image = image(4 * MIB);
    List<LoopDevice> devices = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        devices.add(LoopDevice.attach(image, 0, MIB, true));
      }
      assertThat(devices.stream().map(LoopDevice::path).distinct()).hasSize(12);
    } finally {
      devices.forEach(LoopDevice::close);
    }
    assertThat(devices).noneMatch(device -> isAttached(device.path()));
  }

  @Test
  void aMountedDeviceIsClaimedAndIsNotWiped() throws IOException {
    Path image = image(8 * MIB);
    try (LoopDevice loop = LoopDevice.attach(image, 0, 8 * MIB)) {
      BlockDevice device = new BlockDevice(loop.path());
      Command.of("mkfs.ext4", "-q", "-F", loop.path().toString()).run();
      assertThat(device.isClaimed()).isFalse();
      Path target = Files.createDirectory(work.resolve("mounted"));
      try (Mount mount = Mount.of(loop.path(), target, "ext4", Set.of(), "")) {
        assertThat(device.isClaimed()).isTrue();
        assertThat(Mount.current())
            .filteredOn(each -> each.target().equals(mount.target()))
            .extracting(MountPoint::device)
            .containsExactly(device.number());
        assertThatThrownBy(() -> device.wipeStart(MIB))
            .isInstanceOfSatisfying(
                SystemCallException.class, error -> assertThat(error.is(Errno.EBUSY)).isTrue());
      }
      device.wipeStart(MIB);
    }
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
      byte[] start = new byte[(int) MIB];
      file.readFully(start);
      assertThat(start).containsOnly(0);
    }
  }

  @Test
  void aMissingFileLeavesNoDevice() {
    assertThatThrownBy(() -> LoopDevice.attach(work.resolve("missing"), 0, MIB))
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining("missing")
        .hasMessageContaining("ENOENT");
  }

  @Test
  void aFileSystemIsMountedFrozenThawedAndUnmounted() throws IOException {
    Path image = image(8 * MIB);
    Command.of("mkfs.ext4", "-q", "-F", image.toString()).run();
    Path target = work.makeDirectory("a target with spaces");
    Path device;
    try (LoopDevice loop = LoopDevice.attach(image, 0, 8 * MIB)) {
      device = loop.path();
      try (Mount mount =
          Mount.of(device, target, "ext4", Set.of(Mount.Option.NO_DEV, Mount.Option.NO_SUID), "")) {
        Files.writeString(mount.target().resolve("file"), "content");
        FileSystemSync.freeze(target);
        FileSystemSync.thaw(target);
        FileSystemSync.syncfs(target);
        assertThat(Mount.current())
            .anySatisfy(
                point -> {
                  assertThat(point.target()).isEqualTo(target);
                  assertThat(point.type()).isEqualTo("ext4");
                  assertThat(point.source()).isEqualTo(device.toString());
                  assertThat(point.options()).contains("nodev", "nosuid", "rw");
                });
        Mount.remountReadOnly(target);
        assertThatThrownBy(() -> Files.writeString(target.resolve("other"), "x"))
            .isInstanceOf(IOException.class);
      }
      assertThat(target.resolve("file")).doesNotExist();
    }
    assertThat(isAttached(device)).isFalse();
  }

  @Test
  void aBindMountCanBeReadOnly() throws IOException {
    Path source = work.makeDirectory("source");
    Path target = work.makeDirectory("target");
    Files.writeString(source.resolve("file"), "content");
    try (Mount mount = Mount.bind(source, target, Set.of(Mount.Option.READ_ONLY))) {
      assertThat(mount.target().resolve("file")).hasContent("content");
      assertThatThrownBy(() -> Files.writeString(target.resolve("file"), "x"))
          .isInstanceOf(IOException.class);
    }
    Files.writeString(source.resolve("file"), "still writable");
    assertThat(target.resolve("file")).doesNotExist();
  }

  @Test
  void aMountThatCannotBeSaysWhatAndWhere() {
    Path target = work.makeDirectory("target");

    assertThatThrownBy(() -> Mount.of(Path.of("/dev/null"), target, "ext4", Set.of(), ""))
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining("/dev/null on " + target);
    assertThat(Mount.current()).noneMatch(point -> point.target().equals(target));
  }

  @Test
  void kexecSaysWhyItCannot() {
    // Build machines have no kexec, or no permission for it; either way nothing may be loaded
    // afterwards.
    Kexec kexec = new Kexec();
    Path notAKernel = Path.of("/etc/hostname");

    assertThatThrownBy(() -> kexec.load(notAKernel, notAKernel, "root=none"))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith("The running kernel")
        .hasMessageContaining("--cold");
    assertThat(kexec.isLoaded()).isFalse();
    kexec.unload();
  }
}
