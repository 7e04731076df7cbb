package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hook of initramfs-tools, with functions that write down what it asks for. */
class InitramfsHookTest {
  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void anImage() throws IOException {
    tree =
        new TestTree(root)
            .file(
                "/usr/share/initramfs-tools/hook-functions",
                """
                copy_exec() { echo "$*" >>asked; }
                copy_file() { echo "$*" >>asked; }
                manual_add_modules() { echo "$*" >>asked; }
                """)
            .file("/usr/lib/slipway/initrd/drivers", "virtio_blk\n");
    for (String program : List.of("mount", "umount", "mkdir", "chroot", "readlink", "cat", "dd")) {
      tree.file("/bin/" + program, "#!/bin/sh\n");
      assertThat(root.resolve("bin/" + program).toFile().setExecutable(true)).isTrue();
    }
  }

  private Command.Result hook() throws IOException {
    // The hook's own text, but for where the image lies.
    String text = Files.readString(Path.of("../dracut/initramfs-tools/hook"));
    tree.file(
        "/hook",
        text.replace("/usr/share/", root + "/usr/share/")
            .replace("</usr/lib/", "<" + root + "/usr/lib/"));
    return Command.of("/bin/sh", root.resolve("hook").toString())
        .directory(root)
        .environment(Map.of("PATH", root.resolve("bin").toString()))
        .runUnchecked();
  }

  @Test
  void programsScriptsAndDriversGoIntoTheInitrd() throws IOException {
    assertThat(hook().exit()).isZero();
    assertThat(tree.read("/asked"))
        .contains(
            root + "/bin/dd /usr/lib/slipway/bin/dd\n",
            "script /usr/lib/slipway/initrd/last-words.sh /usr/lib/slipway/last-words.sh\n",
            "virtio_blk\n");
  }

  @Test
  void withoutAProgramThatItNeedsThereIsNoInitrd() throws IOException {
    Files.delete(root.resolve("bin/dd"));
    Command.Result result = hook();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("E: slipway: dd is not installed, and the initrd cannot do without it\n");
  }
}
