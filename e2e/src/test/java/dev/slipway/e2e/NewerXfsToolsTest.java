package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk made where mkfs.xfs is Debian 13's, whose defaults (such as nrext64) Debian 11's kernel
 * does not know.
 */
@Tag("vm")
class NewerXfsToolsTest {
  private static final Duration BOOT = Duration.ofMinutes(15);

  @TempDir private Path directory;
  private final Checkout checkout = new Checkout();
  private Path mkfs;

  /** Debian 13's, with its own libraries, as a program of this machine. */
  @BeforeEach
  void unpackNewerTools() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("debian13"));
    Command.of(
            "tar",
            "-xf",
            checkout.debian13WithInitramfsTools().toString(),
            "-C",
            tree.toString(),
            "--wildcards",
            "./lib*",
            "./usr/lib/x86_64-linux-gnu",
            "./usr/lib64",
            "./usr/sbin/mkfs.xfs")
        .run();
    mkfs = directory.resolve("mkfs.xfs");
    Files.writeString(
        mkfs,
        """
        #!/bin/sh
        exec %1$s/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 \\
            --library-path %1$s/usr/lib/x86_64-linux-gnu %1$s/usr/sbin/mkfs.xfs "$@"
        """
            .formatted(tree));
    Files.setPosixFilePermissions(mkfs, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void anOldKernelThatCannotMountWhatTheyMakeByDefaultBootsTheSlotThatTheyMadeForIt()
      throws IOException {
    Path defaults = directory.resolve("defaults.img");
    Command.of("truncate", "--size=512M", defaults.toString()).run();
    Command.of(mkfs.toString(), "-q", defaults.toString()).run();

    Path description = directory.resolve("disk.yml");
    Files.writeString(description, checkout.oneSlot(checkout.debian11(), "xfs", "{}"));
    Path golden = directory.resolve("golden.img");
    checkout.buildBundle();
    withNewerTools("disk", "build", description.toString(), "-o", golden.toString());

    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/newer-xfs-tools"));
        VirtualMachine vm =
            hypervisor
                .create(
                    Machine.named("debian11")
                        .memory(1024)
                        .disk(Disk.overlay(golden, hypervisor.newFile("golden.qcow2")))
                        .disk(Disk.overlay(defaults, hypervisor.newFile("defaults.qcow2"))))
                .powerOn()) {
      Shell shell = Shell.login(vm.console(), "root", Checkout.PASSWORD, BOOT);
      assertThat(shell.check("cat /etc/os-release")).contains("VERSION_CODENAME=bullseye");
      assertThat(shell.check("findmnt -no FSTYPE /")).isEqualTo("xfs");
      assertThat(shell.run("mount -t xfs /dev/vdb /mnt").exit()).isNotZero();
      assertThat(shell.check("dmesg")).contains("incompatible feature");
    }
  }

  /** In a mount namespace in which they are this machine's. */
  private void withNewerTools(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--propagation=private",
                "sh",
                "-ec",
                "mount --bind \"$1\" \"$(readlink -f \"$(command -v mkfs.xfs)\")\"; shift; exec \"$@\"",
                "sh",
                mkfs.toString()));
    command.addAll(checkout.controller(arguments));
    Command.of(command).run();
  }
}
