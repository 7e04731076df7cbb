package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An image of two files, one with a capability, and an entry point. */
final class SmallImage {
  static final String NAME = "small:1";

  private SmallImage() {}

  /** Gives the engine the image; the tar that it is made of stays as {@code tree.tar}. */
  static void importInto(TestEngine engine, Path directory) throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree/etc")).getParent();
    Files.writeString(tree.resolve("etc/hostname"), "small\n");
    Path program = Files.writeString(tree.resolve("program"), "#!/bin/sh\n");
    Command.of("setcap", "cap_setuid+ep", program.toString()).run();
    Path tar = directory.resolve("tree.tar");
    Command.of(
            "tar",
            "-C",
            tree.toString(),
            "--xattrs",
            "--xattrs-include=*",
            "-cf",
            tar.toString(),
            ".")
        .run();
    engine.docker("import", "-c", "ENTRYPOINT [\"/program\"]", tar.toString(), NAME).run();
  }

  /** Unpacks it there and looks for what it has. */
  static void requireWhole(Image image, Path target) {
    assertThat(image.reference()).isEqualTo("docker-daemon:" + NAME);
    assertThat(image.config().entrypoint()).containsExactly("/program");
    LayerStack.unpack(image, target);
    assertThat(target.resolve("etc/hostname")).hasContent("small\n");
    assertThat(Command.of("getcap", target.resolve("program").toString()).run().out())
        .contains("cap_setuid=ep");
  }
}
