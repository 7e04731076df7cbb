package dev.slipway.controller.osimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * What a host is to be, whichever slot it runs. It is written to the data partition, from where the
 * slot's host-setup takes it at every boot; that script's head describes the files.
 *
 * @param hostname its name; empty: the image's own, if any
 * @param network how its network cards are set up; empty: as the image does it
 * @param timezone a name of the tz database, such as Europe/Berlin; empty: the image's own
 */
public record HostConfiguration(
    Optional<String> hostname,
    List<User> users,
    List<NetworkCard> network,
    Optional<String> timezone) {

  private static final Path ZONEINFO = Path.of("/usr/share/zoneinfo");

  public HostConfiguration {
    users = List.copyOf(users);
    network = List.copyOf(network);
  }

  /**
   * A user that every slot has.
   *
   * @param uid of a user that the image does not have; empty for one that it has, such as root
   * @param passwordHash as in /etc/shadow; empty: nothing is said, and a new user has no password
   * @param sshKeys lines of authorized_keys
   */
  public record User(
      String name, Optional<Integer> uid, Optional<String> passwordHash, List<String> sshKeys) {
    public User {
      sshKeys = List.copyOf(sshKeys);
    }

    /** Without the hash, so that no log gets it. */
    @Override
    public String toString() {
      return "User[" + name + "]";
    }
  }

  /** Whether it gives any user a password. */
  public boolean hasPassword() {
    return users.stream().anyMatch(user -> user.passwordHash().isPresent());
  }

  /** Whether it gives any user an SSH key, which counts only where a server takes it. */
  public boolean hasSshKey() {
    return users.stream().anyMatch(user -> !user.sshKeys().isEmpty());
  }

  /**
   * The time zone, when this machine has no rules for it, so that a slot whose image has none keeps
   * its own.
   */
  public Optional<String> timezoneWithoutRules() {
    return timezone.filter(name -> !Files.isRegularFile(ZONEINFO.resolve(name)));
  }

  /** Writes it below {@code data}, the root directory of a data partition. */
  public void writeTo(Path data) {
    Path host = data.resolve("host");
    try {
      // Password hashes are in it.
      Path users = makePrivate(host.resolve("users"));
      Path keys = makePrivate(host.resolve("authorized_keys"));
      if (hostname.isPresent()) {
        Files.writeString(host.resolve("hostname"), hostname.get() + "\n");
      }
      if (timezone.isPresent()) {
        Files.writeString(host.resolve("timezone"), timezone.get() + "\n");
        copyTimezone(timezone.get(), host.resolve("zoneinfo"));
      }
      Path cards = Files.createDirectories(host.resolve("network"));
      for (int i = 0; i < network.size(); i++) {
        Files.writeString(cards.resolve("card" + (i + 1)), network.get(i).lines());
      }
      for (User user : this.users) {
        Files.writeString(users.resolve(user.name()), lines(user));
        if (!user.sshKeys().isEmpty()) {
          Files.writeString(keys.resolve(user.name()), String.join("\n", user.sshKeys()) + "\n");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Many images lack tzdata. Where this machine lacks it too, their slots say so at boot. */
  private static void copyTimezone(String name, Path directory) throws IOException {
    Path known = ZONEINFO.resolve(name);
    if (Files.isRegularFile(known)) {
      Path copy = directory.resolve(name);
      Files.createDirectories(copy.getParent());
      Files.write(copy, Files.readAllBytes(known));
    }
  }

  private static Path makePrivate(Path directory) throws IOException {
    Files.createDirectories(directory);
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  private static String lines(User user) {
    StringBuilder lines = new StringBuilder();
    user.uid().ifPresent(uid -> lines.append("uid=").append(uid).append('\n'));
    user.passwordHash().ifPresent(hash -> lines.append("password_hash=").append(hash).append('\n'));
    return lines.toString();
  }
}
