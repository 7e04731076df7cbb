package dev.slipway.controller.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.controller.fleet.FleetSettings;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What {@code config.yml} says. */
public final class ControllerConfiguration extends Configuration {
  /** Names under which a command on the same machine reaches the server. */
  private static final List<String> OWN_NAMES = List.of("localhost", "127.0.0.1");

  /** Where the database, releases, keys and the operator's token lie. */
  @NotNull @JsonProperty private Path data = Path.of("data");

  /** DNS names and IP addresses under which hosts and people reach this server. */
  @NotEmpty @JsonProperty private List<@NotEmpty String> hostnames = OWN_NAMES;

  /** The HTTPS port; 0 takes a free one. */
  @Min(0)
  @Max(65535)
  @JsonProperty
  private int port = 8443;

  /** How often hosts ask what to run. */
  @Valid @NotNull @JsonProperty private FleetSettings fleet = FleetSettings.defaults();

  private final Tls tls = new Tls();

  public ControllerConfiguration() {
    DefaultServerFactory server = new DefaultServerFactory();
    server.setApplicationConnectors(List.of(tls));
    // Nobody needs Dropwizard's own administration, and it would ask for no password.
    server.setAdminConnectors(List.of());
    // A registry's answers are compressed already, and their digests are of what is sent.
    server.getGzipFilterFactory().setEnabled(false);
    LogbackAccessRequestLogFactory requests = new LogbackAccessRequestLogFactory();
    requests.setAppenders(List.of());
    server.setRequestLogFactory(requests);
    super.setServerFactory(server);
  }

  /** The data directory, as an absolute path. */
  public Path data() {
    return data.toAbsolutePath().normalize();
  }

  /** All names that the server's certificate is for. */
  public List<String> hostnames() {
    Set<String> names = new LinkedHashSet<>(hostnames);
    names.addAll(OWN_NAMES);
    return List.copyOf(names);
  }

  /** How often hosts ask what to run. */
  public FleetSettings fleet() {
    return fleet;
  }

  /** The HTTPS port. */
  public int port() {
    return port;
  }

  /** The one connector, whose keys are made when the server starts. */
  Tls tls() {
    return tls;
  }

  @Override
  public ServerFactory getServerFactory() {
    tls.setPort(port);
    return super.getServerFactory();
  }

  @Override
  @JsonProperty("server")
  public void setServerFactory(ServerFactory factory) {
    throw new IllegalArgumentException(
        "the section 'server' is not Slipway's: the server speaks HTTPS with its own certificates,"
            + " on the port that 'port' gives");
  }
}
