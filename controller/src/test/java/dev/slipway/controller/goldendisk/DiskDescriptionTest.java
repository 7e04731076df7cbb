package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.controller.osimage.HostConfiguration;
import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.osimage.InterfaceAddress;
import dev.slipway.controller.osimage.IpAddress;
import dev.slipway.controller.osimage.KernelChoice;
import dev.slipway.controller.osimage.NetworkCard;
import dev.slipway.controller.osimage.NetworkCard.Addressing;
import dev.slipway.controller.osimage.NetworkCard.Which;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.filesystem.Demand;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
            console: [tty0, "ttyS0,115200"]
            slots:
              - name: slot1
                image: docker-daemon:os12:latest
                filesystem: xfs
                size: 3GiB
                initrd: make
                agent: true
                check: {fstab: off, "network": "on"}
                features: {reflink: off, "bigtime": "on"}
              - {name: slot2, image: "rootfs:build/debian13.tar", filesystem: ext4, size: 512MiB, initrd: keep, agent: false, check: off}
              - {name: slot3, size: 3GiB}
            data: {size: 1GiB}
            default: slot2
            host:
              hostname: web1
              users:
                - {name: op, uid: 1001, ssh-keys: ["%s"], password-hash: "$6$salt$%s"}
              network:
                - {mac: 52:54:00:AB:cd:ef, address: [192.0.2.10/24, "2001:db8::10/64"], gateway: [192.0.2.1, "fe80::1"], dns: 192.0.2.53}
                - {interface: eth1, dhcp: true}
                - {dhcp: true, dns: ["2001:db8::53"]}
              timezone: Europe/Berlin
            kernel-arguments: ["net.ifnames=0", quiet]
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
                InitrdSource.MAKE,
                KernelChoice.NEWEST,
                true,
                Set.of("fstab"),
                Map.of("reflink", demand(false, "reflink"), "bigtime", demand(true, "bigtime"))));
    assertThat(disk.slots().get(1).content().orElseThrow())
        .isEqualTo(
            new DiskDescription.Content(
                ImageReference.parse("rootfs:" + directory.resolve("build/debian13.tar")),
                FileSystemKind.EXT4,
                InitrdSource.KEEP,
                KernelChoice.NEWEST,
                false,
                Set.copyOf(CheckChoice.names()),
                Map.of()));
    assertThat(disk.slots().get(2).content()).isEmpty();
    assertThat(disk.data()).contains(ByteSize.ofMebibytes(1024));
    assertThat(disk.defaultSlot()).isEqualTo("slot2");
    assertThat(disk.host().users().get(0).sshKeys()).containsExactly(KEY);
    assertThat(disk.host().users().get(0).passwordHash())
        .hasValueSatisfying(h -> assertThat(h).startsWith("$6$salt$"));
    assertThat(disk.host().users().get(0).uid()).contains(1001);
    assertThat(disk.host().network())
        .containsExactly(
            new NetworkCard(
                new Which.WithAddress("52:54:00:ab:cd:ef"),
                new Addressing.Fixed(
                    List.of(address("192.0.2.10/24"), address("2001:db8::10/64")),
                    List.of(ip("192.0.2.1"), ip("fe80::1"))),
                List.of(ip("192.0.2.53"))),
            new NetworkCard(new Which.Named("eth1"), new Addressing.Dhcp(), List.of()),
            new NetworkCard(
                new Which.AllOthers(), new Addressing.Dhcp(), List.of(ip("2001:db8::53"))));
    assertThat(disk.host().timezone()).contains("Europe/Berlin");
    assertThat(disk.kernelArguments()).containsExactly("net.ifnames=0", "quiet");
  }

  private static InterfaceAddress address(String text) {
    return InterfaceAddress.parse(text).orElseThrow();
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }

  private Demand demand(boolean on, String feature) {
    return new Demand(
        on, directory.resolve("disk.yml") + ", line 12: 'slots[0].features." + feature + "'");
  }

  @Test
  void aDiskThatSaysLittleIsADiskToo() {
    DiskDescription disk =
        read(
            """
            table: gpt
            slots:
              - name: slot1
                image: docker-daemon:web:1
                filesystem: xfs
                size: auto
              - name: slot2
                image: dockerfile:./db
                filesystem: ext4
              - name: slot3            # empty: the agent flashes it
                size: 4 GiB
            data:
              size: 1 GiB
            host:
              hostname: rack1-node7
              users: [ { name: ops, ssh-keys: [ %s ] } ]
            """
                .formatted(KEY));

    assertThat(disk.slots())
        .extracting(DiskDescription.Slot::size)
        .containsExactly(
            Optional.empty(), Optional.empty(), Optional.of(ByteSize.ofMebibytes(4096)));
    assertThat(disk.data()).contains(ByteSize.ofMebibytes(1024));
    assertThat(disk.host().hostname()).contains("rack1-node7");
    assertThat(disk.host().users().get(0).sshKeys()).containsExactly(KEY);
  }

  @Test
  void theKernelChoosesItsConsoleWhereNoneIsListed() {
    assertThat(read("console: []\nslots: [{name: a, image: 'oci:x'}]\n").consoles()).isEmpty();
  }

  @Test
  void aDiskWithoutDataHasNoAgentEither() {
    DiskDescription disk =
        read(
            """
            data: off
            slots:
              - {name: one, image: "oci:x"}
              - {name: other, image: "oci:x", agent: false}
            """);

    assertThat(disk.data()).isEmpty();
    assertThat(disk.slots())
        .flatExtracting(slot -> slot.content().stream().toList())
        .extracting(DiskDescription.Content::agent)
        .containsExactly(false, false);
  }

  private static final String HOSTS =
      """
      slots: [{name: a, size: 1GiB, image: "oci:x"}]
      host:
        hostname: any
        users: [{name: ops}]
        timezone: UTC
        network: [{dhcp: true}]
      hosts:
        node1: {network: [{interface: eth0, address: 192.0.2.1/24}]}
        node2: {hostname: db, users: [], timezone: Asia/Tokyo}
      """;

  @Test
  void aNamedHostIsLaidOverWhatHoldsForAll() {
    HostConfiguration all = read(HOSTS).host();
    HostConfiguration first = read(HOSTS, Optional.of("node1")).host();
    HostConfiguration second = read(HOSTS, Optional.of("node2")).host();

    assertThat(all.hostname()).contains("any");
    assertThat(first.hostname()).as("a host is called what it is called here").contains("node1");
    assertThat(first.users()).isEqualTo(all.users()).hasSize(1);
    assertThat(first.timezone()).contains("UTC");
    assertThat(first.network())
        .extracting(NetworkCard::which)
        .containsExactly(new Which.Named("eth0"));
    assertThat(second.hostname()).contains("db");
    assertThat(second.users()).isEmpty();
    assertThat(second.timezone()).contains("Asia/Tokyo");
    assertThat(second.network()).isEqualTo(all.network());
  }

  @Test
  void aHostThatTheDescriptionDoesNotNameIsRefusedWithTheNearest() {
    assertThat(refusal(HOSTS, Optional.of("nod1")))
        .isEqualTo(
            directory
                + "/disk.yml has no host \"nod1\" (did you mean \"node1\"?); 'hosts'"
                + " names node1, node2.");
    assertThat(refusal("slots: [{name: a, image: 'oci:x'}]", Optional.of("node1")))
        .contains("has no 'hosts', so there is no host \"node1\": leave --host out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          address: "2001:db8::1/64", dns: [192.0.2.53, "2001:db8::53"] ! one is enough
          address: [192.0.2.1/24, "2001:db8::1/64"], dns: 192.0.2.53 ! it has an address of both
          address: 192.0.2.1/24, dns: "2001:db8::53" ! its router may give it one of version 6
          dhcp: true, dns: 192.0.2.53 ! DHCP gives one of either
          """)
  void aNameServerThatTheCardMayReachIsTaken(String card, String because) {
    HostConfiguration host =
        read("""
                slots: [{name: a, size: 1GiB, image: "oci:x"}]
                host: {network: [{%s}]}
                """
                .formatted(card))
            .host();

    assertThat(host.network().get(0).nameServers()).as(because).isNotEmpty();
  }

  @Test
  void everyHostIsCheckedWhicheverIsTaken() {
    assertThat(refusal(HOSTS + "  node3: {timezone: Asia/Tokio}\n", Optional.of("node1")))
        .contains("line 10: 'hosts.node3.timezone' is \"Asia/Tokio\" (did you mean \"Asia/Tokyo\"");
    assertThat(refusal(HOSTS + "  Node_3: {}\n", Optional.of("node1")))
        .contains("line 10: 'hosts.Node_3' is no name of a host");
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
    assertThat(disk.consoles()).containsExactly("tty0", "ttyS0,115200");
    assertThat(disk.defaultSlot()).isEqualTo("a");
    assertThat(disk.slots().get(1).content().orElseThrow())
        .isEqualTo(
            new DiskDescription.Content(
                ImageReference.parse("docker-daemon:os:1"),
                FileSystemKind.EXT4,
                InitrdSource.MAKE,
                KernelChoice.NEWEST,
                true,
                Set.of(),
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
          'size: 1GiB' ! 'slots' is missing
          'hostname: web1' ! line 1: unknown key 'hostname'; allowed are: size, table
          'slots: []' ! line 1: 'slots' must list at least one slot
          'slots: a' ! line 1: 'slots' must be a list
          'slots:|  - web' ! line 2: slots[0] must be a mapping with the keys name
          'slots:|  - {name: a, size: 1GiB}' ! must have at least one slot with an image
          'slots:|  - {name: A, size: 1GiB}' ! line 2: A slot cannot be called "A": use 1 to 16
          'slots:|  - {name: none, size: 1GiB}' ! and not "none"
          'slots:|  - {name: 1, size: 1GiB}' ! line 2: 'slots[0].name' must be a text
          'slots:|  - {name: a}' ! line 2: 'slots[0].size' is missing: a slot without an 'image' needs a size of its own, such as 4 GiB
          'slots:|  - {name: a, size: auto}' ! line 2: 'slots[0].size' is "auto", but this slot has no 'image'
          'slots:|  - {name: a, size: Auto, image: "oci:x"}' ! line 2: 'slots[0].size' is "Auto", but a size is
          'slots:|  - {name: a, size: 1GiB}|  - {name: a, size: 1GiB}' ! line 3: 'slots[1].name' is "a", but another slot has that name already
          'slots:|  - {name: a, size: 1GiB, name: b}' ! line 2: 'slots[0].name' is there twice
          'slots:|  - {name: a, size: 1GiB, filesytem: xfs}' ! line 2: unknown key 'slots[0].filesytem' (did you mean 'filesystem'?); allowed are: name, image, filesystem
          'slots:|  - {name: a, size: 3GB}' ! line 2: 'slots[0].size' is "3GB", but a size is a whole number with KiB, MiB, GiB or TiB
          'slots:|  - {name: a, size: 3}' ! 'slots[0].size' must be a text
          'slots:|  - {name: a, size: 20481KiB}' ! whole MiB
          'slots:|  - {name: a, size: 1MiB}' ! a slot has at least 16 MiB
          'slots:|  - {name: a, size: 900TiB}' ! line 2: 'slots[0].size' is "900TiB", but a size is at most 256 TiB
          'slots:|  - {name: a, size: 9999999TiB}' ! line 2: 'slots[0].size' is "9999999TiB", but a size is at most 256 TiB
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|data: {size: 257TiB}' ! line 2: 'data.size' is "257TiB", but a size is at most 256 TiB
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|size: 900TiB' ! line 2: 'size' is "900TiB", but a size is at most 256 TiB
          'slots:|  - {name: a, size: 1GiB, filesystem: xfs}' ! line 2: 'slots[0].filesystem' says something about an image, but this slot has no 'image'
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", filesystem: btrfs}' ! 'slots[0].filesystem' is "btrfs", but a slot's file system is xfs or ext4
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", filesystem: ext3}' ! 'slots[0].filesystem' is "ext3" (did you mean "ext4"?), but
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", initrd: maek}' ! line 2: 'slots[0].initrd' is "maek" (did you mean "make"?), but
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", kernel: "6.1.*"}' ! line 2: 'slots[0].kernel' is "6.1.*", but a kernel is named by its whole version
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", kernel: 6.1}' ! line 2: 'slots[0].kernel' must be a text; put it in quotes
          'slots:|  - {name: a, size: 1GiB, image: "oci:x",|     kernel: 6.1.0-9, initrd: keep}' ! line 3: 'slots[0].kernel' has no meaning beside 'initrd: keep'
          'slots:|  - {name: a, size: 1GiB, kernel: 6.1.0-9}' ! line 2: 'slots[0].kernel' says something about an image
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", check: no}' ! line 2: 'slots[0].check' must be on, off, or a mapping of checks such as {fstab: off}
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", check: [fstab]}' ! line 2: 'slots[0].check' must be on, off, or a mapping
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", check: {fstba: off}}' ! line 2: unknown key 'slots[0].check.fstba' (did you mean 'fstab'?); allowed are: init, udev
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", check: {fstab: skip}}' ! line 2: 'slots[0].check.fstab' must be on or off
          'slots:|  - {name: a, size: 1GiB, check: off}' ! line 2: 'slots[0].check' says something about an image
          'slots:|  - {name: a, size: 299MiB, image: "oci:x", filesystem: xfs}' ! mkfs.xfs makes no file system smaller than 300 MiB
          'slots:|  - {name: a, size: 1GiB, image: "oci:"}' ! line 2: Nothing stands after the colon
          'slots:|  - {name: a, size: 1GiB, image: "docker://Debian"}' ! line 2: docker://Debian is no name of an image in a registry
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", initrd: mkinitcpio}' ! makes the initrd, or keep
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", agent: maybe}' ! 'slots[0].agent' must be true or false
          'slots:|  - {name: a, size: 1GiB, features: {bigtime: on}}' ! line 2: 'slots[0].features' says something about an image
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", features: {bigtime: on}}' ! line 2: unknown key 'slots[0].features.bigtime'; allowed are: 64bit, metadata_csum, metadata_csum_seed, orphan_file
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", features: {orphan_file: 1}}' ! line 2: 'slots[0].features.orphan_file' must be on or off
          'slots:|  - {name: a, size: 1GiB, image: "oci:x", features: on}' ! line 2: slots[0].features must be a mapping with the keys 64bit
          'table: mbr' ! line 1: 'table' is "mbr", but a partition table is gpt or msdos
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|default: b' ! line 2: 'default' is "b", but the default must be one of the slots with an image: a
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {hostname: Web_1}' ! line 2: 'host.hostname' is "Web_1", but a host name is
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host:|  hostname:' ! line 3: 'host.hostname' has no value
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {hostname: on}' ! put it in quotes
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|console: [ttyS0, "COM1"]' ! line 2: 'console[1]' is "COM1"
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|size: lots' ! line 2: 'size' is "lots"
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|data: 1GiB' ! line 2: 'data' must be off, or a mapping with the key size
          'data: off|slots: [{name: a, image: "oci:x", agent: true}]' ! line 2: 'slots[0].agent' cannot be true with 'data: off': the agent keeps its journal
          'data: off|slots: [{name: a, size: 1GiB}]' ! line 2: 'slots[0]' has no 'image', and with 'data: off' there is no agent that could fill it later: give it an 'image'
          'data: off|slots: [{name: a, image: "oci:x"}]|host: {hostname: a}' ! line 3: 'host' says what is kept on the data partition, which 'data: off' leaves out
          'data: off|slots: [{name: a, image: "oci:x"}]|hosts: {a: {}}' ! line 3: 'hosts' says what is kept on the data partition
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|kernel-arguments: ["a b"]' ! line 2: 'kernel-arguments[0]'
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|kernel-arguments: ["root=/dev/sda"]' ! Slipway sets that argument itself
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|kernel-arguments: ["slipway.slot=b"]' ! Slipway sets that argument itself
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {users: [{name: Root}]}' ! 'host.users[0].name' is "Root"
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {users: [{name: x}, {name: x}]}' ! another user has that name already
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {users: [{name: x, uid: 0}]}' ! line 2: 'host.users[0].uid' must be a number from 1000 to 59999
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {users: [{name: x, password: y}]}' ! unknown key 'host.users[0].password'; allowed are: name, uid, ssh-keys, password-hash
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {users: [{name: x, ssh_keys: []}]}' ! unknown key 'host.users[0].ssh_keys' (did you mean 'ssh-keys'?)
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {users: {name: x}}' ! line 2: 'host.users' must be a list
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|kernel_arguments: quiet' ! line 2: unknown key 'kernel_arguments' (did you mean 'kernel-arguments'?); allowed
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|hosts: [a]' ! line 2: 'hosts' must be a mapping of names
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|hosts:|  web: web1' ! line 3: hosts.web must be a mapping with the keys hostname, users
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|hosts:|  web: {}|  web: {}' ! line 4: 'hosts.web' is there twice
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|default: slot' ! line 2: 'default' is "slot", but the default must be one of
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host:|  timezone: Europe/Berln' ! line 3: 'host.timezone' is "Europe/Berln" (did you mean "Europe/Berlin"
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host:|  network: {dhcp: true}' ! line 3: 'host.network' must be a list
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{}]}' ! line 2: 'host.network[0]' has neither 'dhcp: true' nor an 'address'
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{mac: 52:54:00, dhcp: true}]}' ! line 2: 'host.network[0].mac' is "52:54:00", but a MAC address is six bytes
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{mac: "33:33:00:00:00:01", dhcp: true}]}' ! no card has that MAC address
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{mac: , dhcp: true}]}' ! 'host.network[0].mac' has no value
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{interface: lo, dhcp: true}]}' ! line 2: 'host.network[0].interface' is "lo", but a card
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{interface: e, mac: 52:54:00:12:34:56, dhcp: true}]}' ! line 2: 'host.network[0].interface' names the card a second time
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{dhcp: true, address: 192.0.2.1/24}]}' ! line 2: 'host.network[0].address' is what DHCP gives
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{dhcp: yes}]}' ! line 2: 'host.network[0].dhcp' must be true or false
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{address: 192.0.2.1}]}' ! has its network
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{address: 192.0.2.1/33}]}' ! has its network
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{address: 192.0.2.300/24}]}' ! has its network
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{address: 192.0.2.0/24}]}' ! line 2: 'host.network[0].address' is "192.0.2.0/24", but no host can have that address
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{address: 192.0.2.255/24}]}' ! no host can have that address
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{address: 192.0.2.1/24, gateway: 198.51.100.1}]}' ! line 2: 'host.network[0].gateway' is "198.51.100.1", but none of the card
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{address: 192.0.2.1/24, gateway: [192.0.2.2, 192.0.2.3]}]}' ! 'host.network[0].gateway[1]' is "192.0.2.3", but another gateway of that version
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{dhcp: true, dns: dns.example.org}]}' ! line 2: 'host.network[0].dns' is "dns.example.org", but that is no host
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{address: "2001:db8::1/64", dns: [192.0.2.53, 192.0.2.54]}]}' ! line 2: 'host.network[0].dns' names only servers of IP version 4
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{interface: e, dhcp: true}, {interface: e, dhcp: true}]}' ! line 2: 'host.network[1]' is about the same card as another entry
          'slots: [{name: a, size: 1GiB, image: "oci:x"}]|host: {network: [{dhcp: true}, {dhcp: true}]}' ! 'host.network[1]' is about the same card as another entry
          """)
  void whatIsWrongIsRefusedWithWhatIsAllowed(String description, String says) {
    assertThat(refusal(description.replace('|', '\n')))
        .contains(directory + "/disk.yml")
        .contains(says);
  }

  @Test
  void whateverIsWrittenIsReadOrRefusedWithItsFile() throws IOException {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> examples =
        List.of(
            HOSTS,
            Files.readString(Path.of("../examples/disks/two-slots.yml")),
            Files.readString(Path.of("../examples/disks/three-slots.yml")));
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      String text = changed(examples.get(i % examples.size()), random);
      try {
        assertThat(read(text).slots()).isNotEmpty();
      } catch (OperatorError e) {
        refused++;
        assertThat(e).as("seed %d: %s", seed, text).hasMessageContaining("disk.yml");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
    assertThat(refused).as("seed %d", seed).isBetween(300, 2900);
  }

  /** With a piece taken out, put in twice or written over. */
  private static String changed(String text, Random random) {
    String odd = "{}[]:,&*!|>'\"%@`#-?~<\t\n\0 \u00e4\u2028";
    StringBuilder changed = new StringBuilder(text);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int from = random.nextInt(changed.length());
      int to = Math.min(changed.length(), from + 1 + random.nextInt(12));
      switch (random.nextInt(3)) {
        case 0 -> changed.delete(from, to);
        case 1 -> changed.insert(random.nextInt(changed.length()), changed.substring(from, to));
        default -> changed.setCharAt(from, odd.charAt(random.nextInt(odd.length())));
      }
    }
    return changed.toString();
  }

  @Test
  void aPlainPasswordIsRefusedAndNotRepeated() {
    String message = refusal(withUser("password-hash: hunter2"));

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
    assertThat(refusal(withUser("ssh-keys: [\"" + key + "\"]")))
        .contains("line 3")
        .contains("host.users[0].ssh-keys[0]")
        .contains(".pub file");
  }

  @Test
  void aPrivateKeyIsRefusedAndNotRepeated() {
    assertThat(refusal(withUser("ssh-keys: [\"-----BEGIN OPENSSH PRIVATE KEY----- abc\"]")))
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

  @Test
  void aFileThatIsNoTextIsASentence() throws IOException {
    Path file = Files.write(directory.resolve("disk.yml"), new byte[] {(byte) 0xff, 1, 2});
    OperatorError error =
        catchThrowableOfType(OperatorError.class, () -> DiskDescription.read(file));

    assertThat(error)
        .hasMessage("The disk description " + file + " is not UTF-8 text; save it as such.");
  }

  private static String withUser(String key) {
    return """
        slots: [{name: a, size: 1GiB, image: "oci:x"}]
        host:
          users: [{name: root, %s}]
        """
        .formatted(key);
  }

  private String refusal(String yaml) {
    return refusal(yaml, Optional.empty());
  }

  private String refusal(String yaml, Optional<String> host) {
    OperatorError error = catchThrowableOfType(OperatorError.class, () -> read(yaml, host));
    assertThat(error).as("a refusal of: %s", yaml).isNotNull();
    return error.getMessage();
  }

  private DiskDescription read(String yaml) {
    return read(yaml, Optional.empty());
  }

  private DiskDescription read(String yaml, Optional<String> host) {
    try {
      return DiskDescription.read(Files.writeString(directory.resolve("disk.yml"), yaml), host);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
