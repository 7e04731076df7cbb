package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image with everything that kept the first images of this kind from booting: initrds without
 * virtio and without xfs, one for the kernel of the machine that made it, a graphical default
 * target, masked gettys, and a file system with features that the kernel does not know.
 */
@Tag("vm")
class SixBootProblemsTest {
  private static final Duration BOOT = Duration.ofMinutes(15);

  @TempDir private Path directory;
  private final Checkout checkout = new Checkout();

  @Test
  void eachIsDiagnosedAndTheMendedSlotBoots() throws IOException {
    Path image = directory.resolve("damaged.tar");
    String kernel = damage(image);

    List<String> said = findings(image);
    assertThat(said)
        .as("virtio and xfs are missing in the initrd")
        .anyMatch(
            text ->
                text.startsWith("/boot/initrd.img-" + kernel + " has no driver")
                    && text.contains("virtio_blk")
                    && text.contains("xfs"));
    assertThat(said)
        .as("dracut looked at the running kernel")
        .anyMatch(text -> text.startsWith("/boot/initramfs-" + runningKernel() + ".img is for a"));
    assertThat(said)
        .as("the default target")
        .anyMatch(text -> text.contains("default.target") && text.contains("multi-user.target"));
    assertThat(said)
        .as("masked gettys")
        .anyMatch(text -> text.contains("/etc/systemd/system/getty.target"))
        .anyMatch(text -> text.contains("/etc/systemd/system/serial-getty@.service"));

    assertThat(
            Command.of(checkout.controller("disk", "explain", disk(image, "{nrext64: on}")))
                .runUnchecked()
                .err())
        .as("a feature of XFS that is too new for the slot's kernel")
        .contains("nrext64")
        .contains(kernel);

    Path golden = directory.resolve("golden.img");
    checkout.buildBundle();
    checkout.runController("disk", "build", disk(image, "{}"), "-o", golden.toString());
    boots(golden, kernel);
  }

  private void boots(Path golden, String kernel) {
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/six-problems"));
        VirtualMachine vm =
            hypervisor
                .create(
                    Machine.named("mended")
                        .memory(1536)
                        .disk(Disk.overlay(golden, hypervisor.newFile("mended.qcow2"))))
                .powerOn()) {
      Shell shell = Shell.login(vm.console(), "root", Checkout.PASSWORD, BOOT);
      assertThat(shell.check("uname -r")).isEqualTo(kernel);
      assertThat(shell.check("findmnt -no FSTYPE /")).isEqualTo("xfs");
      assertThat(shell.check("systemctl get-default")).isEqualTo("multi-user.target");
      assertThat(shell.check("systemctl is-active getty.target")).isEqualTo("active");
      assertThat(shell.run("systemctl is-system-running --wait", BOOT).output())
          .isEqualTo("running");
    }
  }

  /** Debian 12 with the mistakes laid over it; returns its kernel's version. */
  private String damage(Path image) {
    Path debian = checkout.debian12();
    Command.of("cp", debian.toString(), image.toString()).run();
    return Command.of(
            "sh",
            "-ec",
            """
            tree=$1 image=$2 running=$3
            kernel=$(tar -tf "$image" | sed -n 's#^\\(\\./\\)\\?boot/vmlinuz-##p')
            mkdir -p "$tree/boot" "$tree/etc/systemd/system" "$tree/etc/dracut.conf.d"
            : > "$tree/init"
            (cd "$tree" && echo init | cpio --quiet -o -H newc | gzip > "boot/initrd.img-$kernel")
            rm "$tree/init"
            cp "$tree/boot/initrd.img-$kernel" "$tree/boot/initramfs-$running.img"
            echo 'hostonly="yes"' > "$tree/etc/dracut.conf.d/host.conf"
            ln -s /lib/systemd/system/graphical.target "$tree/etc/systemd/system/default.target"
            ln -s /dev/null "$tree/etc/systemd/system/getty.target"
            ln -s /dev/null "$tree/etc/systemd/system/serial-getty@.service"
            tar --append --file "$image" --directory "$tree" boot etc
            echo "$kernel"
            """,
            "sh",
            directory.resolve("damage").toString(),
            image.toString(),
            runningKernel())
        .run()
        .out()
        .strip();
  }

  /** Never that of the slot: this machine does not boot from the image. */
  private static String runningKernel() {
    return System.getProperty("os.version");
  }

  private List<String> findings(Path image) throws JsonProcessingException {
    JsonNode answer =
        new ObjectMapper()
            .readTree(
                checkout.runController(
                    "image", "check", "rootfs:" + image, "--filesystem", "xfs", "--json"));
    assertThat(answer.get("boots").asBoolean()).isTrue();
    return StreamSupport.stream(answer.get("findings").spliterator(), false)
        .map(finding -> finding.get("text").asText())
        .toList();
  }

  private String disk(Path image, String features) throws IOException {
    Path description = directory.resolve("disk.yml");
    Files.writeString(description, checkout.oneSlot(image, "xfs", features));
    return description.toString();
  }
}
