package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An initrd made by mkinitfs, in the sandbox and looked through afterwards. The mkinitfs here is a
 * stand-in, because Alpine's is in no package source that the tests have: a script with those
 * options of mkinitfs(1) that Slipway uses, which makes a real archive of what the features name.
 * It runs in a root of busybox, and the modules have nothing in them.
 */
class MkinitfsTest {
  private static final String KERNEL = "6.12.9-0-lts";
  private static final String MODULES = "/lib/modules/" + KERNEL;
  private static final DracutFolder FOLDER = new DracutFolder(Path.of("../dracut"));

  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void alpine() throws IOException {
    tree =
        new TestTree(root)
            .file("/etc/os-release", "ID=alpine\n")
            .file("/usr/share/mkinitfs/initramfs-init", "mkinitfs' own\n")
            .file("/etc/mkinitfs/mkinitfs.conf", "features=\"base hba\"\n")
            .file("/etc/mkinitfs/features.d/base.files", "/bin/busybox\n")
            .file("/etc/mkinitfs/features.d/hba.modules", "kernel/drivers/scsi/rare.ko*\n")
            .kernel("/boot/vmlinuz-lts", KERNEL)
            .file("/boot/slipway/vmlinuz", "kernel")
            .file("/usr/share/kernel/lts/kernel.release", KERNEL + "\n")
            .file(MODULES + "/modules.builtin", "kernel/drivers/virtio/virtio_pci.ko\n");
    module("drivers/block/virtio_blk");
    module("drivers/nvme/host/nvme", "drivers/nvme/host/nvme-core");
    module("drivers/scsi/rare");
    module("drivers/gpu/large");
    module("fs/ext4/ext4", "fs/jbd2/jbd2", "lib/crc16");
    module("fs/xfs/xfs");
    module("crypto/crc32c_generic");
    for (String name : new String[] {"bin", "sbin", "usr/bin", "dev", "proc", "run", "tmp"}) {
      Files.createDirectories(root.resolve(name));
    }
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : "sh cp mkdir mktemp sed tr find cpio gzip depmod".split(" ", -1)) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    Files.createSymbolicLink(root.resolve("usr/bin/env"), Path.of("../../bin/busybox"));
    mkinitfs(standIn());
  }

  private static String standIn() throws IOException {
    return Files.readString(Path.of("../e2e/tiny/mkinitfs"));
  }

  private void mkinitfs(String script) throws IOException {
    tree.file("/sbin/mkinitfs", script);
    Files.setPosixFilePermissions(
        root.resolve("sbin/mkinitfs"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void module(String name, String... needed) throws IOException {
    StringBuilder line = new StringBuilder("kernel/" + name + ".ko.gz:");
    compressed(MODULES + "/kernel/" + name + ".ko.gz");
    for (String other : needed) {
      compressed(MODULES + "/kernel/" + other + ".ko.gz");
      line.append(" kernel/").append(other).append(".ko.gz");
    }
    String before = tree.has(MODULES + "/modules.dep") ? tree.read(MODULES + "/modules.dep") : "";
    tree.file(MODULES + "/modules.dep", before + line + "\n");
  }

  private void compressed(String path) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(new byte[100]);
    }
  }

  private ChangeLog made(String... fileSystems) {
    return tree.apply(
        (slot, changes) ->
            new SlotInitrd(FOLDER, Set.of(fileSystems))
                .make(
                    slot,
                    InstalledKernel.chosen(slot, KernelChoice.NEWEST),
                    Optional.empty(),
                    changes));
  }

  private InitrdContents contents() throws IOException {
    return InitrdContents.of(Files.newInputStream(root.resolve("boot/slipway/initrd")));
  }

  @Test
  void theInitrdIsForTheSlotsKernelAndHoldsItsDriversAndWhatThoseNeed() throws IOException {
    ChangeLog changes = made("xfs");
    assertThat(contents().modules())
        .contains("virtio_blk", "nvme", "nvme_core", "ext4", "jbd2", "xfs", "crc32c_generic")
        .doesNotContain("large");
    assertThat(contents().names()).contains("lib/modules/" + KERNEL + "/kernel/fs/xfs/xfs.ko.gz");
    assertThat(changes.all())
        .extracting(Change::toString)
        .anyMatch(
            change -> change.contains("made by mkinitfs of the image for the kernel " + KERNEL));
  }

  @Test
  void aFileSystemThatNoSlotHasIsLeftOut() throws IOException {
    made("ext4");
    assertThat(contents().modules()).contains("ext4").doesNotContain("xfs");
  }

  @Test
  void itsInitIsSlipways() throws IOException {
    made("ext4");
    assertThat(
            Command.of("sh", "-c", "zcat initrd | cpio -i --quiet --to-stdout init")
                .directory(root.resolve("boot/slipway"))
                .run()
                .out())
        .isEqualTo(Files.readString(Path.of("../dracut/mkinitfs/init")));
  }

  @Test
  void whatTheImagesOwnConfigurationAsksForIsInItToo() throws IOException {
    made("ext4");
    assertThat(contents().modules()).contains("rare");
    Files.delete(root.resolve("etc/mkinitfs/mkinitfs.conf"));
    made("ext4");
    assertThat(contents().modules()).contains("virtio_blk").doesNotContain("rare");
  }

  @Test
  void aDriverThatMkinitfsLeavesOutIsRefused() throws IOException {
    mkinitfs(
        standIn()
            .replace(
                "take \"$module\"", "case $module in */nvme.ko*) ;; *) take $module;; esac #"));
    assertThatThrownBy(() -> made("ext4"))
        .hasMessageStartingWith("mkinitfs of the image left the driver nvme out of the initrd")
        .hasMessageContaining("/etc/mkinitfs");
    assertThat(tree.has("/boot/slipway/initrd")).isFalse();
  }

  @Test
  void mkinitfsThatFailsIsToldWithItsWords() throws IOException {
    mkinitfs("#!/bin/sh\necho no apk keys here >&2\nexit 1\n");
    assertThatThrownBy(() -> made("ext4")).hasMessageContaining("no apk keys here");
  }

  @Test
  void dracutIsTakenWhereTheImageHasIt() {
    tree.file("/usr/bin/dracut", "").directory("/usr/lib/dracut/modules.d");
    assertThat(tool()).isEqualTo("dracut");
  }

  @Test
  void initramfsToolsAreTakenBeforeMkinitfs() {
    tree.file("/usr/sbin/mkinitramfs", "").directory("/usr/share/initramfs-tools");
    assertThat(tool()).isEqualTo("initramfs-tools");
  }

  @Test
  void anotherToolOfTheSameNameIsNotTaken() throws IOException {
    assertThat(tool()).isEqualTo("mkinitfs");
    Files.delete(root.resolve("usr/share/mkinitfs/initramfs-init"));
    assertThat(tool()).isEmpty();
  }

  private String tool() {
    try (OsTree slot = new OsTree(root)) {
      return InitrdTool.of(slot, FOLDER).map(InitrdTool::name).orElse("");
    }
  }
}
