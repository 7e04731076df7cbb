package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskDescriptionTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPYiU12++Cy32hxJL0SzblKQGJ7DpEJN/AYcqRrHxhJf me@example";

  @TempDir Path directory;

  @Test
  void everyKeyIsRead() {
    DiskDescription disk =
        read(
            """
            size: 8GiB
            table: gpt
            hostname: web1
            console: [tty0, "ttyS0,115200"]
            slots:
              - name: slot1
                image: docker-daemon:os12:latest
                filesystem: xfs
                size: 3GiB
                initrd: dracut
                agent: true
                features: {reflink: off, "bigtime": "on"}
              - {name: slot2, image: "rootfs:build/debian13.tar", filesystem: ext4, size: 512MiB, initrd: keep, agent: false}
              - {name: slot3, size: 3GiB}
            data: {size: 1GiB}
            default: slot2
            users:
              - {name: op, uid: 1001, ssh_keys: ["%s"], password_hash: "$6$salt$%s"}
            kernel_arguments: ["net.ifnames=0", quiet]
            """
                .formatted(KEY, "x".repeat(86)));

    assertThat(disk.size()).contains(ByteSize.ofMebibytes(8192));
    assertThat(disk.host().hostname()).contains("web1");
    assertThat(disk.consoles()).containsExactly("tty0", "ttyS0,115200");
    assertThat(disk.slots())
        .extracting(DiskDescription.Slot::name)
        .containsExactly("slot1", "slot2", "slot3");
    DiskDescription.Content first = disk.slots().get(0).content().orElseThrow();
    assertThat(first)
        .isEqualTo(
            new DiskDescription.Content(
                ImageReference.parse("docker-daemon:os12:latest"),
                FileSystemKind.XFS,
                InitrdSource.DRACUT,
                true,
                Map.of("reflink", false, "bigtime", true)));
    assertThat(disk.slots().get(1).content().orElseThrow())
        .isEqualTo(
            new DiskDescription.Content(
                ImageReference.parse("rootfs:" + directory.resolve("build/debian13.tar")),
                FileSystemKind.EXT4,
                InitrdSource.KEEP,
                false,
                Map.of()));
    assertThat(disk.slots().get(2).content()).isEmpty();
    assertThat(disk.dataSize()).isEqualTo(ByteSize.ofMebibytes(1024));
    assertThat(disk.defaultSlot()).isEqualTo("slot2");
    assertThat(disk.host().users().get(0).sshKeys()).containsExactly(KEY);
    assertThat(disk.host().users().get(0).passwordHash())
        .hasValueSatisfying(h -> assertThat(h).startsWith("$6$salt$"));
    assertThat(disk.host().users().get(0).uid()).contains(1001);
    assertThat(disk.kernelArguments()).containsExactly("net.ifnames=0", "quiet");
  }

  @Test
  void mostKeysHaveADefault() {
    DiskDescription disk =
        read(
            """
            slots:
              - {name: empty, size: 1GiB}
              - {name: a, size: 1GiB, image: "docker-daemon:os:1"}
            """);

    assertThat(disk.size()).isEmpty();
    assertThat(disk.host().hostname()).isEmpty();
    assertThat(disk.consoles()).isEmpty();
    assertThat(disk.defaultSlot()).isEqualTo("a");
    assertThat(disk.slots().get(1).content().orElseThrow())
        .isEqualTo(
            new DiskDescription.Content(
                ImageReference.parse("docker-daemon:os:1"),
                FileSystemKind.EXT4,
                InitrdSource.DRACUT,
                true,
                Map.of()));
  }

  /**
   * Each row: a description (| is a new line), the line the message must name, and what it must
   * say.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          '' ! empty
          'slots: [' ! line 1: this is not YAML
          '- a' ! line 1: the document must be a mapping with the keys size, table
          'hostname: web1' ! 'slots' is missing
          'slots: []' ! line 1: 'slots' must list at least one slot
          'slots: a' ! line 1: 'slots' must be a list
          'slots:|  - web' ! line 2: slots[0] must be a mapping with the keys name
          'slots:|  - {name: a, size: 1GiB}' ! must have at least one slot with an image
          'slots:|  - {name: A, size: 1GiB}' ! line 2: A slot cannot be called "A": use 1 to 16
          'slots:|  - {name: none, size: 1GiB}' ! and not "none"
          'slots:|  - {name: 1, size: 1GiB}' ! line 2: 'slots[0].name' must be a text
          'slots:|  - {name: a}' ! line 2: 'slots[0].size' is missing
          'slots:|  - {name: a, size: 1GiB}|  - {name: a, size: 1GiB}' ! line 3: 'slots[1].name' is "a", but another slot has that name already
          'slots:|  - {name: a, size: 1GiB, name: b}' ! line 2: 'slots[0].name' is there twice
          'slots:|  - {name: a, size: 1GiB, filesytem: xfs}' ! line 2: unknown key 'slots[0].filesytem'; allowed are: name, image, filesystem
          'slots:|  - {name: a, size: 3GB}' ! line 2: 'slots[0].size' is "3GB", but a size is a whole number with KiB, MiB, GiB or TiB
          'slots:|  - {name: a, size: 3}' ! 'slots[0].size' must be a text
          'slots:|  - {name: a, size: 20481KiB}' ! whole MiB
          'slots:|  - {name: a, size: 1MiB}' ! a slot has at least 16 MiB
          'slots:|  - {name: a, size: 900TiB}' ! line 2: 'slots[0].size' is "900TiB", but a size is at most 256 TiB
          'slots:|  - {name: a, size: 9999999TiB}' ! line 2: 'slots[0].size' is "9999999TiB", but a size is at most 256 TiB
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|data: {size: 257TiB}' ! line 2: 'data.size' is "257TiB", but a size is at most 256 TiB
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|size: 900TiB' ! line 2: 'size' is "900TiB", but a size is at most 256 TiB
          'slots:|  - {name: a, size: 1GiB, filesystem: xfs}' ! line 2: 'slots[0].filesystem' says something about an image, but this slot has no 'image'
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", filesystem: btrfs}' ! a slot's file system is xfs or ext4
          'slots:|  - {name: a, size: 299MiB, image: "oci:x", filesystem: xfs}' ! mkfs.xfs makes no file system smaller than 300 MiB
          'slots:|  - {name: a, size: 1GiB, image: "oci:"}' ! line 2: Nothing stands after the colon
          'slots:|  - {name: a, size: 1GiB, image: "docker://Debian"}' ! line 2: docker://Debian is no name of an image in a registry
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", initrd: mkinitcpio}' ! made by dracut, or keep
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", agent: maybe}' ! 'slots[0].agent' must be true or false
          'slots:|  - {name: a, size: 1GiB, features: {bigtime: on}}' ! line 2: 'slots[0].features' says something about an image
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", features: {bigtime: on}}' ! line 2: unknown key 'slots[0].features.bigtime'; allowed are: 64bit, metadata_csum, metadata_csum_seed, orphan_file
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", features: {orphan_file: 1}}' ! line 2: 'slots[0].features.orphan_file' must be on or off
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", features: on}' ! line 2: slots[0].features must be a mapping with the keys 64bit
          'table: msdos' ! line 1: 'table' is "msdos", but the only partition table that is made is gpt
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|default: b' ! line 2: 'default' is "b", but the default must be one of the slots with an image: a
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|hostname: Web_1' ! line 2: 'hostname' is "Web_1", but a host name is
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|hostname:' ! 'hostname' has no value
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|hostname: on' ! put it in quotes
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|console: [ttyS0, "COM1"]' ! line 2: 'console[1]' is "COM1"
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|size: lots' ! line 2: 'size' is "lots"
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|data: 1GiB' ! line 2: data must be a mapping with the keys size
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|kernel_arguments: ["a b"]' ! line 2: 'kernel_arguments[0]'
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|kernel_arguments: ["root=/dev/sda"]' ! Slipway sets that argument itself
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|kernel_arguments: ["slipway.slot=b"]' ! Slipway sets that argument itself
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|users: [{name: Root}]' ! 'users[0].name' is "Root"
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|users: [{name: x}, {name: x}]' ! another user has that name already
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|users: [{name: x, uid: 0}]' ! line 2: 'users[0].uid' must be a number from 1000 to 59999
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|users: [{name: x, password: y}]' ! unknown key 'users[0].password'; allowed are: name, uid, ssh_keys, password_hash
          """)
  void whatIsWrongIsRefusedWithWhatIsAllowed(String description, String says) {
    assertThat(refusal(description.replace('|', '\n')))
        .contains(directory + "/disk.yml")
        .contains(says);
  }

  @Test
  void aPlainPasswordIsRefusedAndNotRepeated() {
    String message = refusal(withUser("password_hash: hunter2"));

    assertThat(message).contains("line 3").contains("openssl passwd -6").doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "AAAAC3NzaC1lZDI1NTE5AAAA me",
    "ssh-dss AAAAB3NzaC1kc3M= me",
    "ssh-ed25519",
    "ssh-ed25519 not-base64 me",
    "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIPYiU12++Cy32hxJL0SzblKQGJ7DpEJN/AYcqRrHxhJf me",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKEY me"
  })
  void aBrokenSshKeyIsRefused(String key) {
    assertThat(refusal(withUser("ssh_keys: [\"" + key + "\"]")))
        .contains("line 3")
        .contains("users[0].ssh_keys[0]")
        .contains(".pub file");
  }

  @Test
  void aPrivateKeyIsRefusedAndNotRepeated() {
    assertThat(refusal(withUser("ssh_keys: [\"-----BEGIN OPENSSH PRIVATE KEY----- abc\"]")))
        .contains("is a private key")
        .doesNotContain("abc");
  }

  @Test
  void aMissingFileIsASentence() {
    OperatorError error =
        catchThrowableOfType(
            OperatorError.class, () -> DiskDescription.read(directory.resolve("absent.yml")));

    assertThat(error)
        .hasMessage("The disk description " + directory + "/absent.yml does not exist.");
  }

  private static String withUser(String key) {
    return """
        slots: [{name: a, size: 1GiB, image: "oci:x"}]
        users:
          - {name: root, %s}
        """
        .formatted(key);
  }

  private String refusal(String yaml) {
    OperatorError error = catchThrowableOfType(OperatorError.class, () -> read(yaml));
    assertThat(error).as("a refusal of: %s", yaml).isNotNull();
    return error.getMessage();
  }

  private DiskDescription read(String yaml) {
    try {
      return DiskDescription.read(Files.writeString(directory.resolve("disk.yml"), yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
