package dev.slipway.controller.source.registry;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names an image in a registry as the docker command does (the distribution project's grammar,
 * distribution/reference): {@code [HOST[:PORT]/]NAME[:TAG][@DIGEST]}. Without a host it is Docker
 * Hub's, and there without a further {@code /} one of {@code library/}.
 *
 * @param host with its port, as the operator names it
 * @param repository the path at the host
 * @param tag what it is called there; {@code latest} when neither tag nor digest was written
 * @param digest of the manifest or index that it has to be; decides, when there is a tag too
 */
public record RegistryReference(
    String host, String repository, Optional<String> tag, Optional<Digest> digest) {
  private static final String HUB = "docker.io";
  private static final String HUBS_OTHER_NAME = "index.docker.io";
  private static final String HUBS_API = "registry-1.docker.io";
  private static final String HUBS_LOGIN = "https://index.docker.io/v1/";
  private static final int LONGEST_NAME = 255;
  private static final int HIGHEST_PORT = 65535;

  private static final Pattern HOST =
      Pattern.compile(
          "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:]+])(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]+)?");
  private static final Pattern DIGEST = Pattern.compile("[a-z0-9]+:[0-9a-fA-F]+");
  private static final String PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  private static final Pattern REST =
      Pattern.compile(
          "(?<name>PART(?:/PART)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>.+))?"
              .replace("PART", PART));

  /**
   * Reads a reference, without {@code docker://}.
   *
   * @throws OperatorError when it is none
   */
  public static RegistryReference parse(String text) {
    int slash = text.indexOf('/');
    String first = slash < 0 ? "" : text.substring(0, slash);
    boolean named = first.equals("localhost") || first.contains(".") || first.contains(":");
    String host = named ? first : HUB;
    Matcher rest = REST.matcher(named ? text.substring(slash + 1) : text);
    int at = text.lastIndexOf('@');
    boolean pinned =
        rest.matches() && isHost(host) && DIGEST.matcher(text.substring(at + 1)).matches();
    if (at >= 0 && !pinned) {
      // Not quoted, because a password may be in it.
      throw new OperatorError(
          "A reference to an image in a registry has an @ with no digest behind it. If a login is in"
              + " front of it, leave that out and use the command docker login; a digest is written"
              + " @sha256: and 64 hexadecimal digits.");
    }
    if (!isHost(host) || !rest.matches() || rest.group("name").length() > LONGEST_NAME) {
      throw new OperatorError(
          "docker://"
              + text
              + " is no name of an image in a registry. Write docker://[HOST[:PORT]/]NAME[:TAG]"
              + " or docker://[HOST[:PORT]/]NAME[:TAG]@sha256:DIGEST, the name in lower case.");
    }
    boolean hub = host.equals(HUB) || host.equals(HUBS_OTHER_NAME);
    String name = rest.group("name");
    Optional<Digest> digest = Optional.ofNullable(rest.group("digest")).map(Digest::parse);
    return new RegistryReference(
        hub ? HUB : host,
        hub && name.indexOf('/') < 0 ? "library/" + name : name,
        Optional.ofNullable(rest.group("tag"))
            .or(() -> digest.isPresent() ? Optional.empty() : Optional.of("latest")),
        digest);
  }

  private static boolean isHost(String text) {
    Matcher host = HOST.matcher(text);
    return host.matches()
        && (host.group("port") == null || Integer.parseInt(host.group("port")) <= HIGHEST_PORT)
        && isHostOfUri(text);
  }

  /** The docker command's grammar takes what no URI does, such as 10.0.0.256 and a..b. */
  private static boolean isHostOfUri(String text) {
    try {
      return URI.create("https://" + text).getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The host that answers for it, with its port. */
  String apiHost() {
    return host.equals(HUB) ? HUBS_API : host;
  }

  /** Under which name the docker command keeps a login at its host. */
  String loginServer() {
    return host.equals(HUB) ? HUBS_LOGIN : host;
  }

  /** What the docker command wants after {@code docker login}. */
  String loginCommand() {
    return host.equals(HUB) ? "docker login" : "docker login " + host;
  }

  /** Whether the host is this machine. */
  boolean isLoopback() {
    return isLoopback(host);
  }

  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  /** By what a registry finds its manifest: the digest, or else the tag. */
  String version() {
    return digest.map(Digest::toString).or(() -> tag).orElseThrow();
  }

  /** The host and the repository. */
  String name() {
    return host + "/" + repository;
  }

  /** As it can be parsed again, everything written out. */
  @Override
  public String toString() {
    return name() + tag.map(it -> ":" + it).orElse("") + digest.map(it -> "@" + it).orElse("");
  }
}
