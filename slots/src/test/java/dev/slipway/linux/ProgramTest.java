package dev.slipway.linux;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that are looked for before they are needed. */
class ProgramTest {
  private static final Program SHELL = new Program("sh", "dash");

  @Test
  void programsOnThePathAndAtTheirPlaceAreThere() {
    assertThatCode(
            () -> Program.requireAll("Testing", List.of(SHELL, new Program("/bin/sh", "dash"))))
        .doesNotThrowAnyException();
  }

  @Test
  void allThatAreMissingAreNamedWithTheirPackagesOnce() {
    assertThatThrownBy(
            () ->
                Program.requireAll(
                    "Testing",
                    List.of(
                        SHELL,
                        new Program("no-such-program", "none"),
                        new Program("/no/such/place", "none"),
                        // A directory, and a file that is no program.
                        new Program("/etc", "base-files"),
                        new Program("/etc/passwd", "base-passwd"))))
        .isInstanceOf(OperatorError.class)
        .hasMessage(
            "Testing takes programs that this machine does not have on its PATH: no-such-program,"
                + " /no/such/place, /etc, /etc/passwd; install them (on Debian: apt-get install"
                + " none base-files base-passwd).");
  }
}
