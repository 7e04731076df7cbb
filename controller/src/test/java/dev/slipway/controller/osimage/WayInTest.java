package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WayInTest {
  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void closedAccounts() {
    tree =
        new TestTree(root)
            .file(
                "/etc/passwd",
                "root:x:0:0::/root:/bin/sh\nops:x:1000:1000::/home/ops:/bin/sh\nodd\n::::::\n")
            .file(
                "/etc/shadow",
                "root:*:19000:0:99999:7:::\nops:!$6$salt$hash:19000:0:99999:7:::\nodd\n");
  }

  @Test
  void anImageWhoseAccountsAreAllClosedIsNoted() {
    tree.program("/usr/sbin/sshd", "");
    assertThat(tree.apply(new WayIn()).notes())
        .containsExactly(
            "No account of the image has a password or an SSH key, so only users that disk.yml"
                + " gives the host can log in.");
  }

  @Test
  void aPasswordIsAWayIn() {
    tree.file("/etc/shadow", "root:$6$salt$hash:19000:0:99999:7:::\n");
    assertThat(tree.apply(new WayIn()).notes()).isEmpty();
  }

  @Test
  void anEmptyPasswordIsAWayIn() {
    tree.file("/etc/shadow", "root::19000:0:99999:7:::\n");
    assertThat(tree.apply(new WayIn()).notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"$6$salt$hash", ""})
  void aPasswordBesideTheUserIsAWayIn(String password) {
    tree.file("/etc/passwd", "root:" + password + ":0:0::/root:/bin/sh\n");
    assertThat(tree.apply(new WayIn()).notes()).isEmpty();
  }

  @Test
  void aClosedPasswordBesideTheUserIsNone() {
    tree.file("/etc/passwd", "root:*:0:0::/root:/bin/sh\nops:!$6$salt$hash:1:1::/:/bin/sh\n");
    assertThat(tree.apply(new WayIn()).notes()).hasSize(1);
  }

  @Test
  void usersOfADirectoryServiceAreNoAccountsOfTheImage() {
    tree.file("/etc/passwd", "root:*:0:0::/root:/bin/sh\n+::::::\n-bad::::::\n");
    assertThat(tree.apply(new WayIn()).notes()).hasSize(1);
  }

  @Test
  void anImageWithoutAnSshServerIsToldThatPasswordsAloneLetSomebodyIn() {
    tree.file("/etc/os-release", "ID=debian\n");
    assertThat(tree.apply(new WayIn()).notes())
        .containsExactly(
            "No account of the image has a password, and it has no SSH server, so only users to"
                + " whom disk.yml gives a password hash can log in. Install openssh-server in the"
                + " image (apt-get install openssh-server).");
  }

  @Test
  void anSshKeyWithoutAServerIsNoWayIn() {
    tree.file("/home/ops/.ssh/authorized_keys", "ssh-ed25519 AAAA me\n")
        .file("/etc/os-release", "ID=alpine\n");
    assertThat(tree.apply(new WayIn()).notes())
        .singleElement()
        .asString()
        .endsWith("(apk add openssh).");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd", "/usr/sbin/dropbear"})
  void anSshKeyIsAWayInWhereAServerTakesIt(String server) {
    tree.program(server, "");
    tree.file("/home/ops/.ssh/authorized_keys", "# of nobody\n\n");
    assertThat(tree.apply(new WayIn()).notes()).hasSize(1);

    tree.file("/home/ops/.ssh/authorized_keys", "ssh-ed25519 AAAA me\n");
    assertThat(tree.apply(new WayIn()).notes()).isEmpty();
  }

  @Test
  void anImageWithoutAccountsHasNoWayIn() {
    TestTree empty = new TestTree(root.resolve("empty")).directory("/etc");
    assertThat(empty.apply(new WayIn()).notes()).hasSize(1);
  }
}
