package dev.slipway.controller.source.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants to be convinced: one challenge of a {@code WWW-Authenticate} header (RFC
 * 9110, 11.6.1).
 *
 * @param scheme in lower case, {@code bearer} or {@code basic} mostly
 * @param parameters by their names in lower case
 */
record RegistryChallenge(String scheme, Map<String, String> parameters) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
  private static final Pattern PIECE =
      Pattern.compile(
          "\\G[\\s,]*+(?:(?<key>TOKEN)\\s*+=\\s*+(?:\"(?<quoted>(?:[^\"\\\\]++|\\\\.)*+)\"|(?<plain>TOKEN))"
                  .replace("TOKEN", TOKEN)
              + "|(?<scheme>TOKEN)(?=[\\s,]|$))".replace("TOKEN", TOKEN));

  /** Keeps its own copy. */
  RegistryChallenge {
    parameters = Map.copyOf(parameters);
  }

  /** Every challenge of these headers, as far as they can be read. */
  static List<RegistryChallenge> parse(List<String> headers) {
    List<RegistryChallenge> challenges = new ArrayList<>();
    for (String header : headers) {
      Optional<String> scheme = Optional.empty();
      Map<String, String> parameters = new TreeMap<>();
      Matcher piece = PIECE.matcher(header);
      while (piece.find()) {
        if (piece.group("scheme") != null) {
          add(challenges, scheme, parameters);
          scheme = Optional.of(piece.group("scheme").toLowerCase(Locale.ROOT));
          parameters = new TreeMap<>();
        } else {
          parameters.put(piece.group("key").toLowerCase(Locale.ROOT), value(piece));
        }
      }
      add(challenges, scheme, parameters);
    }
    return List.copyOf(challenges);
  }

  private static void add(
      List<RegistryChallenge> challenges, Optional<String> scheme, Map<String, String> parameters) {
    scheme.ifPresent(name -> challenges.add(new RegistryChallenge(name, parameters)));
  }

  private static String value(Matcher piece) {
    String quoted = piece.group("quoted");
    return quoted == null ? piece.group("plain") : quoted.replaceAll("\\\\(.)", "$1");
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }
}
