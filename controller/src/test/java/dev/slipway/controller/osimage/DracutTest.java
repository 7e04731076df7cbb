package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What dracut is told, by versions that know more or less. The dracut is a stand-in in a root of
 * busybox: it refuses options that its help does not name, as dracut does, and makes an archive of
 * its arguments in the place of an initrd.
 */
class DracutTest {
  private static final DracutFolder FOLDER = new DracutFolder(Path.of("../dracut"));

  /** Of 033, with those that Slipway uses. */
  private static final String OLD_HELP =
      """
      Usage: dracut [OPTION]... [<initramfs> [<kernel-version>]]
        --kver [VERSION]      Set kernel version to [VERSION].
        -f, --force           Overwrite existing initramfs file.
        -a, --add [LIST]      Add a space-separated list of dracut modules.
        -o, --omit [LIST]     Omit a space-separated list of dracut modules.
        --add-drivers [LIST] --filesystems [LIST] --tmpdir [DIR] -k, --kmoddir [DIR] --compress [COMPRESSION]
        -N, --no-hostonly --no-hostonly-cmdline --hostonly-i18n
      """;

  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void busyboxWithKernel() throws IOException {
    tree =
        new TestTree(root)
            .kernel("/boot/vmlinuz-3.10", "3.10")
            .file("/boot/slipway/vmlinuz", "kernel")
            .file("/lib/modules/3.10/modules.dep", "")
            .file(
                "/lib/modules/3.10/modules.builtin",
                "virtio_pci.ko\nvirtio_blk.ko\next4.ko\nxfs.ko\n")
            .directory("/usr/lib/dracut/modules.d");
    for (String name : List.of("dev", "proc", "run", "tmp", "bin", "usr/bin")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : List.of("sh", "cat", "echo", "grep")) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    Files.createSymbolicLink(root.resolve("usr/bin/env"), Path.of("../../bin/busybox"));
  }

  private void dracut(String help) throws IOException {
    tree.file("/usr/share/help", help)
        .file(
            "/usr/bin/dracut",
            """
            #!/bin/sh
            [ "$1" != --help ] || { cat /usr/share/help; exit 1; }
            for argument; do
              case $argument in
                --*) grep -q -e "$argument\\b" /usr/share/help || { echo "unknown $argument" >&2; exit 1; } ;;
              esac
            done
            echo "told: $*" >&2
            exit 7
            """);
    Files.setPosixFilePermissions(
        root.resolve("usr/bin/dracut"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What the stand-in says that it was told. */
  private String told(String help) throws IOException {
    dracut(help);
    StringBuilder said = new StringBuilder();
    assertThatThrownBy(
            () ->
                tree.apply(
                    (slot, changes) ->
                        new SlotInitrd(FOLDER, Set.of("ext4"))
                            .make(
                                slot,
                                InstalledKernel.chosen(slot, KernelChoice.NEWEST),
                                Optional.empty(),
                                changes)))
        .satisfies(failure -> said.append(failure.getMessage()));
    return said.toString();
  }

  @Test
  void anOldDracutIsToldOnlyWhatItKnows() throws IOException {
    assertThat(told(OLD_HELP))
        .contains(
            "told: ", "--no-hostonly ", "--no-hostonly-cmdline", "--add slipway", "--kver 3.10")
        .doesNotContain("--reproducible", "--no-hostonly-i18n");
  }

  @Test
  void aDracutThatKnowsMoreIsToldAllOfIt() throws IOException {
    assertThat(told(OLD_HELP + "  --reproducible\n  --no-hostonly-i18n  none\n"))
        .contains("told: ", "--reproducible", "--no-hostonly-i18n");
  }

  @Test
  void dracutIsToldOfTheFileSystemAndOfThoseListedDriversThatTheKernelHas() throws IOException {
    tree.file(
        "/lib/modules/3.10/modules.dep",
        """
        kernel/drivers/nvme/host/nvme.ko.xz: kernel/drivers/nvme/host/nvme-core.ko.xz
        kernel/drivers/nvme/host/nvme-core.ko.xz:
        kernel/drivers/ata/ahci.ko.xz:
        kernel/drivers/usb/storage/usb-storage.ko.xz:
        kernel/drivers/gpu/large.ko.xz:
        kernel/fs/ext4/ext4.ko.xz:
        kernel/fs/xfs/xfs.ko.xz:
        """);

    assertThat(told(OLD_HELP))
        .contains(" --add-drivers nvme ahci usb_storage --filesystems ext4 --tmpdir ");
  }

  @Test
  void whatTheInitrdCannotDoWithoutIsToldAnyDracut() throws IOException {
    assertThat(told(OLD_HELP.replace("--compress", ""))).contains("unknown --compress");
  }
}
