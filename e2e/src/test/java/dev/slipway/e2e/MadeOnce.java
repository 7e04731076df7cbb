package dev.slipway.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Files that are costly to make and that tests share from run to run, also when two processes run
 * tests at once. A file is made again when what it was made from has changed.
 */
record MadeOnce(Path directory) {

  /**
   * A file in the directory.
   *
   * @param sources what it is made from
   * @param how writes the file that it is given
   */
  Path file(String name, List<Path> sources, Consumer<Path> how) {
    Path file = directory.resolve(name);
    Path made = directory.resolve(name + ".recipe");
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
              FileChannel.open(
                  directory.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock ignored = channel.lock()) {
        String recipe = digest(sources);
        if (!Files.exists(file) || !Files.exists(made) || !Files.readString(made).equals(recipe)) {
          Files.deleteIfExists(made);
          Files.deleteIfExists(file);
          how.accept(file);
          Files.writeString(made, recipe);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static String digest(List<Path> files) throws IOException {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        sha.update(file.toString().getBytes(StandardCharsets.UTF_8));
        // An archive's size and time are enough; reading gigabytes to compare them is not worth it.
        if (Files.size(file) > 1 << 24) {
          sha.update(
              (Files.size(file) + " " + Files.getLastModifiedTime(file))
                  .getBytes(StandardCharsets.UTF_8));
        } else {
          sha.update(Files.readAllBytes(file));
        }
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
