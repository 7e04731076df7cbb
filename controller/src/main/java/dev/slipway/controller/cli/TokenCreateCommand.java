package dev.slipway.controller.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code controller token create}: prints a token for {@code agent join}, once. */
@Command(
    name = "create",
    description = {
      "Makes a token and prints it; it cannot be shown again.",
      "On the host: agent join URL TOKEN"
    },
    mixinStandardHelpOptions = true)
final class TokenCreateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label for every host that joins with it; can be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--uses",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many hosts can join with it (default: ${DEFAULT-VALUE}).")
  private int uses;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      defaultValue = "24h",
      converter = Life.class,
      description = "How long it can be used: 30m, 24h, 7d (default: ${DEFAULT-VALUE}).")
  private Duration expires;

  @Override
  public Integer call() {
    String token =
        config
            .controller()
            .post(
                "/api/v1/join-tokens",
                Map.of("uses", uses, "expiresInSeconds", expires.toSeconds(), "labels", labels))
            .path("token")
            .asText();
    spec.commandLine().getOut().println(token);
    spec.commandLine().getOut().flush();
    return 0;
  }

  /** Reads 90s, 30m, 24h and 7d. */
  static final class Life implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

    @Override
    public Duration convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no time: write a number and s, m, h or d, as in 24h");
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }
}
