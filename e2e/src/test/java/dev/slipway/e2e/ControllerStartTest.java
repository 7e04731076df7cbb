package dev.slipway.e2e;

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

/** {@code controller/bin/controller} of a checkout that is built. */
class ControllerStartTest {
  private final Path origin = new Checkout().home;

  @TempDir private Path home;

  /**
   * Another checkout around the same jars: beside them the program keeps what makes it start fast.
   */
  @BeforeEach
  void builtCheckout() throws IOException {
    for (String module : List.of("slots", "controller")) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      Files.createFile(home.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(home.resolve("pom.xml"));
    for (String file : List.of("controller/bin/controller", "packages/run-from-checkout")) {
      Files.createDirectories(home.resolve(file).getParent());
      Files.copy(origin.resolve(file), home.resolve(file));
    }
    Path target = Files.createDirectories(home.resolve("controller/target"));
    for (String built : List.of("controller.jar", "lib")) {
      Files.createSymbolicLink(
          target.resolve(built), origin.resolve("controller/target").resolve(built));
    }
    Files.createFile(target.resolve("built"));
  }

  @Test
  void fromTheSecondStartOnItsClassesAreMappedFromAnArchive() throws IOException {
    Path archive = home.resolve("controller/target/command-line.jsa");
    assertThat(help(Map.of())).startsWith("Usage: controller");
    Object made = Files.getAttribute(archive, "unix:ino");

    Path log = home.resolve("classes.log");
    assertThat(help(Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log)))
        .startsWith("Usage: controller");

    assertThat(Files.getAttribute(archive, "unix:ino")).as("is made once").isEqualTo(made);
    List<String> classes = Files.readAllLines(log);
    assertThat(classes)
        .anyMatch(line -> line.contains("dev.slipway.controller.cli.Main source: shared objects"));
    // Some of picocli's are too old for an archive, and so what extends them.
    assertThat(classes.stream().filter(line -> line.contains(" source: file:")).count())
        .as("classes from jars")
        .isLessThan(classes.size() / 4);
  }

  private String help(Map<String, String> environment) {
    return Command.of(home.resolve("controller/bin/controller").toString(), "--help")
        .environment(environment)
        .run()
        .out();
  }
}
