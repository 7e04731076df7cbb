package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledKernelTest {
  @TempDir private Path directory;

  private InstalledKernel newest() {
    try (OsTree tree = new OsTree(directory)) {
      return InstalledKernel.chosen(tree, KernelChoice.NEWEST);
    }
  }

  private TestTree tree() {
    return new TestTree(directory).file("/etc/os-release", "ID=debian\n");
  }

  @Test
  void theNewestCompleteKernelBoots() {
    tree()
        .file("/lib/modules/6.1.0-9-amd64/modules.dep", "")
        .kernel("/boot/vmlinuz-6.1.0-9-amd64", "6.1.0-9-amd64")
        .file("/lib/modules/6.1.0-56-amd64/modules.dep", "")
        .kernel("/boot/vmlinuz-6.1.0-56-amd64", "6.1.0-56-amd64")
        .file("/lib/modules/6.12.0-1-amd64/modules.dep", "");
    assertThat(newest())
        .isEqualTo(new InstalledKernel("6.1.0-56-amd64", "/boot/vmlinuz-6.1.0-56-amd64"));
  }

  @Test
  void aPinnedKernelBootsThoughAnotherIsNewer() {
    tree()
        .file("/lib/modules/6.1.0-9-amd64/modules.dep", "")
        .kernel("/boot/vmlinuz-6.1.0-9-amd64", "6.1.0-9-amd64")
        .file("/lib/modules/6.1.0-56-amd64/modules.dep", "")
        .kernel("/boot/vmlinuz-6.1.0-56-amd64", "6.1.0-56-amd64");
    assertThat(pinned("6.1.0-9-amd64").image()).isEqualTo("/boot/vmlinuz-6.1.0-9-amd64");
  }

  @Test
  void aPinnedKernelThatIsNotThereIsRefusedWithThoseThatAre() {
    tree()
        .file("/lib/modules/6.1.0-9-amd64/modules.dep", "")
        .kernel("/boot/vmlinuz-6.1.0-9-amd64", "6.1.0-9-amd64")
        .file("/lib/modules/6.12.0-1-amd64/modules.dep", "")
        .kernel("/boot/vmlinuz-6.12.0-1-amd64", "6.12.0-1-amd64")
        .file("/lib/modules/6.1.0-8-amd64/modules.dep", "");
    assertThatThrownBy(() -> pinned("6.1.0-8-amd64"))
        .isInstanceOf(OperatorError.class)
        .hasMessage(
            "--kernel is \"6.1.0-8-amd64\" (did you mean \"6.1.0-9-amd64\"?), but the image has no"
                + " such kernel with its modules; it has 6.1.0-9-amd64, 6.12.0-1-amd64. Name one of"
                + " them, or none for the newest.");
  }

  private InstalledKernel pinned(String version) {
    try (OsTree tree = new OsTree(directory)) {
      return InstalledKernel.chosen(tree, new KernelChoice.Pinned(version, "--kernel"));
    }
  }

  @Test
  void aKernelBesideItsModulesIsFound() {
    tree()
        .file("/lib/modules/6.17.1-300.fc43.x86_64/modules.dep", "")
        .kernel("/lib/modules/6.17.1-300.fc43.x86_64/vmlinuz", "6.17.1-300.fc43.x86_64");
    assertThat(newest().image()).isEqualTo("/lib/modules/6.17.1-300.fc43.x86_64/vmlinuz");
  }

  @Test
  void aKernelThatIsCalledByItsFlavourIsFoundByTheVersionThatTheFlavourHas() {
    tree()
        .file("/lib/modules/6.6.9-0-lts/modules.dep", "")
        .file("/lib/modules/6.12.9-0-lts/modules.dep", "")
        .file("/lib/modules/6.12.9-0-virt/modules.dep", "")
        .file("/usr/share/kernel/lts/kernel.release", "6.12.9-0-lts\n")
        .kernel("/boot/vmlinuz-lts", "6.12.9-0-lts");
    assertThat(newest()).isEqualTo(new InstalledKernel("6.12.9-0-lts", "/boot/vmlinuz-lts"));
  }

  @Test
  void noKernelIsRefusedWithItsPackage() {
    tree();
    assertThatThrownBy(this::newest)
        .hasMessage(
            "The image has no kernel. Install linux-image-amd64 in the image (apt-get install"
                + " linux-image-amd64).");
  }

  @Test
  void aKernelWithoutItsModulesIsRefused() {
    tree().file("/boot/vmlinuz-6.1.0-9-amd64", "");
    assertThatThrownBy(this::newest).hasMessageContaining("but not its modules");
  }

  @Test
  void modulesWithoutTheirKernelAreRefused() {
    tree().file("/lib/modules/6.1.0-9-amd64/modules.dep", "");
    assertThatThrownBy(this::newest).hasMessageContaining("but no vmlinuz of that version");
  }

  @Test
  void versionsAreOrderedByAge() {
    List<String> byAge =
        List.of(
            "3.10.0-1160.el7.x86_64",
            "4.18.0-240.10.1.el8_3.x86_64",
            "6.1.0-9-amd64",
            "6.1.0-56-amd64",
            "6.12.9",
            "6.12.10",
            "6.13.0-rc1",
            "6.13.0-rc2",
            "6.13.0",
            "6.13.0-1");
    long seed = System.nanoTime();
    List<KernelVersion> shuffled = new ArrayList<>(byAge.stream().map(KernelVersion::new).toList());
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(shuffled.stream().sorted().map(KernelVersion::text))
        .as("seed %d", seed)
        .containsExactlyElementsOf(byAge);
  }
}
