package dev.slipway.controller.goldendisk;

import dev.slipway.controller.source.engine.BuildOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a slot says about the building of its image: the key {@code build}. */
final class BuildReader {
  static final String KEY = "build";
  static final List<String> KEYS = List.of("args", "target", "dockerfile");

  private BuildReader() {}

  static BuildOptions read(YamlMapping slot) {
    return slot.mapping(KEY, KEYS)
        .map(
            build ->
                new BuildOptions(
                    arguments(build),
                    build.text("target").map(YamlMapping.Text::value),
                    build.text("dockerfile").map(YamlMapping.Text::value)))
        .orElse(BuildOptions.NONE);
  }

  private static Map<String, String> arguments(YamlMapping build) {
    Map<String, String> arguments = new LinkedHashMap<>();
    build.textsByName("args").forEach((name, text) -> arguments.put(name, text.value()));
    return arguments;
  }
}
