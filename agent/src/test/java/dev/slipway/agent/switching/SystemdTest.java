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

/** What counts as an order that was taken; systemctl is a script here. */
class SystemdTest {
  @TempDir private Path directory;

  /** A systemctl that finds the system in that state and ends an order like that. */
  private Systemd systemd(String state, String end) throws IOException {
    Path systemctl = directory.resolve("systemctl");
    Files.writeString(
        systemctl,
        """
        #!/bin/sh
        case $1 in
        is-system-running) echo %s ;;
        kexec | reboot) echo "$1 $SYSTEMCTL_SKIP_AUTO_KEXEC" >>%s; %s ;;
        esac
        """
            .formatted(state, directory.resolve("orders"), end));
    Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Systemd(systemctl.toString());
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
}
