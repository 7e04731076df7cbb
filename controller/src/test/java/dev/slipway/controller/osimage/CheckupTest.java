package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.controller.osimage.Finding.Kind;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.image.LocalImages;
import dev.slipway.linux.OpenDirectory;
import dev.slipway.linux.OpenFile;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of an image before anything is made of it; the trees are made by hand. */
class CheckupTest {
  /** An archive's end, and nothing before it (cpio's format "newc"). */
  private static final String NO_MODULES =
      "070701" + "0".repeat(88) + "0000000b" + "00000000" + "TRAILER!!!\0";

  @TempDir private Path directory;
  private TestTree tree;

  @BeforeEach
  void emptyTree() {
    tree = new TestTree(directory);
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    tree.file("/etc/os-release", "ID=debian\n")
        .systemd("getty.target")
        .link("/etc/systemd/system/getty.target", "/dev/null")
        .file("/.dockerenv", "");

    List<Finding> findings = findings(CheckChoice.MEND_ALL);

    assertThat(findings)
        .extracting(Finding::check, Finding::kind)
        .contains(
            tuple("kernel", Kind.FATAL),
            tuple("init", Kind.FATAL),
            tuple("udev", Kind.FATAL),
            tuple("masked-units", Kind.MENDED),
            tuple("engine-leftovers", Kind.MENDED),
            tuple("fsck", Kind.NOTE));
    assertThat(textOf("kernel", findings)).contains("apt-get install linux-image-amd64");
    assertThat(textOf("masked-units", findings)).contains("getty.target");
  }

  @Test
  void everyFamilyIsToldItsOwnPackages() {
    tree.file("/etc/os-release", "ID=alpine\n");
    assertThat(textOf("kernel", findings(CheckChoice.MEND_ALL))).contains("apk add linux-lts");
    tree.file("/etc/os-release", "ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\n");
    assertThat(textOf("kernel", findings(CheckChoice.MEND_ALL))).contains("dnf install kernel");
  }

  @Test
  void theNewestOfSeveralKernelsIsNamed() {
    kernel("6.1.0-9-amd64").kernel("6.1.0-31-amd64");
    assertThat(textOf("several-kernels", findings(CheckChoice.MEND_ALL)))
        .contains(
            "6.1.0-9-amd64, 6.1.0-31-amd64; the newest, 6.1.0-31-amd64, is the one that boots");
  }

  @Test
  void allThatIsSaidOfAKernelIsSaidOfThePinnedOne() {
    kernel("6.1.0-9-amd64").kernel("6.1.0-31-amd64");
    tree.file("/boot/config-6.1.0-9-amd64", "CONFIG_KEXEC=y\n")
        .file("/boot/config-6.1.0-31-amd64", "CONFIG_KEXEC_FILE=y\n")
        .file("/usr/bin/dracut", "")
        .directory("/usr/lib/dracut/modules.d");

    List<Finding> findings = findings(pinned("6.1.0-9-amd64"));

    assertThat(textOf("several-kernels", findings))
        .contains("; the pinned one, 6.1.0-9-amd64, is the one that boots");
    assertThat(textOf("kexec", findings)).startsWith("The kernel 6.1.0-9-amd64 is built without");
    assertThat(textOf("initrd", findings)).startsWith("The kernel 6.1.0-9-amd64 of the image");
  }

  @Test
  void aPinnedKernelThatIsNotThereIsFatal() {
    kernel("6.1.0-9-amd64").kernel("6.1.0-31-amd64");

    List<Finding> findings = findings(pinned("6.1.0-32-amd64"));

    assertThat(textOf("kernel", findings))
        .startsWith("--kernel is \"6.1.0-32-amd64\" (did you mean \"6.1.0-31-amd64\"?)")
        .contains("it has 6.1.0-9-amd64, 6.1.0-31-amd64.");
    assertThat(findings).extracting(Finding::check).doesNotContain("several-kernels", "kexec");
    try (Image image = image()) {
      assertThatThrownBy(
              () -> new OsImagePreparation().prepare(directory, image, pinned("6.1.0-32-amd64")))
          .isInstanceOf(OperatorError.class)
          .hasMessageStartingWith("--kernel is \"6.1.0-32-amd64\"");
    }
  }

  @Test
  void aKernelThatNoBootLoaderStartsIsFatal() {
    kernel("6.1.0-9-amd64").tree.file("/boot/vmlinuz-6.1.0-9-amd64", "a download's error page");

    assertFatalAndRefused(
        InitrdSource.MAKE,
        "kernel",
        "/boot/vmlinuz-6.1.0-9-amd64 of the image is not a Linux kernel for x86 (bzImage). Install"
            + " the kernel's package in the image again.");
  }

  @Test
  void aKernelOfAnotherVersionThanItsModulesIsFatal() {
    kernel("6.1.0-9-amd64").tree.kernel("/boot/vmlinuz-6.1.0-9-amd64", "6.1.0-31-amd64");

    assertFatalAndRefused(
        InitrdSource.MAKE,
        "kernel",
        "/boot/vmlinuz-6.1.0-9-amd64 of the image says that it is the kernel 6.1.0-31-amd64; its"
            + " modules in /lib/modules/6.1.0-9-amd64 would not fit. Install the kernel's package"
            + " in the image again.");
  }

  @Test
  void onlyTheKernelThatBootsIsReadWhereThereAreSeveral() {
    kernel("6.1.0-9-amd64").kernel("6.1.0-31-amd64");
    tree.file("/boot/vmlinuz-6.1.0-31-amd64", "");

    assertThat(textOf("kernel", findings(CheckChoice.MEND_ALL))).contains("vmlinuz-6.1.0-31-amd64");
    assertThat(findings(pinned("6.1.0-9-amd64")))
        .extracting(Finding::check)
        .doesNotContain("kernel");
  }

  @Test
  void aKernelThatAnImageBringsAndNoBootLoaderStartsIsFatal() throws IOException {
    TinyImage.in(directory, 1);
    tree.file("/boot/slipway/vmlinuz", "");

    assertFatalAndRefused(
        InitrdSource.KEEP,
        "kernel",
        "/boot/slipway/vmlinuz of the image is not a Linux kernel for x86 (bzImage).");
  }

  /** By whoever asks, and by whoever prepares it all the same. */
  @Test
  void aLinkInThePlaceOfTheBootLoadersDirectoryIsFatal() {
    tree.directory("/elsewhere").link("/boot/slipway", "/elsewhere");

    assertThat(textOf("boot-files", findings(CheckChoice.MEND_ALL)))
        .isEqualTo(
            "/boot/slipway of the image is not a directory; the boot loader reads it as one.");
  }

  private void assertFatalAndRefused(InitrdSource initrd, String check, String sentence) {
    PreparationOptions options = options(initrd, CheckChoice.MEND_ALL);
    assertThat(findings(options)).contains(new Finding(check, Kind.FATAL, sentence));
    try (Image image = image()) {
      assertThatThrownBy(() -> new OsImagePreparation().prepare(directory, image, options))
          .isInstanceOf(OperatorError.class)
          .hasMessage(sentence);
    }
  }

  @Test
  void aKernelThatCannotKexecIsSaid() {
    kernel("6.1.0-9-amd64").tree.file("/boot/config-6.1.0-9-amd64", "CONFIG_KEXEC=y\n");
    assertThat(textOf("kexec", findings(CheckChoice.MEND_ALL))).contains("through the firmware");

    tree.file("/boot/config-6.1.0-9-amd64", "CONFIG_KEXEC_FILE=y\n");
    assertThat(findings(CheckChoice.MEND_ALL)).extracting(Finding::check).doesNotContain("kexec");
  }

  @Test
  void aKernelThatLoadsOnlySignedKernelsIsSaid() {
    kernel("6.1.0-9-amd64")
        .tree
        .file(
            "/boot/config-6.1.0-9-amd64",
            "CONFIG_KEXEC_FILE=y\nCONFIG_KEXEC_SIG=y\nCONFIG_KEXEC_SIG_FORCE=y\n");
    assertThat(textOf("kexec", findings(CheckChoice.MEND_ALL)))
        .contains("CONFIG_KEXEC_SIG_FORCE", "signed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/sysctl.conf",
        "/etc/sysctl.d/50-harden.conf",
        "/usr/lib/sysctl.d/50-harden.conf",
        "/usr/local/lib/sysctl.d/50-harden.conf"
      })
  void aSettingThatForbidsKexecIsSaid(String file) {
    tree.file(file, "# hardening\n-kernel/kexec_load_disabled = 1\n");
    assertThat(textOf("kexec-allowed", findings(CheckChoice.MEND_ALL)))
        .startsWith(file + " of the image sets kernel.kexec_load_disabled=1")
        .contains("through the firmware");
  }

  @Test
  void aSettingForKexecThatAnotherFileReplacesCountsForNothing() {
    tree.file("/usr/lib/sysctl.d/50-harden.conf", "kernel.kexec_load_disabled = 1\n")
        .file("/etc/sysctl.d/50-harden.conf", "")
        .file("/etc/sysctl.d/60-other.conf", "#kernel.kexec_load_disabled = 1\n");
    assertThat(findings(CheckChoice.MEND_ALL))
        .extracting(Finding::check)
        .doesNotContain("kexec-allowed");
  }

  @Test
  void anEnforcedPolicyWithoutLabelsIsFatal() {
    tree.file("/etc/selinux/config", "SELINUX=enforcing\nSELINUXTYPE=targeted\n");
    assertThat(textOf("selinux", findings(CheckChoice.MEND_ALL))).contains("SELINUX=permissive");

    tree.file("/etc/selinux/config", "SELINUX=permissive\n");
    assertThat(findings(CheckChoice.MEND_ALL)).extracting(Finding::check).doesNotContain("selinux");
  }

  /** A label is there while an image is built, and not in the slot. */
  @Test
  void anEnforcedPolicyIsFatalForAnImageThatWasLabelledToo() throws IOException {
    Path labelled = Files.createDirectory(directory.resolve("labelled"));
    new TestTree(labelled).file("/etc/selinux/config", "SELINUX=enforcing\n");
    try (OpenDirectory etc = OpenDirectory.open(labelled.resolve("etc/selinux"));
        OpenFile config = etc.openFile(ascii("config"))) {
      config.setAttribute(
          ascii("security.selinux"), ascii("system_u:object_r:selinux_config_t:s0\0"));
    }
    Path slot = Files.createDirectory(directory.resolve("slot"));
    try (Image image = LocalImages.open("rootfs:" + labelled)) {
      LayerStack.unpack(image, slot);
      assertThat(textOf("selinux", Checkup.of(slot, image, makingAll())))
          .contains("files in a slot have no labels");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static PreparationOptions makingAll() {
    return options(InitrdSource.MAKE, CheckChoice.MEND_ALL);
  }

  @Test
  void withoutAToolThatMakesItTheInitrdIsFatal() {
    kernel("6.1.0-9-amd64");
    assertThat(textOf("initrd", findings(CheckChoice.MEND_ALL)))
        .contains("none of dracut, initramfs-tools and mkinitfs");
  }

  @Test
  void whatIsWrongWithTheImagesOwnInitrdsIsSaid() {
    kernel("6.1.0-9-amd64")
        .tree
        .file(
            "/lib/modules/6.1.0-9-amd64/modules.dep",
            "kernel/drivers/block/virtio_blk.ko:\nkernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko\n")
        .file("/boot/initrd.img-6.1.0-9-amd64", NO_MODULES)
        .file("/boot/initramfs-5.4.0-builder.img", "anything")
        .file("/boot/initrd-of-something-else", "anything")
        .link("/boot/initrd.img", "initrd.img-6.1.0-9-amd64");
    List<String> notes =
        findings(CheckChoice.MEND_ALL).stream()
            .filter(found -> found.check().equals("initrd") && found.kind() == Kind.NOTE)
            .map(Finding::text)
            .toList();
    assertThat(notes)
        .anyMatch(
            note ->
                note.startsWith("/boot/initrd.img-6.1.0-9-amd64 has no driver ext4, virtio_blk,"))
        .anyMatch(note -> note.startsWith("/boot/initramfs-5.4.0-builder.img is for a kernel that"))
        .anyMatch(note -> note.startsWith("/boot/initrd-of-something-else is for a kernel that"))
        .hasSize(3);
  }

  @Test
  void anInitrdThatCannotBeReadIsSaid() {
    kernel("6.1.0-9-amd64").tree.file("/boot/initrd.img-6.1.0-9-amd64", "no archive");
    assertThat(findings(CheckChoice.MEND_ALL))
        .extracting(Finding::text)
        .anyMatch(text -> text.startsWith("/boot/initrd.img-6.1.0-9-amd64 cannot be read. "));
  }

  /** Its kernel and what belongs to it are called by their flavour. */
  private TestTree alpine() {
    return tree.file("/lib/modules/6.12.9-0-lts/modules.dep", "kernel/fs/ext4/ext4.ko.gz:\n")
        .file("/usr/share/kernel/lts/kernel.release", "6.12.9-0-lts\n")
        .kernel("/boot/vmlinuz-lts", "6.12.9-0-lts");
  }

  @Test
  void whatIsWrongWithAnInitrdOfAlpinesIsSaid() {
    alpine().file("/boot/initramfs-lts", NO_MODULES).file("/boot/initramfs-of-mine", "anything");
    assertThat(findings(CheckChoice.MEND_ALL))
        .extracting(Finding::text)
        .anyMatch(text -> text.startsWith("/boot/initramfs-lts has no driver ext4,"))
        .noneMatch(text -> text.contains("initramfs-of-mine"));
  }

  @Test
  void alpinesKernelThatCannotKexecIsSaid() {
    alpine().file("/boot/config-lts", "CONFIG_KEXEC=y\n");
    assertThat(textOf("kexec", findings(CheckChoice.MEND_ALL))).contains("through the firmware");
  }

  @Test
  void checksThatAreOffAreNotMade() {
    tree.file("/.dockerenv", "");
    CheckChoice choice = new CheckChoice(true, Set.of("engine-leftovers", "init"));
    assertThat(findings(choice))
        .extracting(Finding::check)
        .doesNotContain("engine-leftovers", "init")
        .contains("kernel");
    assertThat(tree.has("/.dockerenv")).isTrue();
  }

  @Test
  void moreChecksCanBeLeftOutOfAChoice() {
    tree.file("/.dockerenv", "");
    CheckChoice choice = new CheckChoice(false, Set.of("init")).without(Set.of("engine-leftovers"));

    assertThat(choice.mending()).isFalse();
    assertThat(findings(choice))
        .extracting(Finding::check)
        .doesNotContain("engine-leftovers", "init")
        .contains("kernel");
  }

  @Test
  void anImageThatNobodyCanLogInToIsNoted() {
    assertThat(findings(CheckChoice.MEND_ALL))
        .filteredOn(found -> found.check().equals("way-in"))
        .extracting(Finding::kind)
        .containsExactly(Kind.NOTE);
  }

  @Test
  void aCheckThatThereIsNotIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> new CheckChoice(true, Set.of("fstba")))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("'fstba'")
        .hasMessageContaining("fstab");
  }

  @Test
  void whoTakesAnImageOnlyAsItIsIsToldEveryMendItNeeds() {
    kernel("6.1.0-9-amd64").tree.file("/.dockerenv", "").program("/sbin/init", ElfProgram.STATIC);
    CheckChoice asItIs = new CheckChoice(false, Set.of());

    try (Image image = image()) {
      assertThatThrownBy(
              () ->
                  new OsImagePreparation()
                      .prepare(directory, image, options(InitrdSource.MAKE, asItIs)))
          .isInstanceOfSatisfying(
              OperatorError.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(3))
          .hasMessageContaining("--no-fix")
          .hasMessageContaining("removed /.dockerenv");
    }
  }

  @Test
  void anImageThatBringsItsInitrdIsPutToTheOtherChecks() throws IOException {
    TinyImage.in(directory, 1).withKernel("5.4.0-other").withKernel("6.1.0-other");
    tree.file("/.dockerenv", "").file("/etc/shadow", "root::19000:0:99999:7:::\n");
    assertThat(findings(InitrdSource.KEEP, CheckChoice.MEND_ALL))
        .extracting(Finding::check)
        .contains("engine-leftovers", "empty-passwords", "identity")
        .doesNotContain("boot-files", "kernel", "initrd", "several-kernels");
  }

  @Test
  void anImageThatSaysItBringsItsInitrdAndDoesNotIsFatal() {
    assertThat(textOf("boot-files", findings(InitrdSource.KEEP, CheckChoice.MEND_ALL)))
        .contains("no regular file /boot/slipway/vmlinuz");
  }

  @Test
  void anImageThatBringsItsInitrdIsMendedAndKeepsIt() throws IOException {
    TinyImage.in(directory, 1);
    byte[] initrd = Files.readAllBytes(directory.resolve("boot/slipway/initrd"));
    tree.file("/.dockerenv", "").file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
    try (Image image = image()) {
      new OsImagePreparation()
          .prepare(directory, image, options(InitrdSource.KEEP, CheckChoice.MEND_ALL));
    }
    assertThat(tree.has("/.dockerenv")).isFalse();
    assertThat(tree.read("/etc/machine-id")).isEmpty();
    assertThat(directory.resolve("boot/slipway/initrd")).hasBinaryContent(initrd);
  }

  @Test
  void anImageThatBringsItsInitrdIsRefusedWhenItNeedsMendsAndNoneAreWanted() throws IOException {
    TinyImage.in(directory, 1);
    tree.file("/.dockerenv", "");
    PreparationOptions asItIs = options(InitrdSource.KEEP, new CheckChoice(false, Set.of()));
    try (Image image = image()) {
      assertThatThrownBy(() -> new OsImagePreparation().prepare(directory, image, asItIs))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("removed /.dockerenv");
    }
  }

  private CheckupTest kernel(String version) {
    tree.file("/lib/modules/" + version + "/modules.dep", "")
        .kernel("/boot/vmlinuz-" + version, version);
    return this;
  }

  private List<Finding> findings(CheckChoice choice) {
    return findings(options(choice));
  }

  private List<Finding> findings(InitrdSource initrd, CheckChoice choice) {
    return findings(options(initrd, choice));
  }

  private List<Finding> findings(PreparationOptions options) {
    try (Image image = image()) {
      return Checkup.of(directory, image, options);
    }
  }

  private static PreparationOptions pinned(String version) {
    return options(new KernelChoice.Pinned(version, "--kernel"), CheckChoice.MEND_ALL);
  }

  private Image image() {
    return LocalImages.open("rootfs:" + directory);
  }

  private static PreparationOptions options(CheckChoice choice) {
    return options(InitrdSource.MAKE, choice);
  }

  private static PreparationOptions options(InitrdSource initrd, CheckChoice choice) {
    return options(initrd, KernelChoice.NEWEST, choice);
  }

  private static PreparationOptions options(KernelChoice kernel, CheckChoice choice) {
    return options(InitrdSource.MAKE, kernel, choice);
  }

  private static PreparationOptions options(
      InitrdSource initrd, KernelChoice kernel, CheckChoice choice) {
    return new PreparationOptions(
        initrd,
        kernel,
        Set.of("ext4"),
        Optional.empty(),
        Path.of(System.getProperty("slipway.home"), "dracut"),
        choice);
  }

  private static String textOf(String check, List<Finding> findings) {
    return findings.stream()
        .filter(found -> found.check().equals(check))
        .findFirst()
        .map(Finding::text)
        .orElseThrow(() -> new AssertionError("nothing of " + check + " in " + findings));
  }
}
