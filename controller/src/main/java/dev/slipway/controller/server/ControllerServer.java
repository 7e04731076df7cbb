package dev.slipway.controller.server;

import dev.slipway.controller.identity.CertificateAuthority;
import dev.slipway.linux.OperatorError;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A running controller. */
public final class ControllerServer implements AutoCloseable {
  private final ControllerConfiguration configuration;
  private final Server server;

  private ControllerServer(ControllerConfiguration configuration, Server server) {
    this.configuration = configuration;
    this.server = server;
  }

  /**
   * Reads a configuration without starting anything.
   *
   * @throws OperatorError when the file is missing or says something that cannot be
   */
  public static ControllerConfiguration read(Path configFile) {
    return read(bootstrap(), configFile, "with --config FILE");
  }

  /**
   * Starts a server; it answers when this returns.
   *
   * @throws OperatorError when the configuration, the data directory or the port cannot be used
   */
  public static ControllerServer start(Path configFile) {
    Bootstrap<ControllerConfiguration> bootstrap = bootstrap();
    ControllerConfiguration configuration =
        read(bootstrap, configFile, "as in 'controller server FILE'");
    configuration
        .getLoggingFactory()
        .configure(bootstrap.getMetricRegistry(), bootstrap.getApplication().getName());
    LibraryLogs.limit();
    Environment environment =
        new Environment(
            bootstrap.getApplication().getName(),
            bootstrap.getObjectMapper(),
            bootstrap.getValidatorFactory(),
            bootstrap.getMetricRegistry(),
            bootstrap.getClassLoader(),
            bootstrap.getHealthCheckRegistry(),
            configuration);
    try {
      configuration.getServerFactory().configure(environment);
      bootstrap.run(configuration, environment);
      bootstrap.getApplication().run(configuration, environment);
      Server server = configuration.getServerFactory().build(environment);
      startOrStop(server);
      return new ControllerServer(configuration, server);
    } catch (OperatorError e) {
      throw e;
    } catch (Exception e) {
      throw cannotStart(configuration, e);
    }
  }

  /** Starts a server; of one that fails nothing stays behind. */
  private static void startOrStop(Server server) throws Exception {
    try {
      server.start();
    } catch (Exception e) {
      stopQuietly(server);
      throw e;
    }
  }

  /** What it was started with. */
  public ControllerConfiguration configuration() {
    return configuration;
  }

  /** The port it listens on: the configured one, or the one that was free. */
  public int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  /** Waits until something stops the server. */
  public void join() throws InterruptedException {
    server.join();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The server did not stop cleanly: " + e.getMessage(), e);
    }
  }

  private static Bootstrap<ControllerConfiguration> bootstrap() {
    ControllerApplication application = new ControllerApplication();
    Bootstrap<ControllerConfiguration> bootstrap = new Bootstrap<>(application);
    application.initialize(bootstrap);
    return bootstrap;
  }

  private static ControllerConfiguration read(
      Bootstrap<ControllerConfiguration> bootstrap, Path file, String howToNameIt) {
    if (!Files.isReadable(file)) {
      throw new OperatorError(
          "There is no readable configuration "
              + file.toAbsolutePath()
              + ". Name it "
              + howToNameIt
              + ", or run in the directory of config.yml.");
    }
    try {
      ControllerConfiguration configuration =
          bootstrap
              .getConfigurationFactoryFactory()
              .create(
                  ControllerConfiguration.class,
                  bootstrap.getValidatorFactory().getValidator(),
                  bootstrap.getObjectMapper(),
                  "dw")
              .build(new FileConfigurationSourceProvider(), file.toString());
      requireNames(configuration, file);
      return configuration;
    } catch (ConfigurationException | IOException e) {
      throw new OperatorError("The configuration cannot be used: " + e.getMessage().strip(), e);
    }
  }

  private static void requireNames(ControllerConfiguration configuration, Path file) {
    for (String name : configuration.hostnames()) {
      if (!CertificateAuthority.canName(name)) {
        throw new OperatorError(
            file + ": 'hostnames' has \"" + name + "\", " + whatIsWrongWith(name));
      }
    }
  }

  private static String whatIsWrongWith(String name) {
    boolean goodButForUnderscores = CertificateAuthority.canName(name.replace('_', 'x'));
    return goodButForUnderscores
        ? "and a URL cannot name a host with an underscore (RFC 1123), so neither hosts nor browsers"
            + " would reach the server by it. Give it another DNS name, or write its IP address."
        : "which is neither a DNS name nor an IP address. Write the name alone, as in ctl.example or"
            + " 192.0.2.7, without https:// and without a port.";
  }

  private static OperatorError cannotStart(ControllerConfiguration configuration, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    if (cause instanceof BindException) {
      return new OperatorError(
          "Port "
              + configuration.port()
              + " is taken by another program, perhaps by another controller. Stop it, or choose"
              + " another 'port' in the configuration.",
          e);
    }
    return new OperatorError("The server did not start: " + cause.getMessage(), e);
  }

  private static void stopQuietly(Server server) {
    try {
      server.stop();
    } catch (Exception ignored) {
      // The failure that made us stop is the one worth reporting.
    }
  }
}
