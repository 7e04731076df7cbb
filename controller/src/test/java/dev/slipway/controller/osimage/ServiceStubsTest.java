package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that do nothing in the place of those that start services. */
class ServiceStubsTest {
  private static final String STARTER = "/sbin/start-stop-daemon";
  private static final String DIVERSIONS = "/var/lib/dpkg/diversions";
  private static final String OTHERS = "/usr/bin/vi\n/usr/bin/vi.distrib\nvim\n";

  @TempDir private Path directory;
  private TestTree tree;

  @BeforeEach
  void emptyTree() {
    tree = new TestTree(directory);
  }

  private List<String> changes() {
    return tree.apply(new ServiceStubs()).all().stream()
        .map(change -> change.kind() + " " + change.path())
        .toList();
  }

  private List<String> notes() {
    return tree.apply(new ServiceStubs()).notes();
  }

  @Test
  void whatDpkgDivertedIsBackInItsPlaceAsItWas() throws IOException {
    tree.program("/sbin/start-stop-daemon.real", ElfProgram.STATIC)
        .link(STARTER, "/bin/true")
        .file(DIVERSIONS, OTHERS + STARTER + "\n/sbin/start-stop-daemon.real\n:\n");
    FileTime time = FileTime.fromMillis(1_000_000_000);
    Files.setLastModifiedTime(directory.resolve("sbin/start-stop-daemon.real"), time);

    assertThat(changes())
        .containsExactly(
            "REMOVED /sbin/start-stop-daemon.real", "CHANGED " + STARTER, "CHANGED " + DIVERSIONS);

    Path back = directory.resolve("sbin/start-stop-daemon");
    assertThat(back).isExecutable().hasBinaryContent(ElfProgram.STATIC);
    assertThat(Files.getLastModifiedTime(back)).isEqualTo(time);
    assertThat(tree.has("/sbin/start-stop-daemon.real")).isFalse();
    assertThat(tree.read(DIVERSIONS)).isEqualTo(OTHERS);
    assertThat(changes()).as("a second time").isEmpty();
  }

  @Test
  void whatDebootstrapPutAsideIsBackInItsPlace() {
    tree.program(STARTER + ".REAL", ElfProgram.STATIC)
        .program(
            STARTER,
            "#!/bin/sh\necho\necho \"Warning: Fake start-stop-daemon called, doing nothing\"\n");
    assertThat(changes()).containsExactly("REMOVED " + STARTER + ".REAL", "CHANGED " + STARTER);
    assertThat(directory.resolve("sbin/start-stop-daemon")).hasBinaryContent(ElfProgram.STATIC);
  }

  /** Of Ubuntu's container images before the one with systemd, and of recipes that go on. */
  @Test
  void initctlOfNoInitIsRemovedAndItsDiversionForgotten() {
    tree.link("/sbin/initctl", "/bin/true")
        .file(DIVERSIONS, "/sbin/initctl\n/sbin/initctl.distrib\n:\n" + OTHERS);
    assertThat(changes()).containsExactly("REMOVED /sbin/initctl", "CHANGED " + DIVERSIONS);
    assertThat(tree.has("/sbin/initctl")).isFalse();
    assertThat(tree.read(DIVERSIONS)).isEqualTo(OTHERS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/systemctl", "/usr/sbin/invoke-rc.d", STARTER})
  void aStubWithoutTheRealOneIsTold(String path) {
    tree.program(path, "#!/bin/sh\n# for the build\nexit 0;\n");
    assertThat(notes())
        .singleElement()
        .asString()
        .startsWith(path + " does nothing")
        .contains("in the image again");
    assertThat(tree.has(path)).isTrue();
  }

  @Test
  void aDivertedFileThatIsItselfAStubOrIsNotThereIsNotPutBack() {
    tree.link(STARTER, "/bin/true").link(STARTER + ".distrib", "/bin/true");
    assertThat(notes()).hasSize(1);
    assertThat(changes()).isEmpty();
  }

  @Test
  void realProgramsAndThoseOfBusyboxStay() {
    tree.program("/bin/busybox", ElfProgram.STATIC)
        .link(STARTER, "/bin/busybox")
        .program("/usr/sbin/invoke-rc.d", "#!/bin/sh\nexec /etc/init.d/$1 $2\n")
        .program("/bin/systemctl", ElfProgram.STATIC)
        .file(DIVERSIONS, OTHERS);
    assertThat(changes()).isEmpty();
    assertThat(notes()).isEmpty();
  }

  @Test
  void aProgramThatAPackageDivertedStays() {
    tree.program(STARTER, ElfProgram.STATIC)
        .program(STARTER + ".distrib", ElfProgram.STATIC)
        .file(DIVERSIONS, STARTER + "\n" + STARTER + ".distrib\nother-starter\n");
    assertThat(changes()).isEmpty();
  }
}
