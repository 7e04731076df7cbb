package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.osimage.SourceDateEpoch;
import dev.slipway.controller.source.Sources;
import dev.slipway.image.Image;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a disk another one, whose identities must be others. */
class DiskSeedTest {
  private static final SourceDateEpoch EPOCH = new SourceDateEpoch(1_700_000_000);

  @TempDir Path directory;
  private String yaml;

  @BeforeEach
  void describe() throws IOException {
    TinyImage.in(directory.resolve("image"), 1);
    TinyImage.in(directory.resolve("other"), 1);
    yaml =
        """
        size: 2GiB
        table: gpt
        console: [tty0, ttyS0]
        slots:
          - {name: slot1, image: "rootfs:image", filesystem: ext4, size: 64MiB, initrd: keep,
             agent: false, check: {fstab: off}, features: {64bit: on, orphan_file: off}}
          - {name: slot2, image: "rootfs:image", filesystem: xfs}
          - {name: slot3, size: 65MiB}
        data: {size: 66MiB}
        default: slot1
        kernel-arguments: quiet
        host:
          hostname: web
          timezone: UTC
          users: [{name: ops, uid: 1000, password-hash: "$6$salt$%1$s", ssh-keys: "%2$s"}]
          network: [{mac: "52:54:00:12:34:56", address: 192.0.2.10/24, gateway: 192.0.2.1, dns: 192.0.2.2}]
        hosts:
          one: {hostname: web}
          two: {hostname: web}
        """
            .formatted(
                "x".repeat(86),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPYiU12++Cy32hxJL0SzblKQGJ7DpEJN/AYcqRrHxhJf me");
  }

  @Test
  void itIsTheSameForTheSameInputsWhereverTheirDescriptionLies() throws IOException {
    Digest seed = seed("disk.yml", yaml, Optional.empty(), EPOCH);

    assertThat(seed("elsewhere.yml", "# a comment\n" + yaml, Optional.empty(), EPOCH))
        .isEqualTo(seed);
  }

  @Test
  void everythingThatIsDescribedCounts() throws IOException {
    Map<String, String> changes =
        Map.ofEntries(
            Map.entry("size: 2GiB", "size: 3GiB"),
            Map.entry("table: gpt", "table: msdos"),
            Map.entry("[tty0, ttyS0]", "[ttyS0, tty0]"),
            Map.entry("image\", filesystem: ext4", "other\", filesystem: ext4"),
            Map.entry("filesystem: xfs", "filesystem: ext4"),
            Map.entry("filesystem: xfs}", "filesystem: xfs, size: 400MiB}"),
            Map.entry(": xfs}", ": xfs, initrd: keep}"),
            Map.entry("xfs}", "xfs, kernel: 6.1.0-9-amd64}"),
            Map.entry("size: 64MiB", "size: 63MiB"),
            Map.entry("agent: false", "agent: true"),
            Map.entry("fstab: off", "identity: off"),
            Map.entry("64bit: on", "64bit: off"),
            Map.entry("name: slot3", "name: slot4"),
            Map.entry("size: 65MiB", "size: 67MiB"),
            Map.entry("size: 66MiB", "size: 68MiB"),
            Map.entry("default: slot1", "default: slot2"),
            Map.entry("quiet", "verbose"),
            Map.entry("hostname: web\n  timezone", "hostname: db\n  timezone"),
            Map.entry("timezone: UTC", "timezone: Europe/Berlin"),
            Map.entry("name: ops", "name: root"),
            Map.entry("uid: 1000", "uid: 1001"),
            Map.entry("$6$salt$", "$6$pepper$"),
            Map.entry("Jf me", "Jf you"),
            Map.entry("34:56", "34:57"),
            Map.entry("2.10/24", "2.11/24"),
            Map.entry("gateway: 192.0.2.1,", "gateway: 192.0.2.3,"),
            Map.entry("dns: 192.0.2.2", "dns: 192.0.2.4"));
    List<Digest> seeds = new ArrayList<>(List.of(seed("disk.yml", yaml, Optional.empty(), EPOCH)));
    for (Map.Entry<String, String> change : changes.entrySet()) {
      assertThat(yaml).contains(change.getKey());
      String changed = yaml.replace(change.getKey(), change.getValue());
      seeds.add(seed("disk.yml", changed, Optional.empty(), EPOCH));
    }
    seeds.add(seed("disk.yml", yaml, Optional.of("one"), EPOCH));
    seeds.add(seed("disk.yml", yaml, Optional.of("two"), EPOCH));
    seeds.add(seed("disk.yml", yaml, Optional.empty(), new SourceDateEpoch(1_700_000_001)));
    Files.writeString(directory.resolve("image/added"), "to the image");
    seeds.add(seed("disk.yml", yaml, Optional.empty(), EPOCH));

    assertThat(seeds).doesNotHaveDuplicates();
  }

  private Digest seed(String name, String description, Optional<String> host, SourceDateEpoch epoch)
      throws IOException {
    DiskDescription disk =
        DiskDescription.read(Files.writeString(directory.resolve(name), description), host);
    Map<String, Image> opened = new HashMap<>();
    try {
      for (DiskDescription.Slot slot : disk.slots()) {
        slot.content().ifPresent(content -> opened.put(slot.name(), open(content)));
      }
      return new DiskSeed(disk, opened, epoch).digest();
    } finally {
      opened.values().forEach(Image::close);
    }
  }

  private Image open(DiskDescription.Content content) {
    return new Sources(directory, Set.of(), line -> {}).open(content.image());
  }
}
