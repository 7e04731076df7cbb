package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is looked for in an initrd that the image's tool has made. */
class SlotInitrdTest {
  private static final DracutFolder FOLDER = new DracutFolder(Path.of("../dracut"));

  private static final List<String> BY_INITRAMFS_TOOLS =
      List.of(
          "init",
          "scripts/init-top/slipway",
          "scripts/local-bottom/slipway",
          "scripts/panic/slipway",
          "usr/lib/slipway/data-partition.sh",
          "usr/lib/slipway/mount-data.sh",
          "usr/lib/slipway/last-words.sh",
          "usr/lib/slipway/bin/mount",
          "usr/lib/slipway/bin/umount",
          "usr/lib/slipway/bin/mkdir",
          "usr/lib/slipway/bin/chroot",
          "usr/lib/slipway/bin/readlink",
          "usr/lib/slipway/bin/cat",
          "usr/lib/slipway/bin/dd");

  private static final List<String> BY_DRACUT =
      List.of(
          "init",
          "usr/lib/dracut/hooks/pre-pivot/90-slipway-pre-pivot.sh",
          "usr/lib/dracut/hooks/emergency/50-slipway-emergency.sh",
          "usr/lib/dracut/hooks/shutdown-emergency/50-slipway-emergency.sh",
          "usr/lib/slipway/data-partition.sh",
          "usr/lib/slipway/mount-data.sh",
          "usr/lib/slipway/last-words.sh");

  private static final List<String> BY_MKINITFS =
      List.of(
          "init",
          "usr/lib/slipway/data-partition.sh",
          "usr/lib/slipway/mount-data.sh",
          "usr/lib/slipway/last-words.sh",
          "usr/lib/slipway/partition-by-uuid.sh");

  @TempDir private Path slot;
  @TempDir private Path initrd;

  private void check(InitrdTool tool, List<String> names) {
    TestTree inside = new TestTree(initrd);
    names.forEach(name -> inside.file("/" + name, ""));
    new TestTree(slot).directory("/boot/slipway");
    Path made = slot.resolve("boot/slipway/initrd");
    Command.of("sh", "-c", "cpio --quiet -o -H newc >\"$0\"", made.toString())
        .directory(initrd)
        .input(String.join("\n", names).getBytes(StandardCharsets.US_ASCII))
        .run();
    try (OsTree tree = new OsTree(slot)) {
      SlotInitrd.check(
          tree,
          new SlotInitrd.Plan(
              tool, new InstalledKernel("6.1", "/boot/vmlinuz-6.1"), List.of(), List.of()));
    }
  }

  private static List<String> without(String name, List<String> names) {
    return names.stream().filter(each -> !each.equals(name)).toList();
  }

  @Test
  void oneWithAllOfSlipwaysFilesIsGood() {
    assertThatNoException().isThrownBy(() -> check(new InitramfsTools(FOLDER), BY_INITRAMFS_TOOLS));
    assertThatNoException().isThrownBy(() -> check(new Dracut(FOLDER), BY_DRACUT));
    assertThatNoException().isThrownBy(() -> check(new Mkinitfs(FOLDER), BY_MKINITFS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pci_hyperv", "vmd", "mpi3mr", "lpfc", "qla2xxx"})
  void driversOfRarerMachinesAreTakenWhereTheKernelHasThem(String driver) {
    assertThat(FOLDER.drivers()).contains(new DracutFolder.Driver(driver, false));
  }

  @Test
  void dracutMayKeepItsHooksElsewhere() {
    List<String> names =
        BY_DRACUT.stream()
            .map(name -> name.replace("usr/lib/dracut/hooks", "var/lib/dracut/hooks"))
            .toList();
    assertThatNoException().isThrownBy(() -> check(new Dracut(FOLDER), names));
  }

  @Test
  void oneThatLacksAnyOfInitramfsToolsPartsIsRefusedWithItsName() {
    for (String name : BY_INITRAMFS_TOOLS.subList(1, BY_INITRAMFS_TOOLS.size())) {
      assertThatThrownBy(() -> check(new InitramfsTools(FOLDER), without(name, BY_INITRAMFS_TOOLS)))
          .as(name)
          .isInstanceOf(OperatorError.class)
          .hasMessageStartingWith(
              "initramfs-tools of the image left Slipway's " + name + " out of the initrd");
    }
  }

  @Test
  void oneThatLacksAnyOfDracutsPartsIsRefusedWithItsName() {
    for (String name : BY_DRACUT.subList(1, BY_DRACUT.size())) {
      assertThatThrownBy(() -> check(new Dracut(FOLDER), without(name, BY_DRACUT)))
          .as(name)
          .isInstanceOf(OperatorError.class)
          .hasMessageStartingWith(
              "dracut of the image left Slipway's "
                  + name.replaceFirst("usr/lib/dracut/", "").replaceFirst("[0-9]+-", "")
                  + " out of the initrd");
    }
  }

  @Test
  void oneThatLacksAnyOfMkinitfsPartsIsRefusedWithItsName() {
    for (String name : BY_MKINITFS.subList(1, BY_MKINITFS.size())) {
      assertThatThrownBy(() -> check(new Mkinitfs(FOLDER), without(name, BY_MKINITFS)))
          .as(name)
          .isInstanceOf(OperatorError.class)
          .hasMessageStartingWith(
              "mkinitfs of the image left Slipway's " + name + " out of the initrd");
    }
  }
}
