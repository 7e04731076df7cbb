package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script host-setup, run by a busybox shell in a root of its own. */
class HostSetupTest {
  private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ann@example.org";

  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void smallRoot() throws IOException {
    tree =
        new TestTree(root)
            .directory("/dev")
            .directory("/tmp")
            .file("/proc/sys/kernel/random/uuid", "01234567-89ab-cdef-0123-456789abcdef\n")
            .file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
            .file("/etc/group", "root:x:0:\n")
            .file("/etc/shadow", "root:*:19000:0:99999:7:::\n")
            .file("/etc/hosts", "127.0.0.1 localhost\n")
            .file("/etc/machine-id", "")
            .file("/etc/skel/.profile", "# skeleton\n")
            .directory("/root")
            .directory("/bin");
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet :
        List.of("sh", "cat", "cp", "mv", "rm", "mkdir", "chmod", "chown", "sync")) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    tree.apply(new HostSetup());
    Files.createFile(root.resolve("dev/kmsg"));
  }

  private Path data() {
    return root.resolve("var/lib/slipway");
  }

  private void configure(HostConfiguration configuration) {
    configuration.writeTo(data());
  }

  private int boot() {
    return Command.of("chroot", root.toString(), "/usr/lib/slipway/host-setup")
        .runUnchecked()
        .exit();
  }

  private static HostConfiguration.User user(String name, int uid, String hash) {
    return new HostConfiguration.User(
        name, Optional.of(uid), Optional.ofNullable(hash), List.of(KEY));
  }

  private static HostConfiguration host(HostConfiguration.User... users) {
    return new HostConfiguration(Optional.of("web1.example.org"), List.of(users));
  }

  @Test
  void theFirstBootMakesAMachineIdAndLaterOnesKeepIt() {
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/machine-id")).isEqualTo("0123456789abcdef0123456789abcdef\n");
    tree.file("/proc/sys/kernel/random/uuid", "ffffffff-ffff-ffff-ffff-ffffffffffff\n");
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/machine-id")).isEqualTo("0123456789abcdef0123456789abcdef\n");
    assertThat(data().resolve("host/machine-id")).hasContent("0123456789abcdef0123456789abcdef\n");
  }

  @Test
  void aSecondSlotGetsTheIdentityOfTheFirst() {
    tree.file("/var/lib/slipway/host/machine-id", "aaaabbbbccccddddeeeeffff00001111\n");
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/machine-id")).isEqualTo("aaaabbbbccccddddeeeeffff00001111\n");
  }

  @Test
  void aTornMachineIdIsMadeAnew() {
    tree.file("/var/lib/slipway/host/machine-id", "aaaabbbb");
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/machine-id")).isEqualTo("0123456789abcdef0123456789abcdef\n");
  }

  @Test
  void theHostNameResolves() {
    configure(host());
    assertThat(boot()).isZero();
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/hostname")).isEqualTo("web1.example.org\n");
    assertThat(tree.read("/etc/hosts"))
        .isEqualTo(
            """
            127.0.0.1 localhost
            # slipway: begin
            127.0.1.1 web1.example.org web1
            # slipway: end
            """);
  }

  @Test
  void aNewUserHasAHomeAPasswordAndKeys() throws IOException {
    configure(host(user("ann", 1000, "$6$salt$hash")));
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/passwd")).contains("ann:x:1000:1000::/home/ann:/bin/sh\n");
    assertThat(tree.read("/etc/group")).contains("ann:x:1000:\n");
    assertThat(tree.read("/etc/shadow")).contains("ann:$6$salt$hash::0:99999:7:::\n");
    assertThat(tree.read("/home/ann/.profile")).isEqualTo("# skeleton\n");
    assertThat(tree.read("/home/ann/.ssh/authorized_keys")).contains(KEY);
    Path keys = root.resolve("home/ann/.ssh/authorized_keys");
    assertThat(Files.getAttribute(keys, "unix:uid")).isEqualTo(1000);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rw-------");
  }

  @Test
  void bootingAgainChangesNothing() {
    configure(host(user("ann", 1000, "$6$salt$hash"), user("root", 0, "$6$a$b")));
    assertThat(boot()).isZero();
    List<String> before = everything();
    assertThat(boot()).isZero();
    assertThat(everything()).isEqualTo(before);
  }

  private List<String> everything() {
    return List.of(
            "/etc/passwd",
            "/etc/shadow",
            "/etc/group",
            "/etc/hosts",
            "/etc/hostname",
            "/home/ann/.ssh/authorized_keys",
            "/root/.ssh/authorized_keys")
        .stream()
        .map(tree::read)
        .toList();
  }

  @Test
  void aUserOfTheImageKeepsItsNumberAndGetsThePassword() {
    configure(host(user("root", 0, "$6$a$b")));
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/passwd")).isEqualTo("root:x:0:0:root:/root:/bin/sh\n");
    assertThat(tree.read("/etc/shadow")).isEqualTo("root:$6$a$b:19000:0:99999:7:::\n");
  }

  @Test
  void aNumberThatTheImageUsesIsLeftToItsUser() {
    tree.file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n")
        .file("/etc/group", "root:x:0:\napp:x:1000:\n");
    configure(host(user("ann", 1000, null)));
    assertThat(boot()).isZero();
    assertThat(tree.read("/etc/passwd")).contains("ann:x:1001:1001:");
    assertThat(tree.read("/etc/shadow")).contains("ann:*:");
  }

  @Test
  void keysTakenFromTheHostGoAndThoseOfTheImageStay() {
    tree.file("/root/.ssh/authorized_keys", "ssh-rsa AAAA image\n");
    configure(host(user("root", 0, null)));
    assertThat(boot()).isZero();
    tree.file("/var/lib/slipway/host/authorized_keys/root", "ssh-rsa BBBB other\n");
    assertThat(boot()).isZero();
    assertThat(tree.read("/root/.ssh/authorized_keys"))
        .contains("ssh-rsa AAAA image", "ssh-rsa BBBB other")
        .doesNotContain(KEY);
  }

  @Test
  void aBadPartIsReportedAndTheOthersAreDone() {
    configure(host(user("ann", 1000, null)));
    tree.file("/var/lib/slipway/host/users/Bad:Name", "")
        .file("/var/lib/slipway/host/users/eve", "sudo=yes\n")
        .file("/var/lib/slipway/host/authorized_keys/nobodyhere", KEY);
    assertThat(boot()).isEqualTo(1);
    assertThat(tree.read("/dev/kmsg")).startsWith("slipway: ");
    assertThat(tree.read("/etc/passwd")).contains("ann:x:1000", "eve:x:1001").doesNotContain("Bad");
  }

  @Test
  void passwordHashesAreForRootOnly() throws IOException {
    configure(host(user("root", 0, "$6$a$b")));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data().resolve("host/users"))))
        .isEqualTo("rwx------");
  }
}
