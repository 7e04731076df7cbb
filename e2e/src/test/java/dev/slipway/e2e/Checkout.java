package dev.slipway.e2e;

import dev.slipway.e2e.vm.TinySlot;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * This checkout as a user has it: its programs, run as processes, and the golden disks that the
 * tests share. A disk is built again when the code or the description it is made from has changed.
 */
final class Checkout {
  /** A password for root on the console, and what crypt(5) makes of it. */
  static final String PASSWORD = "slipway";

  // Slots get no_timer_check: on a busy machine an emulated timer may be late while a kernel probes
  // how
  // its interrupt is wired, and the kernel takes that for broken hardware and panics.
  private static final String PASSWORD_HASH =
      "$6$slipway0$Nv05XSdtQg58647emxWWdzS/PuJvIBNrB1qMX7.V2jYALI313LFP.IoHRrdhuHj.DPvpKHF9Afe4K69vm.6nN0";

  final Path home = Path.of(System.getProperty("slipway.home"));

  Path bundle() {
    return home.resolve("agent/target/bundle");
  }

  /** Where what tests share is kept from run to run. */
  Path cache() {
    try {
      return Files.createDirectories(home.resolve("build/e2e"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
        hostname: tiny1
        console: ttyS0,115200
        slots:
          - {name: slot1, image: "rootfs:%1$s", filesystem: xfs, size: 400MiB, initrd: keep}
          - {name: slot2, image: "rootfs:%1$s", filesystem: ext4, size: 400MiB, initrd: keep}
          - {name: slot3, size: 400MiB}
        data: {size: 64MiB}
        users:
          - {name: root, password_hash: "%2$s"}
        kernel_arguments: [quiet, no_timer_check]
        """
            .formatted(tiny.archive(), PASSWORD_HASH),
        tiny.archive());
  }

  /** Debian 12 on XFS, Debian 13 on ext4, and an empty slot. */
  Path debianDisk() {
    Path bookworm = debianRoot("debian12");
    Path trixie = debianRoot("debian13");
    return disk(
        "debian",
        """
        hostname: host1
        console: ttyS0,115200
        slots:
          - {name: slot1, image: "rootfs:%s", filesystem: xfs, size: 2GiB}
          - {name: slot2, image: "rootfs:%s", filesystem: ext4, size: 2GiB}
          - {name: slot3, size: 2GiB}
        data: {size: 128MiB}
        users:
          - {name: root, password_hash: "%s"}
        kernel_arguments: [no_timer_check]
        """
            .formatted(bookworm, trixie, PASSWORD_HASH),
        bookworm,
        trixie);
  }

  /** A Debian root with the kernel for virtual machines, bootstrapped once. */
  Path debianRoot(String example) {
    Path root =
        cache()
            .resolve(
                example
                    + "-"
                    + digest(
                        home.resolve("examples/mkroot"),
                        home.resolve("examples/" + example + "/packages"))
                    + ".tar");
    if (!Files.exists(root)) {
      Command.of(home.resolve("examples/mkroot").toString(), "--cloud", example, root.toString())
          .run();
    }
    return root;
  }

  private Path disk(String name, String description, Path... images) {
    buildBundle();
    try {
      Path yaml = cache().resolve(name + ".yml");
      Files.writeString(yaml, description);
      List<Path> sources = new ArrayList<>(List.of(images));
      sources.add(yaml);
      sources.add(home.resolve("agent/target/bundle.recipe"));
      for (String built :
          List.of(
              "dracut", "grub-templates", "slots/target/classes", "controller/target/classes")) {
        sources.addAll(files(home.resolve(built)));
      }
      String recipe = digest(sources.toArray(Path[]::new));
      Path disk = cache().resolve(name + ".img");
      Path made = cache().resolve(name + ".recipe");
      if (!Files.exists(disk) || !Files.exists(made) || !Files.readString(made).equals(recipe)) {
        Files.deleteIfExists(made);
        Files.deleteIfExists(disk);
        runController("disk", "build", yaml.toString(), "-o", disk.toString());
        Files.writeString(made, recipe);
      }
      return disk;
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

  private static String digest(Path... files) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        sha.update(file.toString().getBytes(StandardCharsets.UTF_8));
        // An archive's size and time are enough; reading gigabytes to compare them is not worth it.
        if (Files.size(file) > 1 << 24) {
          sha.update(
              (Files.size(file) + " " + Files.getLastModifiedTime(file))
                  .getBytes(StandardCharsets.UTF_8));
        } else {
          sha.update(Files.readAllBytes(file));
        }
      }
      return HexFormat.of().formatHex(sha.digest()).substring(0, 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
