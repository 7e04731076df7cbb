package dev.slipway.controller.source.engine;

import com.github.dockerjava.api.exception.DockerException;
import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** What an engine says of an error, out of what its client makes of it. */
final class EngineWords {
  private EngineWords() {}

  /** The engine's own message, or that of whatever lies underneath. */
  static String of(Throwable error) {
    return clean(error instanceof DockerException refused ? message(refused) : rootCause(error));
  }

  /** Without colours and other control characters, which a build's programs may write. */
  static String clean(String text) {
    return text.replaceAll("\033\\[[0-9;]*[A-Za-z]", "").replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /** docker-java puts {@code Status 500: {"message":"..."}} around it. */
  private static String message(DockerException error) {
    String text = String.valueOf(error.getMessage());
    int start = text.indexOf('{');
    if (start < 0) {
      return text;
    }
    try {
      return Json.readObject(text.substring(start).strip().getBytes(StandardCharsets.UTF_8))
          .optionalString("message")
          .orElse(text);
    } catch (JsonException e) {
      return text;
    }
  }

  private static String rootCause(Throwable error) {
    Throwable last =
        Stream.iterate(error, cause -> cause != null, Throwable::getCause)
            .reduce((outer, inner) -> inner)
            .orElse(error);
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }
}
