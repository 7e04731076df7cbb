package dev.slipway.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A host's certificate is renewed in time, and never against what has happened since. */
class CertificateRenewalTest extends LinkedHost {
  private final List<String> said = new ArrayList<>();

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
}
