package dev.slipway.controller.goldendisk;

import dev.slipway.controller.osimage.HostConfiguration;
import dev.slipway.controller.osimage.HostConfiguration.User;
import dev.slipway.controller.osimage.NetworkCard;
import dev.slipway.controller.spelling.Suggestion;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what a disk.yml says about hosts: {@code host}, for all of them, and {@code hosts}, of
 * which one is laid over it. Every host is checked, whichever is taken.
 */
final class HostReader {
  static final List<String> KEYS = List.of("hostname", "users", "network", "timezone");
  static final List<String> USER_KEYS = List.of("name", "uid", "ssh-keys", "password-hash");

  /** Of people, by Debian Policy 9.2.2. */
  private static final int SMALLEST_UID = 1000;

  private static final int LARGEST_UID = 59999;

  /** RFC 1123 labels; the kernel takes 64 bytes. */
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final String HOST_NAME_SYNTAX =
      "a host name is up to 63 characters of a-z, 0-9, - and . in between (RFC 1123)";

  private static final Pattern USER_NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  /** crypt(5): sha256crypt, sha512crypt, bcrypt, scrypt, gost-yescrypt, yescrypt. */
  private static final Pattern PASSWORD_HASH =
      Pattern.compile("\\$(5|6|2[aby]|7|gy|y)\\$[A-Za-z0-9./=,$]{20,}");

  private final Path file;

  HostReader(Path file) {
    this.file = file;
  }

  /** What is said about one host; a key that is not there says nothing. */
  private record Settings(
      Optional<String> hostname,
      Optional<List<User>> users,
      Optional<List<NetworkCard>> network,
      Optional<String> timezone) {

    static final Settings NONE =
        new Settings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static Settings of(YamlMapping host) {
      return new Settings(
          host.text("hostname").map(HostReader::hostname),
          host.has("users") ? Optional.of(HostReader.users(host)) : Optional.empty(),
          host.has("network") ? Optional.of(NetworkReader.read(host)) : Optional.empty(),
          host.text("timezone").map(HostReader::timezone));
    }

    Settings over(Settings below) {
      return new Settings(
          hostname.or(below::hostname),
          users.or(below::users),
          network.or(below::network),
          timezone.or(below::timezone));
    }

    Settings named(String name) {
      return new Settings(Optional.of(hostname.orElse(name)), users, network, timezone);
    }

    HostConfiguration configuration() {
      return new HostConfiguration(
          hostname, users.orElse(List.of()), network.orElse(List.of()), timezone);
    }
  }

  /**
   * The configuration of a host.
   *
   * @param name of one of {@code hosts}; empty: what holds for all
   */
  HostConfiguration read(YamlMapping disk, Optional<String> name) {
    Settings all = disk.mapping("host", KEYS).map(Settings::of).orElse(Settings.NONE);
    Map<String, YamlMapping> hosts = disk.named("hosts", KEYS);
    hosts.forEach(HostReader::requireValid);
    return name.map(wanted -> Settings.of(chosen(hosts, wanted)).named(wanted).over(all))
        .orElse(all)
        .configuration();
  }

  private static void requireValid(String name, YamlMapping host) {
    if (!HOST_NAME.matcher(name).matches()) {
      throw host.refuse("is no name of a host: " + HOST_NAME_SYNTAX);
    }
    Settings.of(host);
  }

  private YamlMapping chosen(Map<String, YamlMapping> hosts, String name) {
    if (hosts.isEmpty()) {
      throw new OperatorError(
          file + " has no 'hosts', so there is no host \"" + name + "\": leave --host out.");
    }
    return Optional.ofNullable(hosts.get(name))
        .orElseThrow(
            () ->
                new OperatorError(
                    file
                        + " has no host \""
                        + name
                        + "\""
                        + Suggestion.after(name, hosts.keySet(), "\"")
                        + "; 'hosts' names "
                        + some(hosts.keySet())
                        + "."));
  }

  /** A rack has dozens. */
  private static String some(Set<String> names) {
    int most = 10;
    String first = String.join(", ", names.stream().limit(most).toList());
    return names.size() <= most ? first : first + " and " + (names.size() - most) + " more";
  }

  private static String hostname(YamlMapping.Text text) {
    if (!HOST_NAME.matcher(text.value()).matches()) {
      throw text.refused(HOST_NAME_SYNTAX);
    }
    return text.value();
  }

  private static String timezone(YamlMapping.Text text) {
    Set<String> known = ZoneId.getAvailableZoneIds();
    // Java's own, of another time.
    if (!known.contains(text.value()) || text.value().startsWith("SystemV/")) {
      throw text.refusedAmong(
          known, "a time zone is a name of the tz database such as Europe/Berlin or UTC");
    }
    return text.value();
  }

  private static List<User> users(YamlMapping host) {
    List<User> users = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlMapping user : host.mappings("users", USER_KEYS)) {
      YamlMapping.Text name = user.requiredText("name");
      if (!USER_NAME.matcher(name.value()).matches()) {
        throw name.refused(
            "a user's name is up to 32 characters of a-z, 0-9, _ and -, starting with a letter"
                + " or _");
      }
      if (!names.add(name.value())) {
        throw name.refused("another user has that name already");
      }
      users.add(
          new User(
              name.value(),
              user.integer("uid", SMALLEST_UID, LARGEST_UID),
              user.text("password-hash").map(HostReader::passwordHash),
              user.texts("ssh-keys").stream().map(HostReader::sshKey).toList()));
    }
    return users;
  }

  private static String passwordHash(YamlMapping.Text text) {
    if (!PASSWORD_HASH.matcher(text.value()).matches()) {
      throw text.refusedSecretly(
          "is not a password hash of crypt(5) ($6$, $5$, $y$, $7$ or $2b$...); a plain password"
              + " does not belong into a file, make its hash with: openssl passwd -6");
    }
    return text.value();
  }

  private static String sshKey(YamlMapping.Text text) {
    PublicKeyLine key = new PublicKeyLine(text.value().strip());
    if (key.isPrivate()) {
      throw text.refusedSecretly("is a private key; the public one belongs here");
    }
    if (!key.isWhole()) {
      throw text.refusedSecretly(
          "is not a public SSH key as in a .pub file: type, base64 and a comment, such as"
              + " \"ssh-ed25519 AAAA... me@example\"");
    }
    return key.line();
  }
}
