package dev.slipway.controller.server;

import com.codahale.metrics.health.HealthCheck;
import dev.slipway.controller.database.Database;
import dev.slipway.controller.fleet.EventStreams;
import dev.slipway.controller.fleet.EventsResource;
import dev.slipway.controller.fleet.Fleet;
import dev.slipway.controller.fleet.FleetClock;
import dev.slipway.controller.fleet.FleetSettings;
import dev.slipway.controller.fleet.FleetStore;
import dev.slipway.controller.fleet.HostsResource;
import dev.slipway.controller.fleet.RolloutEventsResource;
import dev.slipway.controller.fleet.Rollouts;
import dev.slipway.controller.fleet.RolloutsResource;
import dev.slipway.controller.fleet.SyncResource;
import dev.slipway.controller.identity.Authentication;
import dev.slipway.controller.identity.CertificateAuthority;
import dev.slipway.controller.identity.Enrolment;
import dev.slipway.controller.identity.EnrolmentResource;
import dev.slipway.controller.identity.HostRevocationResource;
import dev.slipway.controller.identity.Hosts;
import dev.slipway.controller.identity.JoinTokenResource;
import dev.slipway.controller.identity.JoinTokens;
import dev.slipway.controller.identity.OperatorToken;
import dev.slipway.controller.identity.RenewalResource;
import dev.slipway.controller.registry.BlobStore;
import dev.slipway.controller.registry.RegistryResource;
import dev.slipway.controller.registry.Releases;
import dev.slipway.controller.registry.ReleasesResource;
import dev.slipway.controller.web.PagesResource;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseName;
import io.dropwizard.assets.AssetsBundle;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.views.common.ViewBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.jetty.util.component.LifeCycle;

/** Puts the server together. */
public final class ControllerApplication extends Application<ControllerConfiguration> {
  private static final String DATABASE = "slipway.db";
  private static final Duration TICK = Duration.ofSeconds(1);

  @Override
  public String getName() {
    return "slipway-controller";
  }

  @Override
  public void initialize(Bootstrap<ControllerConfiguration> bootstrap) {
    bootstrap.addBundle(new ViewBundle<>());
    bootstrap.addBundle(new AssetsBundle("/dev/slipway/controller/web/assets", "/assets"));
  }

  @Override
  public void run(ControllerConfiguration configuration, Environment environment) {
    Path data = configuration.data();
    makeDataDirectory(data);
    Database database = Database.open(data.resolve(DATABASE));
    environment.lifecycle().manage(database);
    environment.healthChecks().register("database", answers(database));

    CertificateAuthority authority = CertificateAuthority.openOrCreate(data);
    String password = UUID.randomUUID().toString();
    configuration
        .tls()
        .use(
            authority.serverIdentity(configuration.hostnames(), password),
            password,
            authority.trusted());

    Hosts hosts = new Hosts(database.reader(), database.writer());
    new Authentication(OperatorToken.openOrCreate(data), hosts).register(environment.jersey());
    Problems.register(environment.jersey());
    environment.jersey().register(new OwnPagesOnly());

    JoinTokens tokens =
        new JoinTokens(
            database.writer(),
            authority.fingerprint(),
            environment.getObjectMapper(),
            Clock.systemUTC());
    environment.jersey().register(new JoinTokenResource(tokens));
    environment
        .jersey()
        .register(new EnrolmentResource(new Enrolment(database.writer(), tokens, authority)));
    environment.jersey().register(new RenewalResource(authority));

    BlobStore blobs = BlobStore.open(data.resolve("blobs"));
    Releases releases = new Releases(database.reader(), database.writer(), blobs);
    environment.jersey().register(new RegistryResource(blobs, releases));
    environment.jersey().register(new ReleasesResource(releases));

    Fleet fleet = fleet(configuration.fleet(), environment, database, releases);
    environment.jersey().register(new HostRevocationResource(hosts, fleet::timePassed));
  }

  private static Fleet fleet(
      FleetSettings settings, Environment environment, Database database, Releases releases) {
    FleetStore store = new FleetStore(database.reader(), database.writer());
    Fleet fleet = Fleet.open(store, Clock.systemUTC());
    EventStreams streams = new EventStreams(fleet, store);
    environment.lifecycle().manage(streams);
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              @Override
              public void lifeCycleStopping(LifeCycle server) {
                streams.endAll();
              }
            });
    environment.lifecycle().manage(new FleetClock(fleet, TICK));
    Rollouts rollouts =
        new Rollouts(
            fleet,
            name ->
                releases.find(ReleaseName.parse(name)).map(release -> release.digest().toString()));
    environment.jersey().register(new SyncResource(fleet, settings));
    environment.jersey().register(new HostsResource(fleet));
    environment.jersey().register(new RolloutsResource(fleet, rollouts));
    environment.jersey().register(new EventsResource(streams));
    environment.jersey().register(new RolloutEventsResource(fleet, streams));
    environment.jersey().register(new PagesResource(fleet, store));
    return fleet;
  }

  private static void makeDataDirectory(Path data) {
    try {
      Files.createDirectories(
          data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new OperatorError(
          "The data directory " + data + " cannot be made: " + e.getMessage() + ".", e);
    }
  }

  private static HealthCheck answers(Database database) {
    return new HealthCheck() {
      @Override
      protected Result check() {
        database.reader().useHandle(handle -> handle.execute("select 1"));
        return Result.healthy();
      }
    };
  }
}
