package dev.slipway.e2e;

import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.TinySlot;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * This checkout as a user has it: its programs, run as processes, and the golden disks that the
 * tests share. A disk is built again when the code or the description it is made from has changed.
 */
final class Checkout {
  /** A password for root on the console, and what crypt(5) makes of it. */
  static final String PASSWORD = "slipway";

  /** A busybox that may read every file, whoever runs it, for it has the capability. */
  static final String READS_ALL = "/usr/local/lib/reads-all/busybox";

  /** The key of the Debian hosts' user ops; nobody has its private half. */
  static final String SSH_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBytBdg7VmEiBNp/nDaFE3SiiStzri15QlagL5LWr+Ul ops";

  /** The machine that the Debian disk has a fixed address for, on a network of its own. */
  static final Machine ON_A_LAN = Machine.named("on-a-lan");

  private static final String PASSWORD_HASH =
      "$6$slipway0$Nv05XSdtQg58647emxWWdzS/PuJvIBNrB1qMX7.V2jYALI313LFP.IoHRrdhuHj.DPvpKHF9Afe4K69vm.6nN0";

  // On a busy machine an emulated timer may be late while a kernel probes how its interrupt is
  // wired, and the kernel takes that for broken hardware and panics. A processor may wait for its
  // turn for longer than 20 s, which a kernel takes for a soft lockup; in a trial it panics then.
  private static final String KERNEL_ARGUMENTS = "no_timer_check, watchdog_thresh=60";

  final Path home = Path.of(System.getProperty("slipway.home"));
  private final MadeOnce shared = new MadeOnce(home.resolve("build/e2e"));

  Path bundle() {
    return home.resolve("agent/target/bundle");
  }

  /** The command line of the controller, on the classes under test. */
  List<String> controller(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("-Dslipway.home=" + home);
    command.add("-Dslipway.bundle=" + bundle());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.slipway.controller.cli.Main");
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs the controller to its end; fails with what it said unless it exits with 0. */
  String runController(String... arguments) {
    return Command.of(controller(arguments)).run().out();
  }

  /** The agent's bundle, as of the classes that Maven packaged last. */
  void buildBundle() {
    Command.of(home.resolve("agent/bundle/build").toString()).run();
  }

  TinySlot tinySlot() {
    return TinySlot.build(home);
  }

  /** Three slots of the tiny operating system, the third one empty. */
  Path tinyDisk() {
    TinySlot tiny = tinySlot();
    return disk(
        "tiny",
        """
        console: ttyS0,115200
        slots:
          - {name: slot1, image: "rootfs:%1$s", filesystem: xfs, size: 400MiB, initrd: keep}
          - {name: slot2, image: "rootfs:%1$s", filesystem: ext4, size: 400MiB, initrd: keep}
          - {name: slot3, size: 400MiB}
        data: {size: 64MiB}
        host:
          hostname: tiny1
          users:
            - {name: root, password-hash: "%2$s"}
        kernel-arguments: [quiet, %3$s]
        """
            .formatted(tiny.archive(), PASSWORD_HASH, KERNEL_ARGUMENTS),
        tiny.archive());
  }

  /**
   * Three slots of the tiny operating system on a disk with an msdos table: the third one and data
   * are logical partitions.
   */
  Path tinyMsdosDisk() {
    TinySlot tiny = tinySlot();
    return disk(
        "tiny-msdos",
        """
        table: msdos
        console: ttyS0,115200
        slots:
          - {name: slot1, image: "rootfs:%1$s", filesystem: xfs, size: 400MiB, initrd: keep}
          - {name: slot2, size: 400MiB}
          - {name: slot3, image: "rootfs:%1$s", filesystem: ext4, size: 400MiB, initrd: keep}
        data: {size: 64MiB}
        host:
          hostname: tiny1
          users:
            - {name: root, password-hash: "%2$s"}
        kernel-arguments: [quiet, %3$s]
        """
            .formatted(tiny.archive(), PASSWORD_HASH, KERNEL_ARGUMENTS),
        tiny.archive());
  }

  /** The description of a disk whose second slot takes the room that there is, and boots. */
  Path tinyAutoDescription() {
    TinySlot tiny = tinySlot();
    buildBundle();
    Path yaml = shared.directory().resolve("tiny-auto.yml");
    replace(
        yaml,
        """
        console: ttyS0,115200
        slots:
          - {name: slot1, size: 100MiB}
          - {name: slot2, image: "rootfs:%s", filesystem: xfs, initrd: keep}
        data: {size: 64MiB}
        kernel-arguments: [quiet, %s]
        """
            .formatted(tiny.archive(), KERNEL_ARGUMENTS));
    return yaml;
  }

  /** So many slots, empty but for the last one, which boots. */
  Path tinyDiskOf(int slots) {
    TinySlot tiny = tinySlot();
    String empty =
        IntStream.range(1, slots)
            .mapToObj("  - {name: an-empty-one-%03d, size: 16MiB}\n"::formatted)
            .collect(Collectors.joining());
    return disk(
        "tiny-" + slots,
        """
        console: ttyS0,115200
        slots:
        %s  - {name: the-last-of-many, image: "rootfs:%s", size: 400MiB, initrd: keep, agent: false}
        data: {size: 64MiB}
        kernel-arguments: [quiet, %s]
        """
            .formatted(empty, tiny.archive(), KERNEL_ARGUMENTS),
        tiny.archive());
  }

  /** The tiny operating system, and the same with an initrd that its mkinitfs makes, on XFS. */
  Path tinyMkinitfsDisk() {
    TinySlot tiny = tinySlot();
    Path made = TinySlot.withMkinitfs(home);
    return disk(
        "tiny-mkinitfs",
        """
        console: ttyS0,115200
        slots:
          - {name: slot1, image: "rootfs:%s", filesystem: ext4, size: 400MiB, initrd: keep}
          - {name: slot2, image: "rootfs:%s", filesystem: xfs, size: 600MiB}
        data: {size: 64MiB}
        host:
          hostname: tiny1
          users:
            - {name: root, password-hash: "%s"}
        kernel-arguments: [quiet, %s]
        """
            .formatted(tiny.archive(), made, PASSWORD_HASH, KERNEL_ARGUMENTS),
        tiny.archive(),
        made);
  }

  /** The slot of {@link #tinyMkinitfsDisk} alone, without a data partition. */
  Path tinyDiskWithoutData() {
    tinySlot();
    Path made = TinySlot.withMkinitfs(home);
    return disk(
        "tiny-without-data",
        """
        console: ttyS0,115200
        data: off
        slots:
          - {name: slot1, image: "rootfs:%s", filesystem: ext4, size: 600MiB}
        kernel-arguments: [quiet, %s]
        """
            .formatted(made, KERNEL_ARGUMENTS),
        made);
  }

  /**
   * Debian 12 on XFS, Debian 13 on ext4, an empty slot, and Debian 11 on XFS. The initrd of Debian
   * 13 is made by initramfs-tools, those of the others by dracut.
   */
  Path debianDisk() {
    Path bookworm = debianRoot("debian12");
    Path trixie = debian13WithInitramfsTools();
    Path bullseye = debian11();
    return disk(
        "debian",
        """
        console: ttyS0,115200
        slots:
          - {name: slot1, image: "rootfs:%s", filesystem: xfs, size: 2GiB}
          - {name: slot2, image: "rootfs:%s", filesystem: ext4, size: 2GiB}
          - {name: slot3, size: 2GiB}
          - {name: slot4, image: "rootfs:%s", filesystem: xfs, size: 2GiB}
        data: {size: 128MiB}
        host:
          hostname: host1
          users:
            - {name: root, password-hash: "%s"}
            - {name: ops, ssh-keys: "%s"}
          network:
            - {mac: "%s", address: 192.0.2.7/24}
            - {dhcp: true}
          timezone: Europe/Berlin
        kernel-arguments: [%s]
        """
            .formatted(
                bookworm,
                trixie,
                bullseye,
                PASSWORD_HASH,
                SSH_KEY,
                ON_A_LAN.lanAddress(),
                KERNEL_ARGUMENTS),
        bookworm,
        trixie,
        bullseye);
  }

  /** A Debian 12 that boots, as a root file system in a tar. */
  Path debian12() {
    return debianRoot("debian12");
  }

  Path debian13WithInitramfsTools() {
    return debianRoot("debian13", "--initramfs-tools");
  }

  Path debian11() {
    // Mirrors let the security archive of an old release fall to pieces.
    return debianRoot("debian11", "--as-released");
  }

  /** The description of a disk of one slot. */
  String oneSlot(Path image, String fileSystem, String features) {
    return """
        console: ttyS0,115200
        slots:
          - {name: slot1, image: "rootfs:%s", filesystem: %s, size: 2GiB, features: %s}
        host:
          hostname: host1
          users:
            - {name: root, password-hash: "%s"}
        kernel-arguments: [%s]
        """
        .formatted(image, fileSystem, features, PASSWORD_HASH, KERNEL_ARGUMENTS);
  }

  /** Debian 13 prepared to boot, in a directory, as {@code debian13.oci.tar}. */
  Path preparedDebian13() {
    Path root = debianRoot("debian13");
    List<Path> sources = new ArrayList<>(List.of(root));
    sources.addAll(product());
    return new MadeOnce(shared.directory().resolve("prepared"))
        .file(
            "debian13.oci.tar",
            sources,
            archive ->
                runController("image", "prepare", "rootfs:" + root, "-o", archive.toString()));
  }

  /**
   * A Debian root with the kernel for virtual machines, and with {@link #READS_ALL}.
   *
   * @param options of mkroot
   */
  private Path debianRoot(String example, String... options) {
    Path mkroot = home.resolve("examples/mkroot");
    return shared.file(
        example + String.join("", options) + ".reads-all.tar",
        List.of(mkroot, home.resolve("examples/" + example + "/packages")),
        archive -> {
          List<String> command = new ArrayList<>(List.of(mkroot.toString(), "--cloud"));
          command.addAll(List.of(options));
          command.addAll(List.of(example, archive.toString()));
          Command.of(command).run();
          addProgramWithCapability(archive);
        });
  }

  private static void addProgramWithCapability(Path archive) {
    Command.of(
            "sh",
            "-ec",
            """
            tree=$(mktemp -d)
            trap 'rm -r "$tree"' EXIT
            install -D /bin/busybox "$tree$2"
            setcap cap_dac_read_search=ep "$tree$2"
            # What is appended to an archive takes its format, and mmdebstrap's has no attributes.
            tar --create --file "$tree/one.tar" --format pax --xattrs --xattrs-include 'security.*' \
                --directory "$tree" "${2#/}"
            tar --concatenate --file "$1" "$tree/one.tar"
            """,
            "sh",
            archive.toString(),
            READS_ALL)
        .run();
  }

  private Path disk(String name, String description, Path... images) {
    Path yaml = shared.directory().resolve(name + ".yml");
    replace(yaml, description);
    List<Path> sources = new ArrayList<>(List.of(images));
    sources.add(yaml);
    sources.addAll(product());
    return shared.file(
        name + ".img",
        sources,
        disk -> runController("disk", "build", yaml.toString(), "-o", disk.toString()));
  }

  /** What of this checkout goes into a disk or an image, or makes it. */
  private List<Path> product() {
    buildBundle();
    List<Path> files = new ArrayList<>(List.of(home.resolve("agent/target/bundle.recipe")));
    for (String built :
        List.of("dracut", "grub-templates", "slots/target/classes", "controller/target/classes")) {
      files.addAll(files(home.resolve(built)));
    }
    return files;
  }

  /** In one step, for another process may be reading. */
  private static void replace(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Path next = Files.createTempFile(file.getParent(), "next", null);
      Files.writeString(next, content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
