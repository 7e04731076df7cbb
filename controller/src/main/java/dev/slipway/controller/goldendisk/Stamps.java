package dev.slipway.controller.goldendisk;

import dev.slipway.boot.TransactionId;
import dev.slipway.controller.osimage.SourceDateEpoch;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MakeFileSystem;
import dev.slipway.tree.Digest;
import dev.slipway.tree.LatestTime;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.Timestamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * What a build stamps on a disk beside what is described: identities, and the time of its making.
 * No secret is ever taken from here.
 */
sealed interface Stamps {

  /**
   * An identity.
   *
   * @param of what it is for; each thing on the disk has a name of its own
   */
  UUID uuid(String of);

  /** A number of 32 bits for what has no room for more; see {@link #uuid}. */
  int number(String of);

  /** The transaction that makes the disk. */
  TransactionId transaction();

  /** The time that the build is as of, if it is to be repeated. */
  Optional<SourceDateEpoch> epoch();

  /** The time of what is made now. */
  default Instant now() {
    return epoch().map(SourceDateEpoch::instant).orElseGet(Instant::now);
  }

  /** A file system, made as of that time. */
  default MakeFileSystem made(MakeFileSystem fileSystem) {
    return epoch().map(time -> fileSystem.at(time.instant())).orElse(fileSystem);
  }

  /** The options that a file system is mounted with to be filled. */
  default String mountOptions(FileSystemKind kind) {
    // The kernel zeroes inode tables of ext4 in the background, as far as it gets.
    return epoch().isPresent() && kind == FileSystemKind.EXT4 ? "noinit_itable" : "";
  }

  /**
   * Nothing in a tree is younger than a build that is to be repeated.
   *
   * @param manifest of the tree at {@code root} as it is
   * @return the manifest as it is then
   */
  default Manifest setBack(Path root, Manifest manifest) {
    return epoch()
        .map(time -> new LatestTime(Timestamp.ofSeconds(time.seconds())).applyTo(root, manifest))
        .orElse(manifest);
  }

  /**
   * Those of a disk that is like no other.
   *
   * @param random draws what has no method of its own for that
   */
  record Fresh(SecureRandom random) implements Stamps {
    Fresh() {
      this(new SecureRandom());
    }

    @Override
    public UUID uuid(String of) {
      return UUID.randomUUID();
    }

    @Override
    public int number(String of) {
      return random.nextInt();
    }

    @Override
    public TransactionId transaction() {
      return TransactionId.next(InstantSource.system(), random);
    }

    @Override
    public Optional<SourceDateEpoch> epoch() {
      return Optional.empty();
    }
  }

  /**
   * The same again for the same seed.
   *
   * @param seed of everything that makes the disk another one
   * @param time of all that the build makes
   */
  record Derived(Digest seed, SourceDateEpoch time) implements Stamps {
    private static final long VERSION = 0xf000L;
    private static final long CUSTOM = 0x8000L;
    private static final long VARIANT = 0xc000_0000_0000_0000L;
    private static final long RFC_9562 = 0x8000_0000_0000_0000L;

    private byte[] bits(String of) {
      byte[] named = (seed.hex() + " " + of).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().parseHex(Digest.of(named).hex());
    }

    /** Of version 8, whose bits are the maker's business: RFC 9562, section 5.8. */
    @Override
    public UUID uuid(String of) {
      ByteBuffer bits = ByteBuffer.wrap(bits(of));
      return new UUID((bits.getLong() & ~VERSION) | CUSTOM, (bits.getLong() & ~VARIANT) | RFC_9562);
    }

    @Override
    public int number(String of) {
      return ByteBuffer.wrap(bits(of)).getInt();
    }

    @Override
    public TransactionId transaction() {
      return TransactionId.of(time.instant(), bits("transaction"));
    }

    @Override
    public Optional<SourceDateEpoch> epoch() {
      return Optional.of(time);
    }
  }
}
