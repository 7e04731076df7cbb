package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as an order that was taken; systemctl and busctl are scripts here. */
class SystemdTest {
  @TempDir private Path directory;

  /** A systemctl that finds the system in that state and ends an order like that. */
  private Systemd systemd(String state, String end) throws IOException {
    return systemd(state, end, "inactive", "exit 1");
  }

  private Systemd systemd(String state, String end, String logind, String busctl)
      throws IOException {
    script(
        "systemctl",
        """
        case $1 in
        is-system-running) echo %s ;;
        is-active) [ "$3 %s" = "systemd-logind.service active" ] ;;
        kexec | reboot) echo "$1 $SYSTEMCTL_SKIP_AUTO_KEXEC" >>%s; %s ;;
        esac
        """
            .formatted(state, logind, directory.resolve("orders"), end));
    if (!busctl.isEmpty()) {
      script("busctl", busctl);
    }
    return new Systemd(
        directory.resolve("systemctl").toString(), directory.resolve("busctl").toString());
  }

  private void script(String name, String body) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A system that says of itself that it runs, and whose logind answers like that. */
  private Systemd logind(String state, String busctl) throws IOException {
    return systemd("running", "exit 1", state, busctl);
  }

  @Test
  void theShutdownThatEndsSystemctlWasOrdered() throws IOException {
    Systemd init = systemd("stopping", "exit 143");
    assertThatCode(init::jump).doesNotThrowAnyException();
    assertThatCode(init::restart).doesNotThrowAnyException();
  }

  /** It may be asked before the state says so. */
  @Test
  void aSystemctlThatASignalEndsHasNotSaidNo() throws IOException {
    Systemd init = systemd("running", "kill -TERM $$");
    assertThatCode(init::jump).doesNotThrowAnyException();
    assertThatCode(init::restart).doesNotThrowAnyException();
  }

  @Test
  void anErrorInASystemThatGoesDownIsNoRefusal() throws IOException {
    assertThatCode(systemd("stopping", "exit 1")::jump).doesNotThrowAnyException();
  }

  @Test
  void aRefusalIsToldWithWhatSystemctlSaid() throws IOException {
    Systemd init = systemd("running", "echo 'Access denied' >&2; exit 1");
    assertThatThrownBy(init::jump)
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("Access denied");
    assertThatThrownBy(init::restart).isInstanceOf(OperatorError.class);
  }

  @Test
  void onlyARestartPassesByALoadedKernel() throws IOException {
    Systemd init = systemd("running", "exit 0");
    init.jump();
    init.restart();
    assertThat(directory.resolve("orders")).hasContent("kexec \nreboot 1");
  }

  /** Whatever systemctl says of the state: an inhibitor may delay it for minutes. */
  @Test
  void aShutdownThatLogindDelaysHasBegun() throws IOException {
    Systemd init =
        logind(
            "active",
            """
            [ "$*" = "get-property org.freedesktop.login1 /org/freedesktop/login1 \
            org.freedesktop.login1.Manager PreparingForShutdown" ] && echo b true
            """);
    assertThat(init.shuttingDown()).isTrue();
  }

  /** It ends no systemctl yet: one that fails was told that another shutdown is on its way. */
  @Test
  void anErrorWhileAnotherShutdownIsDelayedIsARefusal() throws IOException {
    assertThatThrownBy(logind("active", "echo b true")::jump).isInstanceOf(OperatorError.class);
  }

  @Test
  void withoutAShutdownThatLogindDelaysTheSystemRuns() throws IOException {
    assertThat(logind("active", "echo b false").shuttingDown()).isFalse();
    assertThat(logind("active", "echo 'Failed to get property' >&2; exit 1").shuttingDown())
        .isFalse();
  }

  @Test
  void aSystemWithoutBusctlDelaysNothing() throws IOException {
    assertThat(logind("active", "").shuttingDown()).isFalse();
  }

  /** The bus may not be up yet, and then lets its callers wait. */
  @Test
  void aLogindThatDoesNotRunIsNotAsked() throws IOException {
    assertThat(logind("inactive", "echo b true").shuttingDown()).isFalse();
    assertThat(logind("activating", "echo b true").shuttingDown()).isFalse();
  }
}
