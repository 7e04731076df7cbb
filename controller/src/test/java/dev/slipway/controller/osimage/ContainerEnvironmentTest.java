package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tells the systemd, the OpenRC or the logins of an image that they run in a container. */
class ContainerEnvironmentTest {
  private static final String SYSTEM_CONF = "/etc/systemd/system.conf";

  @TempDir private Path directory;
  private TestTree tree;

  @BeforeEach
  void emptyTree() {
    tree = new TestTree(directory);
  }

  private List<String> changed() {
    return tree.apply(new ContainerEnvironment()).all().stream().map(Change::path).toList();
  }

  @Test
  void loginsAreNotTold() {
    tree.file(
        "/etc/environment", "PATH=/bin\ncontainer=docker\nexport container=lxc\nmy_container=x");
    assertThat(changed()).containsExactly("/etc/environment");
    assertThat(tree.read("/etc/environment")).isEqualTo("PATH=/bin\nmy_container=x");
    assertThat(changed()).as("a second time").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SYSTEM_CONF,
        "/etc/systemd/system.conf.d/10-container.conf",
        "/usr/lib/systemd/system.conf",
        "/usr/lib/systemd/system.conf.d/container.conf",
        "/lib/systemd/system.conf.d/container.conf"
      })
  void servicesAreNotTold(String file) {
    tree.file(file, "[Manager]\nDefaultEnvironment=container=podman\nLogLevel=info\n");
    assertThat(changed()).containsExactly(file);
    assertThat(tree.read(file)).isEqualTo("[Manager]\nLogLevel=info\n");
    assertThat(changed()).as("a second time").isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "DefaultEnvironment=A=1 container=docker B=2|DefaultEnvironment=A=1 B=2",
        "DefaultEnvironment=\"A=1 2\" \"container=docker\"|DefaultEnvironment=\"A=1 2\"",
        "ManagerEnvironment='container=docker' B=2|ManagerEnvironment=B=2",
        " DefaultEnvironment = B='x y' container=a| DefaultEnvironment =B='x y'",
        "DefaultEnvironment=OPTS=\"a  b\" container=docker|DefaultEnvironment=OPTS=\"a  b\"",
        "DefaultEnvironment=container=\"my docker\" B=1|DefaultEnvironment=B=1",
        "DefaultEnvironment=\"A=say \\\"hi\\\"\" container=a|DefaultEnvironment=\"A=say \\\"hi\\\"\""
      })
  void otherVariablesStay(String before, String after) {
    tree.file(SYSTEM_CONF, "[Manager]\n" + before);
    assertThat(changed()).containsExactly(SYSTEM_CONF);
    assertThat(tree.read(SYSTEM_CONF)).isEqualTo("[Manager]\n" + after);
  }

  @Test
  void aSettingOverSeveralLinesIsOne() {
    tree.file(
        SYSTEM_CONF, "DefaultEnvironment=A=1 \\\n  container=docker \\\n  B=2\nLogLevel=info\n");
    assertThat(changed()).containsExactly(SYSTEM_CONF);
    assertThat(tree.read(SYSTEM_CONF))
        .isEqualTo("DefaultEnvironment=A=1 \\\n  B=2\nLogLevel=info\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#DefaultEnvironment=container=docker\n",
        "DefaultEnvironment=A=container=docker\n",
        "DefaultEnvironment=\"A=x container=docker\" $1 \\n\n",
        "DefaultEnvironment=\n",
        "DefaultEnvironment=OPTS=\"x container=y\" B=1",
        "DefaultEnvironment=containers=2",
        "LogTarget=container=docker\n"
      })
  void whatIsNoSuchVariableStays(String text) {
    tree.file(SYSTEM_CONF, text);
    assertThat(changed()).isEmpty();
    assertThat(tree.read(SYSTEM_CONF)).isEqualTo(text);
  }

  @Test
  void openRcIsNotTold() {
    tree.file("/etc/rc.conf", "rc_parallel=NO\nrc_sys=\"docker\"\nrc_sys=\"\"\n#rc_sys=\"lxc\"\n");
    assertThat(changed()).containsExactly("/etc/rc.conf");
    assertThat(tree.read("/etc/rc.conf"))
        .isEqualTo("rc_parallel=NO\nrc_sys=\"\"\n#rc_sys=\"lxc\"\n");
    assertThat(changed()).as("a second time").isEmpty();
  }
}
