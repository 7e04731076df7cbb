package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.source.Sources;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.filesystem.Reader;
import dev.slipway.filesystem.ReaderKind;
import dev.slipway.filesystem.Vendor;
import dev.slipway.filesystem.Version;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskExplanationTest {
  @TempDir private Path directory;

  private static BuildingHost host(String grub) {
    return new BuildingHost(
        Reader.of(
            ReaderKind.KERNEL, "the building host", new Version("6.18.1-amd64"), Vendor.DEBIAN),
        Reader.of(ReaderKind.GRUB, "the shared boot loader", new Version(grub), Vendor.DEBIAN),
        MkfsTools.ofThisSystem());
  }

  @Test
  void eachFeatureIsNamedWithItsReader() throws IOException {
    String text = explain(twoSlots("ext4", ""), host("2.06-3~deb11u6")).text();

    assertThat(text.lines())
        .contains(
            "new: rootfs:" + directory.resolve("new"),
            "  xfs: reflink on, because every reader knows it",
            "  xfs: bigtime on, because every reader knows it",
            "  xfs: nrext64 off, because GRUB 2.06-3~deb11u6 (the shared boot loader) cannot read"
                + " it; needs 2.12",
            "  xfs: rmapbt off, because a slot gains nothing from it",
            "bullseye: rootfs:" + directory.resolve("bullseye"),
            "  ext4: orphan_file off, because slot \"bullseye\" runs 5.10.0-28-amd64 (needs 5.15)",
            "  ext4: metadata_csum_seed off, because GRUB 2.06-3~deb11u6 (the shared boot loader)"
                + " cannot read it; needs 2.12",
            "spare: stays empty; the agent will make its file system, with the features that the"
                + " oldest distributions can read");
  }

  @Test
  void aSlotOfSizeAutoSaysWhatItsImageNeeds() throws IOException {
    TinyImage.in(directory.resolve("large"), 1).with("large", 100 << 20);
    DiskExplanation explanation =
        explain(
            """
            slots:
              - {name: auto, image: "rootfs:large", initrd: keep}
              - {name: fixed, image: "rootfs:large", initrd: keep, size: 1GiB}
            """,
            host("2.12"));

    assertThat(explanation.text()).containsOnlyOnce("  size: auto; the image needs 63");
    JsonObject auto = explanation.json().objects("slots").get(0);
    assertThat(auto.bool("autoSize")).isTrue();
    assertThat(auto.integer("size")).isBetween(637L << 20, 640L << 20);
    JsonObject fixed = explanation.json().objects("slots").get(1);
    assertThat(fixed.bool("autoSize")).isFalse();
    assertThat(fixed.integer("size")).isEqualTo(1L << 30);
  }

  @Test
  void aDiskWithoutUsersSaysThatOnlyImagesLetSomebodyIn() throws IOException {
    String line =
        "host: no user has an SSH key or a password hash, so nobody can log in but to an account"
            + " that an image brings";
    String disk = twoSlots("ext4", "");

    assertThat(explain(disk, host("2.12")).text().lines()).endsWith(line);
    String hash = "$6$salt$" + "x".repeat(86);
    assertThat(
            explain(
                    disk + "\nhost: {users: [{name: root, password-hash: " + hash + "}]}\n",
                    host("2.12"))
                .text())
        .doesNotContain("log in");
  }

  @Test
  void anImageWithoutAServerForTheKeysOfItsUsersIsToldWhatToInstall() throws IOException {
    String line =
        "  host: users have SSH keys and no password hash, and the image has no SSH server that"
            + " would take the keys. Install openssh-server in the image (apt-get install"
            + " openssh-server).";
    String keys = "ssh-keys: [\"" + TestBuild.SSH_KEY + "\"]";
    String hash = ", password-hash: $6$salt$" + "x".repeat(86);
    String disk = twoSlots("ext4", "") + "\nhost: {users: [{name: root, %s}]}\n";

    assertThat(explain(disk.formatted(keys), host("2.12")).text().lines())
        .filteredOn(line::equals)
        .as("of each slot with an image")
        .hasSize(2);
    assertThat(explain(disk.formatted(keys + hash), host("2.12")).text())
        .doesNotContain("SSH server");

    Path server = directory.resolve("new/usr/sbin/sshd");
    Files.createDirectories(server.getParent());
    Files.writeString(server, "");
    assertThat(explain(disk.formatted(keys), host("2.12")).text()).containsOnlyOnce(line);
  }

  @Test
  void theKernelOfAnotherSlotIsAReaderToo() throws IOException {
    TinyImage.in(directory.resolve("new"), 1)
        .debian("13", "1.47.2-3", "6.13.0-2")
        .withKernel("6.12.48-amd64");
    TinyImage.in(directory.resolve("el8"), 2)
        .withText("etc/os-release", "ID=rocky\nVERSION_ID=8.10\n")
        .withKernel("4.18.0-553.el8_10.x86_64");
    String text =
        explain(
                """
                slots:
                  - {name: new, image: "rootfs:new", filesystem: xfs, size: 1GiB}
                  - {name: el8, image: "rootfs:el8", filesystem: xfs, size: 1GiB}
                """,
                host("2.12-9+deb13u2"))
            .text();

    assertThat(text)
        .contains("bigtime off, because slot \"el8\" runs 4.18.0-553.el8_10.x86_64 (needs 5.10)")
        .contains("nrext64 off, because slot \"el8\" runs 4.18.0-553.el8_10.x86_64 (needs 6.5)");
  }

  @Test
  void aPinnedKernelIsTheReader() throws IOException {
    TinyImage.in(directory.resolve("two"), 1)
        .debian("13", "1.47.2-3", "6.13.0-2")
        .withKernel("6.12.48-amd64")
        .withKernel("5.4.0-9-amd64");
    String disk =
        """
        slots:
          - {name: two, image: "rootfs:two", filesystem: xfs, size: 1GiB%s}
        """;

    assertThat(explain(disk.formatted(""), host("2.12-9+deb13u2")).text()).contains("bigtime on");
    assertThat(explain(disk.formatted(", kernel: 5.4.0-9-amd64"), host("2.12-9+deb13u2")).text())
        .contains("bigtime off, because slot \"two\" runs 5.4.0-9-amd64 (needs 5.10)");
    assertThatThrownBy(
            () -> explain(disk.formatted(", kernel: 5.4.0-8-amd64"), host("2.12-9+deb13u2")))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith(
            directory.resolve("disk.yml")
                + ", line 2: 'slots[0].kernel' is \"5.4.0-8-amd64\" (did you mean"
                + " \"5.4.0-9-amd64\"?), but the image has no such kernel with its modules; it has"
                + " 5.4.0-9-amd64, 6.12.48-amd64.");
  }

  @Test
  void aFsckWhoseVersionIsNotKnownIsTakenForTheOldestOfItsDistribution() throws IOException {
    TinyImage.in(directory.resolve("el8"), 1)
        .withText("etc/os-release", "ID=rocky\nVERSION_ID=8.10\n")
        .withKernel("6.12.0");
    String text =
        explain(
                "slots: [{name: el8, image: 'rootfs:el8', filesystem: ext4, size: 1GiB}]\n",
                host("2.12-9+deb13u2"))
            .text();

    assertThat(text)
        .contains(
            "orphan_file off, because e2fsck of unknown version, taken for 1.45.6, in slot \"el8\""
                + " refuses it; needs 1.47.0");
  }

  @Test
  void aProgramGetsTheSame() throws IOException {
    JsonObject json = explain(twoSlots("ext4", ""), host("2.06-3~deb11u6")).json();

    assertThat(json.objects("slots"))
        .extracting(slot -> slot.string("name"))
        .containsExactly("new", "bullseye", "spare");
    JsonObject slot = json.objects("slots").get(1);
    assertThat(slot.string("fileSystem")).isEqualTo("ext4");
    assertThat(slot.objects("readers"))
        .extracting(reader -> reader.string("kind") + " " + reader.string("version"))
        .containsExactly(
            "kernel 5.10.0-28-amd64",
            "fsck 1.46.2",
            "grub 2.06-3~deb11u6",
            "kernel 6.12.48-amd64",
            "kernel 6.18.1-amd64");
    JsonObject orphanFile =
        slot.objects("features").stream()
            .filter(feature -> feature.string("name").equals("orphan_file"))
            .findFirst()
            .orElseThrow();
    assertThat(orphanFile.bool("on")).isFalse();
    assertThat(orphanFile.string("why")).isEqualTo("reader");
    assertThat(orphanFile.strings("forbiddenBy"))
        .containsExactly(
            "slot \"bullseye\" runs 5.10.0-28-amd64 (needs 5.15)",
            "e2fsck 1.46.2 in slot \"bullseye\" refuses it; needs 1.47.0");
    assertThat(json.objects("slots").get(2).has("features")).isFalse();
  }

  @Test
  void aDemandIsFollowedOrRefused() throws IOException {
    String off = twoSlots("ext4", ", features: {metadata_csum: off}");
    assertThat(explain(off, host("2.14-4")).text())
        .contains(
            "ext4: metadata_csum off, because the description says so",
            "ext4: metadata_csum_seed off, because it needs metadata_csum, which is off");

    String on = twoSlots("xfs", ", features: {nrext64: on}");
    assertThatThrownBy(() -> explain(on, host("2.06-3~deb11u6")))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith(directory.resolve("disk.yml") + ", line ")
        .hasMessageContaining(
            ": 'slots[1].features.nrext64' is \"on\", but the file system cannot have it: slot"
                + " \"bullseye\" runs 5.10.0-28-amd64 (needs 6.5).");
  }

  @Test
  void nothingIsWritten() throws IOException {
    Path description = Files.writeString(directory.resolve("disk.yml"), twoSlots("ext4", ""));
    List<String> before = everything();

    DiskExplanation.of(
        DiskDescription.read(description), new Sources(directory, Set.of(), line -> {})::open);

    assertThat(everything()).isEqualTo(before);
  }

  private List<String> everything() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(file -> file + " " + file.toFile().lastModified()).sorted().toList();
    }
  }

  private String twoSlots(String fileSystem, String more) throws IOException {
    TinyImage.in(directory.resolve("new"), 1)
        .debian("13", "1.47.2-3", "6.13.0-2")
        .withKernel("6.12.48-amd64");
    TinyImage.in(directory.resolve("bullseye"), 2)
        .debian("11", "1.46.2-2", "5.10.0-4")
        .withKernel("5.10.0-28-amd64");
    return """
        slots:
          - {name: new, image: "rootfs:new", filesystem: xfs, size: 1GiB}
          - {name: bullseye, image: "rootfs:bullseye", filesystem: %s, size: 1GiB%s}
          - {name: spare, size: 1GiB}
        """
        .formatted(fileSystem, more);
  }

  private DiskExplanation explain(String yaml, BuildingHost host) throws IOException {
    DiskDescription description =
        DiskDescription.read(Files.writeString(directory.resolve("disk.yml"), yaml));
    return DiskExplanation.of(
        description, new Sources(directory, Set.of(), line -> {})::open, host);
  }
}
