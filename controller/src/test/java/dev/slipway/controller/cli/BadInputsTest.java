package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.goldendisk.BuildSite;
import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code disk build} says of inputs that make no disk, and that it leaves nothing behind. */
class BadInputsTest {
  /**
   * Shell functions that make images of the tree in {@code image}: an OCI layout in {@code layout},
   * and a docker archive.
   */
  private static final String SHELL =
      """
      hash() { sha256sum <"$1" | cut -c1-64; }
      blob() { cp "$1" "layout/blobs/sha256/$(hash "$1")"; }
      descriptor() { printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$1" "$(hash "$2")" "$(stat -c %s "$2")"; }
      config() { printf '{"architecture":"%s","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$1" "$(hash layer)"; }
      layout() {
        mkdir -p layout/blobs/sha256; tar -C image -cf layer .; gzip -nc layer >layer.gz; config "$1" >config.json
        oci=application/vnd.oci.image
        printf '{"schemaVersion":2,"config":%s,"layers":[%s]}' \\
          "$(descriptor $oci.config.v1+json config.json)" "$(descriptor $oci.layer.v1.tar+gzip layer.gz)" >manifest.json
        printf '{"schemaVersion":2,"manifests":[%s]}' "$(descriptor $oci.manifest.v1+json manifest.json)" >layout/index.json
        printf '{"imageLayoutVersion":"1.0.0"}' >layout/oci-layout
        for part in layer.gz config.json manifest.json; do blob $part; done
      }
      docker() {
        tar -C image -cf layer .; config "$1" >config.json
        printf '[{"Config":"config.json","RepoTags":["os:1"],"Layers":["layer"]}]' >manifest.json
      }
      installed() { mkdir -p image/lib/modules/6.1.0-tiny; : >image/lib/modules/6.1.0-tiny/modules.dep; mv image/boot/slipway/vmlinuz image/boot/vmlinuz-6.1.0-tiny; }
      """;

  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final Path output = site.builds().output();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /**
   * An input.
   *
   * @param what is wrong with it
   * @param made how a shell makes it of a tree in {@code image} that is a good one
   * @param description the disk.yml
   * @param exit code of the command
   * @param sentence a part of what the operator is told
   */
  private record Input(String what, String made, String description, int exit, String sentence) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Input> inputs() {
    return Stream.of(archives(), trees(), descriptions(), sizes()).flatMap(all -> all);
  }

  private static Stream<Input> archives() {
    return Stream.of(
        image(
            "an absent archive",
            ":",
            "rootfs:absent.tar",
            "rootfs:HERE/absent.tar is not there: HERE/absent.tar does not exist."),
        image(
            "an empty file",
            ": >x",
            "rootfs:x",
            "In rootfs:HERE/x: The tar archive is empty: there is not one byte in it. Fetch or"
                + " make it again."),
        image(
            "a text",
            "seq 2000 >x",
            "rootfs:x",
            "In rootfs:HERE/x: This is no tar archive: it does not begin with the header of one."
                + " See whether it is the right file."),
        image(
            "a zip archive",
            "printf 'PK\\003\\004and more' >x",
            "rootfs:x",
            "rootfs:HERE/x is a zip archive, no tar archive. Unpack it, and name the directory:"
                + " rootfs:DIRECTORY, or oci:DIRECTORY for a layout."),
        image(
            "a disk image",
            "printf 'QFI\\373\\0\\0\\0\\3' >x",
            "rootfs:x",
            "rootfs:HERE/x is a disk image of QEMU (qcow2), no tar archive. Slipway takes"
                + " container images and root file systems, not disks: mount its root file"
                + " system, and name the directory: rootfs:DIRECTORY."),
        image(
            "a root file system cut off",
            "tar -C image -cf all . && head -c 400000 all >x",
            "rootfs:x",
            "In rootfs:HERE/x: The tar archive is cut off: it ends in the middle. Fetch or make"
                + " it again."),
        image(
            "a compressed root file system cut off",
            "tar -C image -czf all . && head -c 400000 all >x",
            "rootfs:x",
            "In rootfs:HERE/x: The tar archive is cut off: it ends in the middle. Fetch or make"
                + " it again."),
        image(
            "a compressed root file system with wrong bytes",
            "tar -C image -czf x . && printf wrong | dd of=x bs=1 seek=300000 conv=notrunc"
                + " status=none",
            "rootfs:x",
            "In rootfs:HERE/x: The tar archive cannot be read to its end ("),
        image(
            "a root file system that leads out of itself",
            "echo x >evil && tar -C image -cPf x ../evil",
            "rootfs:x",
            "In rootfs:HERE/x: The path ../evil leads out of the tree by \"..\"."),
        image(
            "a docker archive cut off",
            "docker amd64 && tar -cf all layer config.json manifest.json && head -c 400000 all >x",
            "docker-archive:x",
            "docker-archive:HERE/x cannot be read: The tar archive is cut off: it ends in the"
                + " middle. Fetch or make it again."),
        image(
            "a tree that is no docker archive",
            "tar -C image -cf x .",
            "docker-archive:x",
            "docker-archive:HERE/x is no archive of docker save: it has no manifest.json. A root"
                + " file system goes by rootfs:, an OCI archive by oci-archive:."),
        image(
            "a docker archive with a broken manifest",
            "docker amd64 && echo '[{' >manifest.json && tar -cf x layer config.json manifest.json",
            "docker-archive:x",
            "docker-archive:HERE/x is damaged (not valid JSON at line 2, column 1:"
                + " Unexpected end-of-input: expected close marker for Object). Save the image"
                + " again."),
        image(
            "a docker archive without its layer",
            "docker amd64 && tar -cf x config.json manifest.json",
            "docker-archive:x",
            "docker-archive:HERE/x is incomplete: its archive lacks layer. Save it again."),
        image(
            "a docker archive with another layer",
            "docker amd64 && tar -C image -cf layer boot && tar -cf x layer config.json"
                + " manifest.json",
            "docker-archive:x",
            "The content of layer 1 of docker-archive:HERE/x is damaged: its digest should be"
                + " sha256:"),
        image(
            "a docker archive for another platform",
            "docker arm64 && tar -cf x layer config.json manifest.json",
            "docker-archive:x",
            "docker-archive:HERE/x is for linux/arm64, and Slipway builds for linux/amd64. Pull"
                + " or build it with --platform linux/amd64."),
        image(
            "a docker archive without the image that is named",
            "docker amd64 && tar -cf x layer config.json manifest.json",
            "docker-archive:x:os:2",
            "docker-archive:HERE/x:os:2 is not in that archive; it has these names: os:1."),
        image(
            "a directory that is no layout",
            ":",
            "oci:image",
            "oci:HERE/image is no OCI image layout: it has no file \"oci-layout\". An archive of"
                + " docker save goes by docker-archive:."),
        image(
            "a layout with a changed manifest",
            "layout amd64 && sed -i s/2/3/ layout/blobs/sha256/$(hash manifest.json)",
            "oci:layout",
            "oci:HERE/layout is damaged: a document's digest should be sha256:"),
        image(
            "a layout without its layer",
            "layout amd64 && rm layout/blobs/sha256/$(hash layer.gz)",
            "oci:layout",
            "oci:HERE/layout is incomplete: it lacks sha256:"),
        image(
            "a layout with a damaged layer",
            "layout amd64 && printf wrong | dd bs=1 seek=300000 conv=notrunc status=none"
                + " of=layout/blobs/sha256/$(hash layer.gz)",
            "oci:layout",
            "In layer 1 of oci:HERE/layout: The tar archive cannot be read to its end ("),
        image(
            "a layout with another layer",
            "layout amd64 && tar -C image -cz boot >layout/blobs/sha256/$(hash layer.gz)",
            "oci:layout",
            "layer 1 of oci:HERE/layout is damaged: its digest should be sha256:"),
        image(
            "a layout for another platform",
            "layout arm64",
            "oci:layout",
            "oci:HERE/layout is for linux/arm64, and Slipway builds for linux/amd64. Pull or"
                + " build it with --platform linux/amd64."),
        image(
            "a layout without the image that is named",
            "layout amd64",
            "oci:layout:v2",
            "oci:HERE/layout:v2 is not in that layout; it has no tags."),
        image(
            "a docker archive that is taken for OCI's",
            "docker amd64 && tar -cf x layer config.json manifest.json",
            "oci-archive:x",
            "oci-archive:HERE/x is no OCI image layout: it has no file \"oci-layout\". An"
                + " archive of docker save goes by docker-archive:."),
        image(
            "an image that is no reference",
            ":",
            "ubuntu@24.04",
            "HERE/disk.yml, line 1: ubuntu@24.04 is no image reference. Write NAME[:TAG] of an"
                + " image in the Docker Engine, or"));
  }

  private static Stream<Input> trees() {
    return Stream.of(
        tree(
            "an image without a kernel",
            "rm -r image/boot",
            "make",
            "Slot slot1, rootfs:HERE/image: The image has no kernel. Install a Linux kernel in"
                + " the image."),
        tree(
            "a kernel without its modules",
            "installed; rm -r image/lib",
            "make",
            "Slot slot1, rootfs:HERE/image: The image has a kernel (/boot/vmlinuz-6.1.0-tiny)"
                + " but not its modules in /lib/modules. Install a Linux kernel in the image."),
        tree(
            "modules without their kernel",
            "installed; rm -r image/boot",
            "make",
            "Slot slot1, rootfs:HERE/image: The image has modules of the kernel 6.1.0-tiny but"
                + " no vmlinuz of that version in /boot or beside them. Install a Linux kernel"
                + " in the image."),
        tree(
            "a damaged kernel",
            "installed; echo 404 >image/boot/vmlinuz-6.1.0-tiny",
            "make",
            "Slot slot1, rootfs:HERE/image: /boot/vmlinuz-6.1.0-tiny of the image is not a Linux"
                + " kernel for x86 (bzImage). Install the kernel's package in the image again."),
        tree(
            "a kernel of another version than its modules",
            "installed; cd image; mv lib/modules/6.1.0-tiny lib/modules/6.1.0-9;"
                + " mv boot/vmlinuz-6.1.0-tiny boot/vmlinuz-6.1.0-9",
            "make",
            "Slot slot1, rootfs:HERE/image: /boot/vmlinuz-6.1.0-9 of the image says that it is"
                + " the kernel 6.1.0-tiny; its modules in /lib/modules/6.1.0-9 would not fit."
                + " Install the kernel's package in the image again."),
        tree(
            "an image without a tool for its initrd",
            "installed",
            "make",
            "Slot slot1, rootfs:HERE/image: The image has none of dracut, initramfs-tools and"
                + " mkinitfs to make its initrd with. Install dracut in the image. Or bring"
                + " /boot/slipway/vmlinuz and /boot/slipway/initrd in the image and set 'initrd:"
                + " keep'."),
        tree(
            "an image without an init",
            "rm image/sbin/init",
            "keep",
            "Slot slot1, rootfs:HERE/image: /sbin/init of the image is missing, or a link that"
                + " leads nowhere, so nothing would start after its kernel. Install an init such"
                + " as systemd in the image."),
        tree(
            "an init that cannot be executed",
            "chmod 644 image/sbin/init",
            "keep",
            "Slot slot1, rootfs:HERE/image: /sbin/init of the image cannot be executed until"
                + " /sbin/init has mode 0755, so nothing would start"),
        tree(
            "an init for another machine",
            "printf '\\267\\0' | dd of=image/sbin/init bs=1 seek=18 conv=notrunc status=none",
            "keep",
            "Slot slot1, rootfs:HERE/image: /sbin/init of the image is not a program for x86-64;"
                + " the image is for another architecture"),
        tree(
            "a kept initrd that is not there",
            "rm image/boot/slipway/initrd",
            "keep",
            "Slot slot1, rootfs:HERE/image: The image has no regular file /boot/slipway/initrd."
                + " An image with 'initrd: keep' brings its kernel and initrd itself; without"
                + " them, leave 'initrd' out."),
        tree(
            "a kept initrd that is a download's error page",
            "echo 404 >image/boot/slipway/initrd",
            "keep",
            "Slot slot1, rootfs:HERE/image: /boot/slipway/initrd of the image cannot be read to its"
                + " end. The initrd is in a format that Slipway does not read: a part of it is no"
                + " cpio, plain or compressed with gzip, zstd, xz or bzip2. Make it again or, if it boots"
                + " all the same, switch the check 'kept-initrd' off."),
        tree(
            "a damaged kernel that is kept",
            "echo 404 >image/boot/slipway/vmlinuz",
            "keep",
            "Slot slot1, rootfs:HERE/image: /boot/slipway/vmlinuz of the image is not a Linux"
                + " kernel for x86 (bzImage)."),
        tree(
            "a boot directory that is a link",
            "cd image && mv boot real && ln -s real boot",
            "keep",
            "Slot slot1, rootfs:HERE/image: /boot of the image is not a directory; it must be"
                + " one for the system to boot."),
        tree(
            "an enforced policy without labels",
            "mkdir -p image/etc/selinux && echo SELINUX=enforcing >image/etc/selinux/config",
            "keep",
            "The image enforces SELinux (/etc/selinux/config), but files in a slot have no"
                + " labels,"));
  }

  private static Stream<Input> descriptions() {
    return Stream.of(
        yaml(
            "a description that is no YAML",
            "slots: [",
            "HERE/disk.yml, line 1: this is not YAML: "),
        yaml("an empty description", "", "The disk description HERE/disk.yml is empty."),
        yaml(
            "a key with a mistake in it",
            slot("16MiB, filesytem: xfs"),
            "HERE/disk.yml, line 2: unknown key 'slots[0].filesytem' (did you mean"
                + " 'filesystem'?); allowed are: name, image,"),
        yaml(
            "a slot's name that is taken",
            slot("64MiB") + slot("64MiB").substring(7),
            "HERE/disk.yml, line 3: 'slots[1].name' is \"slot1\", but another slot has that name"
                + " already."),
        yaml(
            "a default that is no slot",
            slot("64MiB") + "default: slot2\n",
            "HERE/disk.yml, line 3: 'default' is \"slot2\" (did you mean \"slot1\"?), but the"
                + " default must be one of the slots with an image: slot1."),
        yaml(
            "a password in plain",
            slot("64MiB") + "host: {users: [{name: ops, password-hash: secret}]}\n",
            "HERE/disk.yml, line 3: 'host.users[0].password-hash' is not a password hash of"
                + " crypt(5)"),
        yaml(
            "a kernel argument that is Slipway's",
            slot("64MiB") + "kernel-arguments: root=/dev/sda1\n",
            "HERE/disk.yml, line 3: 'kernel-arguments' is \"root=/dev/sda1\", but Slipway sets"
                + " that argument itself; consoles are given by the key 'console'."),
        yaml(
            "a feature that GRUB cannot read",
            slot("64MiB, features: {bigalloc: on}"),
            "HERE/disk.yml, line 2: 'slots[0].features.bigalloc' is \"on\", but the file system"
                + " cannot have it: GRUB "));
  }

  private static Stream<Input> sizes() {
    return Stream.of(
        yaml(
            "a slot too small for any file system",
            slot("1MiB"),
            "HERE/disk.yml, line 2: 'slots[0].size' is \"1MiB\", but a slot has at least 16 MiB."),
        yaml(
            "a slot too small for xfs",
            slot("299MiB, filesystem: xfs"),
            "HERE/disk.yml, line 2: 'slots[0].size' is \"299MiB\", but mkfs.xfs makes no file"
                + " system smaller than 300 MiB; make the slot larger, or take another file"
                + " system."),
        yaml(
            "a size without a unit",
            slot("64"),
            "HERE/disk.yml, line 2: 'slots[0].size' must be a text; put it in quotes if the"
                + " value is meant as it is."),
        yaml(
            "a size that no disk has",
            slot("900TiB"),
            "HERE/disk.yml, line 2: 'slots[0].size' is \"900TiB\", but a size is at most 256 TiB."),
        new Input(
            "a disk too small for its slots",
            ":",
            "size: 128MiB\n" + slot("512MiB"),
            3,
            "The disk is to have 128 MiB, but its boot partitions, slots and data need 835 MiB:"
                + " make the disk at least that large, or the slots smaller."),
        new Input(
            "an msdos table beyond its reach",
            ":",
            "table: msdos\nsize: 3TiB\n" + slot("64MiB"),
            3,
            "An msdos partition table reaches 2097152 MiB (2 TiB), but the disk has 3145728 MiB:"
                + " take a GPT (table: gpt), or a smaller disk."),
        new Input(
            "an image larger than its slot",
            "truncate -s 0 image/large && head -c 20000000 /dev/urandom >image/large",
            slot("16MiB"),
            1,
            "The image rootfs:HERE/image does not fit slot slot1: its files need 19.7 MiB and"
                + " ext4 itself at least 4.3 MiB, the slot has 16 MiB. Give it a larger size;"
                + " initrd and agent come on top."),
        new Input(
            "an image that leaves the file system no room",
            "head -c 12000000 /dev/urandom >image/large",
            slot("16MiB"),
            1,
            "The image rootfs:HERE/image does not fit slot slot1: its files need 12.0 MiB and"
                + " ext4 itself at least 4.3 MiB, the slot has 16 MiB. Give it a larger size;"
                + " initrd and agent come on top."));
  }

  private static Input image(String what, String made, String reference, String sentence) {
    return new Input(
        what,
        made,
        "slots: [{name: slot1, size: 64MiB, initrd: keep, agent: false, image: '%s'}]\n"
            .formatted(reference),
        1,
        sentence);
  }

  private static Input tree(String what, String made, String initrd, String sentence) {
    return new Input(
        what,
        made,
        "slots: [{name: slot1, size: 64MiB, initrd: %s, agent: false, image: 'rootfs:image'}]\n"
            .formatted(initrd),
        1,
        sentence);
  }

  private static Input yaml(String what, String description, String sentence) {
    return new Input(what, ":", description, 1, sentence);
  }

  private static String slot(String size) {
    return """
        slots:
          - {name: slot1, image: 'rootfs:image', initrd: keep, agent: false, size: %s}
        """
        .formatted(size);
  }

  @BeforeEach
  void aGoodTree() throws IOException {
    TinyImage.in(directory.resolve("image"), 1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inputs")
  void isToldInOneSentenceAndLeavesNothing(Input input) throws IOException {
    Command.of("bash", "-ec", SHELL + input.made()).directory(directory).run();
    Path description = site.builds().description(input.description());
    Set<Path> before = filesHere();

    int exit = build(description);

    assertThat(err.toString().lines().filter(line -> line.startsWith("controller: ")))
        .singleElement()
        .asString()
        .contains(input.sentence().replace("HERE", directory.toString()))
        .endsWith(".")
        .doesNotContain("Exception", "should not have happened");
    assertThat(exit).isEqualTo(input.exit());
    assertThat(out.toString()).isEmpty();
    assertThat(output).doesNotExist();
    assertThat(filesHere()).isEqualTo(before);
  }

  private int build(Path description) {
    CommandLine command = Main.commandLine();
    command.setErr(new PrintWriter(err, true));
    command.setOut(new PrintWriter(out, true));
    return command.execute(
        "disk", "build", description.toString(), "--progress=plain", "-o", output.toString());
  }

  private Set<Path> filesHere() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.collect(Collectors.toSet());
    }
  }
}
