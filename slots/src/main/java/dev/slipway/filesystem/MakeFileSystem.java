package dev.slipway.filesystem;

import dev.slipway.linux.BlockDevice;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes a file system with exactly the features that its readers know.
 *
 * @param features which, and of which kind of file system
 * @param label for people; see {@link FileSystemKind#labelFor}
 * @param uuid a fresh one for every file system made
 * @param tools the programs to use
 * @param time the time that it is made as of: ext4 then has the same bytes again, while mkfs.xfs
 *     gives the root directory the time of the clock; empty: now
 */
public record MakeFileSystem(
    FeatureSet features, String label, UUID uuid, MkfsTools tools, Optional<Instant> time) {

  public MakeFileSystem {
    FileSystemKind kind = features.fileSystem();
    if (!kind.labelFor(label).equals(label)) {
      throw new OperatorError(
          "\"" + label + "\" is too long to be the label of a file system of kind " + kind.token());
    }
  }

  /** Made now. */
  public MakeFileSystem(FeatureSet features, String label, UUID uuid, MkfsTools tools) {
    this(features, label, uuid, tools, Optional.empty());
  }

  /** The same made as of this time. */
  public MakeFileSystem at(Instant instant) {
    return new MakeFileSystem(features, label, uuid, tools, Optional.of(instant));
  }

  /** For readers that are not known, with the features of {@link FeatureSet#safeFloor}. */
  public MakeFileSystem(FileSystemKind kind, String label, UUID uuid, MkfsTools tools) {
    this(FeatureSet.safeFloor(kind), label, uuid, tools);
  }

  /** The same with this system's own mkfs. */
  public MakeFileSystem(FileSystemKind kind, String label, UUID uuid) {
    this(kind, label, uuid, MkfsTools.ofThisSystem());
  }

  /**
   * Makes it on a device or in a file of its size, over whatever was there, and checks by the
   * superblock that it has the features asked for and no others.
   *
   * @throws OperatorError when the place is too small, or mkfs fails
   */
  public void on(Path deviceOrFile) {
    FileSystemKind kind = features.fileSystem();
    long size = size(deviceOrFile);
    if (size < kind.smallest()) {
      throw new OperatorError(
          "A file system of kind "
              + kind.token()
              + " needs at least "
              + (kind.smallest() >> 20)
              + " MiB; "
              + deviceOrFile
              + " has "
              + (size >> 20)
              + ".");
    }
    switch (kind) {
      case XFS -> makeXfs(deviceOrFile);
      case EXT4 -> makeExt4(deviceOrFile);
    }
    verify(deviceOrFile);
  }

  private void makeXfs(Path place) {
    Version version = tools.version(FileSystemKind.XFS);
    List<String> command = XfsFeatures.command(tools.mkfsXfs(), version, features);
    command.addAll(List.of("-f", "-q", "-L", label, "-m", "uuid=" + uuid, place.toString()));
    Command.of(command).run();
  }

  private void makeExt4(Path place) {
    Version version = tools.version(FileSystemKind.EXT4);
    List<String> command = Ext4Features.command(tools.mkfsExt4(), version, features);
    command.addAll(List.of("-F", "-q", "-L", label, "-U", uuid.toString()));
    // The seed of directory hashes would be drawn at random.
    time.ifPresent(instant -> command.addAll(List.of("-E", "hash_seed=" + uuid)));
    command.add(place.toString());
    try {
      Path configuration = Files.createTempFile("slipway-mke2fs", ".conf");
      try {
        // The defaults are the distribution's; with its file out of the way they are ours.
        Files.writeString(configuration, Ext4Features.CONFIGURATION);
        Map<String, String> environment = new HashMap<>(ext4Time());
        environment.put("MKE2FS_CONFIG", configuration.toString());
        Command.of(command).environment(environment).run();
      } finally {
        Files.deleteIfExists(configuration);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a configuration for mkfs.ext4", e);
    }
  }

  private Map<String, String> ext4Time() {
    // 0 would mean the time of the clock.
    return time.map(instant -> Long.toString(Math.max(1, instant.getEpochSecond())))
        .map(seconds -> Map.of("E2FSPROGS_FAKE_TIME", seconds))
        .orElse(Map.of());
  }

  private void verify(Path place) {
    Superblock made =
        Superblock.read(place, 0)
            .orElseThrow(
                () -> new OperatorError("mkfs left no file system on " + place + " behind."));
    Superblock.Features expected = features.superblock();
    if (made.kind() != features.fileSystem()
        || !made.uuid().equals(uuid)
        || !made.label().equals(label)
        || !made.features().equals(expected)) {
      throw new OperatorError(
          "The file system made on "
              + place
              + " is not the one that was asked for: it is "
              + made
              + ", but its features should be "
              + expected
              + ". This mkfs is not one that is known.");
    }
  }

  private static long size(Path place) {
    try {
      if (!Files.exists(place)) {
        throw new OperatorError("There is no device or file at " + place + ".");
      }
      return Files.isRegularFile(place) ? Files.size(place) : new BlockDevice(place).size();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot see how large " + place + " is", e);
    }
  }
}
