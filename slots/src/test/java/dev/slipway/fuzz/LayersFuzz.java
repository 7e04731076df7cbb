package dev.slipway.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TarReader;
import dev.slipway.tree.TreeScanner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * However the entries of an image's layers are called and whatever they link to, nothing outside of
 * the directory changes, and what the writer says that it wrote is what lies there.
 */
public final class LayersFuzz {
  // Few names, so that entries meet: a file below what a layer before has made a link out of. And
  // few that are refused, for a refusal is the end.
  private static final String[] NAMES = {"a", "a", "a", "b", "b", "c", "\u00ff", ".wh.a"};
  private static final String[] ODD_NAMES = {"..", ".", "", ".wh..wh..opq", ".wh."};
  private static final char[] TYPES = {'0', '0', '0', '2', '2', '2', '5', '5', '1', '3', '6'};
  private static final Path CAGE = cage();
  private static final Path OUTSIDE = CAGE.resolve("outside");

  private LayersFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    Path root = Files.createDirectory(CAGE.resolve("root"));
    try {
      Manifest written = LayerStack.unpack(image(data), root);
      try (EntryStream found = TreeScanner.of(root)) {
        List<?> differences = written.differences(Manifest.of(found));
        if (!differences.isEmpty()) {
          throw new AssertionError("not what was said to be written: " + differences);
        }
      }
    } catch (OperatorError refused) {
      // Refused with a sentence; what counts is what was done until then.
    } finally {
      Command.of("rm", "-rf", root.toString()).run();
    }
    requireUntouched();
  }

  private static Image image(FuzzedDataProvider data) {
    List<Layer> layers = new ArrayList<>();
    int count = data.consumeInt(1, 3);
    for (int i = 0; i < count; i++) {
      RawTar tar = new RawTar();
      int entries = data.consumeInt(1, 8);
      for (int j = 0; j < entries; j++) {
        char type = data.pickValue(TYPES);
        byte[] content = type == '0' ? data.consumeBytes(3) : new byte[0];
        tar.add(type, path(data), target(data), data.consumeInt(0, 07777), content);
      }
      byte[] archive = tar.bytes();
      layers.add(() -> new TarReader(new ByteArrayInputStream(archive)));
    }
    return new Layers(layers);
  }

  private static String path(FuzzedDataProvider data) {
    return (data.consumeInt(0, 9) == 0 ? "/" : "") + names(data, 30);
  }

  private static String target(FuzzedDataProvider data) {
    return switch (data.consumeInt(0, 4)) {
      case 0 -> OUTSIDE.toString();
      case 1 -> "../outside/" + names(data, 3);
      case 2 -> "/" + names(data, 3);
      default -> names(data, 3);
    };
  }

  /** One to three names, of which every so many is odd. */
  private static String names(FuzzedDataProvider data, int odd) {
    StringBuilder path = new StringBuilder();
    int count = data.consumeInt(1, 3);
    for (int i = 0; i < count; i++) {
      path.append(i == 0 ? "" : "/");
      path.append(data.pickValue(data.consumeInt(1, odd) == 1 ? ODD_NAMES : NAMES));
    }
    return path.toString();
  }

  private static Path cage() {
    try {
      Path cage = Files.createTempDirectory("slipway-fuzz-");
      Files.createDirectories(cage.resolve("outside"));
      Files.writeString(cage.resolve("outside/a"), "untouched");
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> Command.of("rm", "-rf", cage.toString()).run()));
      return cage;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void requireUntouched() throws IOException {
    try (var cage = Files.walk(CAGE)) {
      List<String> left = cage.map(path -> CAGE.relativize(path).toString()).sorted().toList();
      if (!left.equals(List.of("", "outside", "outside/a"))
          || !Files.readString(OUTSIDE.resolve("a")).equals("untouched")) {
        throw new AssertionError("something was written outside: " + left);
      }
    }
  }

  private record Layers(List<Layer> layers) implements Image {
    @Override
    public String reference() {
      return "fuzz";
    }

    @Override
    public Digest digest() {
      return Digest.of(new byte[0]);
    }

    @Override
    public ImageConfig config() {
      return ImageConfig.NONE;
    }

    @Override
    public void close() {}
  }
}
