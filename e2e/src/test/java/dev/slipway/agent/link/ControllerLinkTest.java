package dev.slipway.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.HostStatus;
import dev.slipway.agent.switching.HostStatus.SlotStatus;
import dev.slipway.controller.identity.CertificateAuthority;
import dev.slipway.controller.identity.OperatorToken;
import dev.slipway.controller.registry.OciImageWriter;
import dev.slipway.controller.server.ControllerServer;
import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host's link with a real controller, over real TLS. Only the host's disk is not there: its slots
 * are directories.
 */
class ControllerLinkTest {
  private static final long SEED = 20261121;
  private static final String MACHINE = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;
  private final List<String> said = new ArrayList<>();
  private ControllerServer controller;
  private Slots host;

  @BeforeEach
  void start() throws Exception {
    controller = startController(directory.resolve("controller"));
    host = new Slots(directory.resolve("host"));
  }

  @AfterEach
  void stop() {
    controller.close();
  }

  @Test
  void hostThatJoinedIsHeardAndKeepsItsKeyToItself() throws Exception {
    Enrolment joined = join(token(1));
    assertThat(joined.name()).isEqualTo("web1");
    assertThat(permissions(Enrolment.FILE)).isEqualTo("rw-------");
    assertThat(host.enrolmentDirectory().resolve(JoiningKey.FILE)).doesNotExist();

    link().sync();
    assertThat(asOperator("GET", "/api/v1/hosts", "").body()).contains("web1").contains("slot1");
  }

  @Test
  void joiningTwiceIsRefusedAndLeavesTheFirstJoinAlone() throws Exception {
    Enrolment first = join(token(1));
    assertThatThrownBy(() -> join(token(1)))
        .isInstanceOfSatisfying(
            OperatorError.class, error -> assertThat(error.exitCode()).isEqualTo(3))
        .hasMessageContaining("has joined");
    assertThat(Enrolment.read(host.enrolmentDirectory()).orElseThrow().certificate())
        .isEqualTo(first.certificate());
  }

  @Test
  void tokenOfAnotherControllerIsRefusedBeforeAnythingIsSaid() throws Exception {
    CertificateAuthority other = CertificateAuthority.openOrCreate(directory);
    String mine = token(1);
    String theirs = mine.substring(0, mine.indexOf('.') + 1) + other.fingerprint();
    assertThatThrownBy(() -> join(theirs))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("not from the authority");
    assertThat(Enrolment.read(host.enrolmentDirectory())).isEmpty();
    assertThat(join(mine).name()).as("the token was not used up").isEqualTo("web1");
  }

  @Test
  void controllerUnderANameThatIsNotItsOwnIsRefused() throws Exception {
    String token = token(1);
    assertThatThrownBy(() -> joining().join("https://127.0.0.2:" + controller.port(), token, false))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("not trusted");
    assertThat(Enrolment.read(host.enrolmentDirectory())).isEmpty();
  }

  @Test
  void whoeverTakesTheControllersPlaceIsNotTalkedTo() throws Exception {
    Enrolment joined = join(token(1));
    try (ControllerServer impostor = startController(directory.resolve("impostor"))) {
      Enrolment misled =
          new Enrolment(
              URI.create("https://localhost:" + impostor.port()),
              joined.hostId(),
              joined.name(),
              joined.authority(),
              joined.key(),
              joined.certificate());
      ControllerLink link = new ControllerLink(host, misled, text -> {});
      assertThatThrownBy(link::sync)
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("not trusted");
    }
  }

  @Test
  void nonsenseIsRefusedWithASentence() {
    for (String url :
        new String[] {"http://localhost:1", "localhost", "https://h/x", "https:// "}) {
      assertThatThrownBy(() -> joining().join(url, token(1), false))
          .as(url)
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("https://HOST:PORT");
    }
    assertThatThrownBy(() -> join("secret"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("not a join token");
    assertThatThrownBy(() -> joining().join("https://localhost:1", token(1), false))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("Nothing answers");
  }

  @Test
  void revokedHostIsToldAndCanJoinAnew() throws Exception {
    Enrolment joined = join(token(1));
    asOperator("POST", "/api/v1/hosts/" + joined.hostId() + "/revoke", "");
    assertThatThrownBy(() -> link().sync())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("revoked");
    Enrolment again = joining().join(url(), token(1), true);
    assertThat(again.hostId()).isNotEqualTo(joined.hostId());
    link().sync();
  }

  @Test
  void joiningAnewInVainLeavesTheOldEnrolmentAtWork() throws Exception {
    String used = token(1);
    Enrolment joined = join(used);
    Joining joining = joining();
    assertThatThrownBy(() -> joining.join("https://localhost:1", token(1), true))
        .hasMessageContaining("Nothing answers");
    assertStillAtWork(joined);

    Joining otherMachine = joining();
    assertThatThrownBy(() -> otherMachine.join(url(), used, true))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("used as often as it may be");
    assertStillAtWork(joined);

    Joining sameMachine = joiningAs(MACHINE);
    assertThatThrownBy(() -> sameMachine.join(url(), token(1), true))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("has joined before with another key");
    assertStillAtWork(joined);
  }

  private void assertStillAtWork(Enrolment joined) throws InterruptedException {
    assertThat(Enrolment.read(host.enrolmentDirectory())).contains(joined);
    link().sync();
  }

  @Test
  void joinWhoseAnswerGotLostIsRepeatedWithTheSameKey() throws Exception {
    String token = token(1);
    PrivateDirectory files = new PrivateDirectory(host.enrolmentDirectory());
    JoiningKey first = JoiningKey.readOrMake(files, JoinToken.parse(token), true);
    Enrolment joined = joining().join(url(), token, true);
    assertThat(joined.key()).isEqualTo(first.secret());

    JoiningKey next = JoiningKey.readOrMake(files, JoinToken.parse(token), true);
    assertThat(next.secret()).as("anew is a new key").isNotEqualTo(first.secret());
    assertThat(JoiningKey.readOrMake(files, JoinToken.parse(token(1)), true).secret())
        .as("a new try with another token")
        .isNotEqualTo(next.secret());
  }

  @Test
  void linkEndsAsSoonAsTheHostHasJoinedAnotherController() throws Exception {
    join(token(1));
    ControllerLink old = link();
    CountDownLatch ended = new CountDownLatch(1);
    Thread daemon =
        new Thread(
            () -> {
              try {
                old.run();
                ended.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    daemon.setDaemon(true);
    daemon.start();
    try (ControllerServer second = startController(directory.resolve("second"))) {
      Enrolment anew =
          joining().join("https://localhost:" + second.port(), token("second", second), true);
      assertThat(ended.await(30, TimeUnit.SECONDS)).as("the old link has ended").isTrue();
      assertThat(Orders.read(host.enrolmentDirectory(), anew).order().generation()).isZero();
    }
    daemon.join();
  }

  @Test
  void ordersOfAnotherEnrolmentAreNeitherReadNorWritten() throws Exception {
    Enrolment first = join(token(1));
    Orders old = Orders.read(host.enrolmentDirectory(), first);
    old.take(new Orders.Order(7, "stage", "sha256:a", "web:2", "trust"));
    asOperator("POST", "/api/v1/hosts/" + first.hostId() + "/revoke", "");
    Enrolment second = joining().join(url(), token(1), true);
    Orders.Order third = new Orders.Order(3, "stage", "sha256:b", "web:3", "trust");
    Orders now = Orders.read(host.enrolmentDirectory(), second);
    assertThat(now.order()).isEqualTo(Orders.Order.NONE);
    assertThat(now.take(third)).isTrue();

    old.take(new Orders.Order(8, "switch", "sha256:a", "web:2", "trust"));
    old.attempted(8, new Orders.Attempt("switch", "", Optional.empty()));
    assertThat(Orders.read(host.enrolmentDirectory(), second).order()).isEqualTo(third);
  }

  @Test
  void switchThatACrashCutOffBeforeItWasOrderedIsOrderedByTheNextAgent() throws Exception {
    join(token(1));
    host.dies = Dies.BEFORE_THE_JOURNAL;
    orderSwitch();
    syncUntil(link(), () -> host.switchesBegun.get() == 1);

    host.dies = Dies.NOT;
    syncUntil(link(), () -> host.switchedTo.equals(List.of("slot2")));
  }

  @Test
  void switchThatACrashCutOffAfterItWasOrderedIsLeftToTheJournal() throws Exception {
    join(token(1));
    host.dies = Dies.AFTER_THE_JOURNAL;
    orderSwitch();
    syncUntil(link(), () -> host.switchesBegun.get() == 1);

    host.dies = Dies.NOT;
    ControllerLink next = link();
    for (int i = 0; i < 5; i++) {
      next.sync();
      Thread.sleep(100);
    }
    assertThat(host.switchesBegun).hasValue(1);
  }

  private void orderSwitch() throws Exception {
    link().sync();
    publish("web:2");
    HttpResponse<String> started =
        asOperator(
            "POST",
            "/api/v1/rollouts",
            "{\"release\":\"web:2\",\"selector\":\"all\",\"commit\":\"trust\"}");
    assertThat(started.statusCode()).as(started.body()).isLessThan(300);
  }

  @Test
  void certificateIsRenewedInItsLastThird() throws Exception {
    Enrolment joined = join(token(1));
    InstantSource early = () -> Instant.now().plus(Duration.ofDays(59));
    linkAt(joined, early).renewInTime();
    assertThat(Enrolment.read(host.enrolmentDirectory())).contains(joined);

    InstantSource late = () -> Instant.now().plus(Duration.ofDays(61));
    ControllerLink link = linkAt(joined, late);
    link.renewInTime();
    Enrolment renewed = Enrolment.read(host.enrolmentDirectory()).orElseThrow();
    assertThat(renewed.certificate()).isNotEqualTo(joined.certificate());
    assertThat(renewed.hostId()).isEqualTo(joined.hostId());
    link.sync();
    link().sync();
  }

  @Test
  void certificateThatCannotBeRenewedStaysAndIsTriedAgainLater() throws Exception {
    Enrolment joined = join(token(1));
    controller.close();
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now().plus(Duration.ofDays(61)));
    ControllerLink link = linkAt(joined, now::get);
    link.renewInTime();
    assertThat(Enrolment.read(host.enrolmentDirectory())).contains(joined);

    link.renewInTime();
    assertThat(said).as("within the hour").hasSize(1);
    now.set(now.get().plus(Duration.ofHours(1)));
    link.renewInTime();
    assertThat(said).hasSize(2).allMatch(text -> text.contains("could not be renewed"));
  }

  @Test
  void renewalDoesNotTakeBackThatTheHostHasJoinedAnew() throws Exception {
    Enrolment old = join(token(1));
    Enrolment anew = joining().join(url(), token(1), true);
    assertThat(old.replace(host.enrolmentDirectory(), old)).isFalse();
    assertThat(Enrolment.read(host.enrolmentDirectory())).contains(anew);
  }

  private ControllerLink linkAt(Enrolment joined, InstantSource clock) {
    return new ControllerLink(host, joined, said::add, clock);
  }

  @Test
  void releaseArrivesAsItWasPublished() throws Exception {
    join(token(1));
    Published published = publish("web:2");
    try (PulledRelease release = pull(published)) {
      host.stage("slot2", release, Optional.of(release.description()));
    }
    assertThat(manifestOf(host.slot("slot2")).digest()).isEqualTo(published.tree());
  }

  @Test
  void releaseThatWasCutOrChangedAtTheControllerDoesNotPass() throws Exception {
    join(token(1));
    Published published = publish("web:2");
    Path blob = directory.resolve("controller/data/blobs/sha256").resolve(published.layer().hex());
    try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int old = file.read();
      file.seek(file.length() / 2);
      file.write(old ^ 1);
    }
    assertDoesNotArrive(published, "slot2");

    try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    assertDoesNotArrive(published, "slot3");
  }

  @Test
  void rolloutIsStagedThenSwitchedToOnceAndReportedByTheNewSystem() throws Exception {
    join(token(1));
    ControllerLink link = link();
    link.sync();
    Published published = publish("web:2");
    HttpResponse<String> started =
        asOperator(
            "POST",
            "/api/v1/rollouts",
            "{\"release\":\"web:2\",\"selector\":\"all\",\"commit\":\"trust\"}");
    assertThat(started.statusCode()).as(started.body()).isLessThan(300);

    syncUntil(link, () -> host.switchedTo.equals(List.of("slot2")));
    assertThat(manifestOf(host.slot("slot2")).digest()).isEqualTo(published.tree());
    for (int i = 0; i < 5; i++) {
      link.sync();
      Thread.sleep(100);
    }
    assertThat(host.switchedTo).as("an order is followed once").hasSize(1);

    host.bootInto("slot2", "warmtrial", Phase.GOOD, Proof.WARM);
    ControllerLink next = link();
    syncUntil(next, () -> rollouts().contains("SUCCEEDED"));
    assertThat(host.switchedTo).hasSize(1);
  }

  @Test
  void failureToStageIsReportedAndNotRepeated() throws Exception {
    join(token(1));
    ControllerLink link = link();
    link.sync();
    publish("web:2");
    host.refusal = Optional.of("The slot is on fire.");
    asOperator(
        "POST",
        "/api/v1/rollouts",
        "{\"release\":\"web:2\",\"selector\":\"all\",\"commit\":\"trust\"}");
    syncUntil(link, () -> rollouts().contains("on fire") || hosts().contains("on fire"));
    int attempts = host.stagings;
    for (int i = 0; i < 5; i++) {
      link.sync();
      Thread.sleep(100);
    }
    assertThat(host.stagings).isEqualTo(attempts);
    assertThat(host.switchedTo).isEmpty();
  }

  @Test
  void generationNeverGoesBack() throws Exception {
    Enrolment joined = join(token(1));
    Orders orders = Orders.read(host.enrolmentDirectory(), joined);
    Orders.Order seventh = new Orders.Order(7, "stage", "sha256:a", "web:2", "trust");
    assertThat(orders.take(seventh)).isTrue();
    assertThat(orders.take(new Orders.Order(6, "switch", "sha256:b", "web:1", "trust"))).isFalse();

    Orders afterReboot = Orders.read(host.enrolmentDirectory(), joined);
    assertThat(afterReboot.order()).isEqualTo(seventh);
    assertThat(afterReboot.take(new Orders.Order(6, "idle", "", "", "trust"))).isFalse();
    Orders.Attempt failed = new Orders.Attempt("stage", "01SWITCH", Optional.of("no room"));
    afterReboot.attempted(7, failed);
    assertThat(Orders.read(host.enrolmentDirectory(), joined).attempt()).contains(failed);
    assertThat(afterReboot.take(new Orders.Order(8, "stage", "sha256:a", "web:2", "trust")))
        .isTrue();
    assertThat(afterReboot.attempt()).isEmpty();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void syncUntil(ControllerLink link, Condition condition) throws Exception {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(rollouts() + hosts()).isLessThan(deadline);
      link.sync();
      Thread.sleep(100);
    }
  }

  private String rollouts() throws Exception {
    return asOperator("GET", "/api/v1/rollouts/r1", "").body();
  }

  private String hosts() throws Exception {
    return asOperator("GET", "/api/v1/hosts", "").body();
  }

  private void assertDoesNotArrive(Published published, String slot) {
    assertThatThrownBy(
            () -> {
              try (PulledRelease release = pull(published)) {
                host.stage(slot, release, Optional.of(release.description()));
              }
            })
        .isInstanceOf(RuntimeException.class);
  }

  private PulledRelease pull(Published published) throws Exception {
    Enrolment joined = Enrolment.read(host.enrolmentDirectory()).orElseThrow();
    return PulledRelease.open(
        new ControllerApi(joined.controller(), joined.tls()), published.name(), published.digest());
  }

  private record Published(ReleaseName name, Digest digest, Digest tree, Digest layer) {}

  private Published publish(String name) throws Exception {
    ReleaseName release = ReleaseName.parse(name);
    Path tree = Files.createDirectories(directory.resolve("tree/etc")).getParent();
    byte[] noise = new byte[400_000];
    new SplittableRandom(SEED).nextBytes(noise);
    Files.write(tree.resolve("noise"), noise);
    Files.writeString(tree.resolve("etc/os-release"), "ID=test\n");
    Digest treeDigest = manifestOf(tree).digest();
    Path layout = Files.createDirectory(directory.resolve("layout"));
    ReleaseManifest manifest =
        OciImageWriter.write(
            tree,
            ImageConfig.NONE,
            new ReleaseDescription(release, treeDigest, "6.1.0-50-amd64").annotations(),
            release.version(),
            layout);
    for (Digest digest : List.of(manifest.config().digest(), manifest.layer().digest())) {
      byte[] blob = Files.readAllBytes(OciImageWriter.blob(layout, digest));
      assertThat(put("/v2/web/blobs/uploads/x?digest=" + digest, blob)).isEqualTo(201);
    }
    assertThat(put("/v2/web/manifests/" + release.version(), manifest.write())).isEqualTo(201);
    return new Published(
        release, Digest.of(manifest.write()), treeDigest, manifest.layer().digest());
  }

  private static Manifest manifestOf(Path tree) {
    try (var entries = TreeScanner.of(tree)) {
      return Manifest.of(entries);
    }
  }

  private static ControllerServer startController(Path place) throws Exception {
    Files.createDirectories(place);
    Path config = place.resolve("config.yml");
    Files.writeString(
        config, "data: " + place.resolve("data") + "\nport: 0\nlogging: {level: WARN}\n");
    return ControllerServer.start(config);
  }

  private String url() {
    return "https://localhost:" + controller.port();
  }

  /** As another machine each time: the same one may not join twice. */
  private Joining joining() {
    return joiningAs(UUID.randomUUID().toString().replace("-", ""));
  }

  private Joining joiningAs(String machineId) {
    return new Joining(host.enrolmentDirectory(), machineId, "web1");
  }

  private Enrolment join(String token) throws InterruptedException {
    return joiningAs(MACHINE).join(url(), token, false);
  }

  private ControllerLink link() {
    return new ControllerLink(
        host, Enrolment.read(host.enrolmentDirectory()).orElseThrow(), System.err::println);
  }

  private String token(int uses) throws Exception {
    return token(request("/api/v1/join-tokens"), client(), uses);
  }

  /** Of another controller, whose files are in that directory. */
  private String token(String place, ControllerServer other) throws Exception {
    Path data = directory.resolve(place + "/data");
    return token(
        request("https://localhost:" + other.port(), data, "/api/v1/join-tokens"), client(data), 1);
  }

  private static String token(HttpRequest.Builder request, HttpClient client, int uses)
      throws Exception {
    String wanted = "{\"uses\":" + uses + ",\"expiresInSeconds\":3600,\"labels\":{}}";
    HttpResponse<String> made =
        client.send(
            request
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(wanted))
                .build(),
            BodyHandlers.ofString());
    return new ObjectMapper().readTree(made.body()).path("token").asText();
  }

  private String permissions(String name) throws Exception {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(host.enrolmentDirectory().resolve(name)));
  }

  private HttpResponse<String> asOperator(String method, String path, String body)
      throws Exception {
    return client()
        .send(
            request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
  }

  private int put(String path, byte[] body) throws Exception {
    return client()
        .send(request(path).PUT(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString())
        .statusCode();
  }

  private HttpRequest.Builder request(String path) {
    return request(url(), directory.resolve("controller/data"), path);
  }

  private static HttpRequest.Builder request(String url, Path data, String path) {
    String credentials = "operator:" + OperatorToken.read(data).text();
    return HttpRequest.newBuilder(URI.create(url + path))
        .header(
            "Authorization",
            "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
  }

  private HttpClient client() throws Exception {
    return client(directory.resolve("controller/data"));
  }

  private static HttpClient client(Path data) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(Tls.pinned(CertificateAuthority.openOrCreate(data).fingerprint()))
        .build();
  }

  /** Where in a switch the agent is killed. */
  private enum Dies {
    NOT,
    BEFORE_THE_JOURNAL,
    AFTER_THE_JOURNAL
  }

  /** A host with three slots, which are directories; it boots when it is told to. */
  private static final class Slots implements Host {
    private final Path directory;
    private final List<String> switchedTo = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();
    private volatile Dies dies = Dies.NOT;
    private final AtomicInteger switchesBegun = new AtomicInteger();
    private String transaction = "";
    private int stagings;
    private String bootId = UUID.randomUUID().toString();
    private String running = "slot1";
    private String mode = "committed";
    private Phase phase = Phase.IDLE;
    private Proof proof = Proof.COLD;
    private SlotStatus second = slotStatus("slot2", "empty", "", "");

    Slots(Path directory) {
      this.directory = directory;
    }

    Path slot(String name) {
      return directory.resolve(name);
    }

    synchronized void bootInto(String slot, String how, Phase then, Proof proven) {
      bootId = UUID.randomUUID().toString();
      running = slot;
      mode = how;
      phase = then;
      proof = proven;
    }

    @Override
    public synchronized HostStatus status() {
      return new HostStatus(
          bootId,
          "web1",
          "",
          "test",
          running,
          mode,
          "",
          1,
          "slot1",
          Optional.empty(),
          0,
          phase,
          proof,
          transaction,
          Optional.empty(),
          List.of(),
          List.of(
              slotStatus("slot1", "ready", Digest.of(new byte[] {1}).toString(), ""),
              second,
              slotStatus("slot3", "empty", "", "")),
          List.of());
    }

    @Override
    public String slotForStaging() {
      return "slot2";
    }

    @Override
    public void stage(String slot, Image image, Optional<ReleaseDescription> release) {
      synchronized (this) {
        stagings++;
      }
      if (refusal.isPresent()) {
        throw new OperatorError(refusal.get());
      }
      try {
        LayerStack.unpack(image, Files.createDirectories(slot(slot)));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      synchronized (this) {
        second =
            slotStatus(
                slot,
                "ready",
                image.digest().toString(),
                release.map(ReleaseDescription::name).map(ReleaseName::toString).orElse(""));
        phase = Phase.STAGED;
      }
    }

    @Override
    public void switchTo(String slot, CommitPolicy policy) {
      int number = switchesBegun.incrementAndGet();
      if (dies == Dies.BEFORE_THE_JOURNAL) {
        die();
      }
      synchronized (this) {
        transaction = "01SWITCH" + number;
      }
      if (dies == Dies.AFTER_THE_JOURNAL) {
        die();
      }
      synchronized (this) {
        switchedTo.add(slot);
        phase = Phase.SWITCHING;
      }
    }

    /** The thread does nothing more, as when the agent was killed. */
    private static void die() {
      while (true) {
        LockSupport.park();
      }
    }

    @Override
    public Path enrolmentDirectory() {
      return directory.resolve("agent");
    }

    private static SlotStatus slotStatus(String name, String state, String digest, String release) {
      return new SlotStatus(name, state, "", release, digest, "", "", 1L << 30);
    }
  }
}
