package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OsTreeTest {
  @TempDir private Path directory;

  private TestTree inside() {
    return new TestTree(directory.resolve("root")).directory("/");
  }

  @Test
  void anAbsoluteLinkLeadsToAPlaceInTheTree() {
    TestTree made = inside().file("/real/file", "inside").link("/link", "/real/file");
    try (OsTree tree = new OsTree(made.root)) {
      assertThat(tree.real("/link")).contains("/real/file");
      assertThat(tree.read("/link")).contains("inside");
    }
  }

  @Test
  void noLinkLeadsOutOfTheTree() throws Exception {
    Path outside = Files.writeString(directory.resolve("outside"), "the machine's");
    TestTree made =
        inside()
            .link("/absolute", outside.toString())
            .link("/relative", "../outside")
            .link("/above", "../../../../../..");
    try (OsTree tree = new OsTree(made.root)) {
      assertThat(tree.read("/absolute")).isEmpty();
      assertThat(tree.read("/relative")).isEmpty();
      tree.write("/above/outside", "written", 0644);
      assertThat(made.read("/outside")).isEqualTo("written");
    }
    assertThat(outside).hasContent("the machine's");
  }

  @Test
  void writingReplacesALinkAndLeavesItsTarget() {
    TestTree made = inside().file("/target", "old").link("/link", "target");
    try (OsTree tree = new OsTree(made.root)) {
      tree.write("/link", "new", 0640);
    }
    assertThat(made.read("/target")).isEqualTo("old");
    assertThat(made.read("/link")).isEqualTo("new");
  }

  @Test
  void editingFollowsTheLinkAndKeepsTheMode() throws Exception {
    TestTree made = inside().file("/usr/real", "old").link("/etc/link", "../usr/real");
    Path real = made.root.resolve("usr/real");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    try (OsTree tree = new OsTree(made.root)) {
      tree.edit("/etc/link", "new");
    }
    assertThat(made.target("/etc/link")).isEqualTo("../usr/real");
    assertThat(real).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void aLinkMayEndInASlash() {
    TestTree made = inside().directory("/real").link("/link", "real/");
    try (OsTree tree = new OsTree(made.root)) {
      assertThat(tree.real("/link/")).isPresent();
      assertThat(tree.isDirectory("/link")).isTrue();
    }
  }

  @Test
  void aCircleOfLinksLeadsNowhere() {
    TestTree made = inside().link("/one", "two").link("/two", "one");
    try (OsTree tree = new OsTree(made.root)) {
      assertThat(tree.real("/one")).isEmpty();
      assertThat(tree.isFile("/one")).isFalse();
      assertThat(tree.names("/one")).isEmpty();
    }
  }

  @Test
  void deletingADirectoryDeletesLinksInItAndNotWhatTheyPointTo() {
    TestTree made =
        inside().file("/kept/file", "x").link("/gone/link", "/kept").file("/gone/a/b", "y");
    try (OsTree tree = new OsTree(made.root)) {
      tree.delete("/gone");
    }
    assertThat(made.has("/gone")).isFalse();
    assertThat(made.read("/kept/file")).isEqualTo("x");
  }

  @Test
  void bytesThatAreNoUtf8StayAsTheyAre() throws Exception {
    Path file = directory.resolve("root/latin");
    inside();
    Files.write(file, new byte[] {'a', (byte) 0xe9, '\n'});
    try (OsTree tree = new OsTree(directory.resolve("root"))) {
      tree.edit("/latin", tree.read("/latin").orElseThrow() + "b");
    }
    assertThat(file).hasBinaryContent(new byte[] {'a', (byte) 0xe9, '\n', 'b'});
  }
}
