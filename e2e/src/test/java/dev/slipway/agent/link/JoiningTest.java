package dev.slipway.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.identity.CertificateAuthority;
import dev.slipway.controller.server.ControllerServer;
import dev.slipway.linux.OperatorError;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A host joins its controller: once, the right one, and anew when it is told to. */
class JoiningTest extends LinkedHost {
  @Test
  void hostThatJoinedIsHeardAndKeepsItsKeyToItself() throws Exception {
    Enrolment joined = join(token(1));
    assertThat(joined.name()).isEqualTo("web1");
    assertThat(permissions(Enrolment.FILE)).isEqualTo("rw-------");
    assertThat(host.enrolmentDirectory().resolve(JoiningKey.FILE)).doesNotExist();

    link().sync();
    assertThat(asOperator("GET", "/api/v1/hosts", "").body()).contains("web1").contains("slot1");
  }

  private String permissions(String name) throws Exception {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(host.enrolmentDirectory().resolve(name)));
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
}
