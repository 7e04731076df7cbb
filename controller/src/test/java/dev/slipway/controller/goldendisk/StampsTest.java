package dev.slipway.controller.goldendisk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.osimage.SourceDateEpoch;
import dev.slipway.tree.Digest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StampsTest {
  private static final SourceDateEpoch EPOCH = new SourceDateEpoch(1_700_000_000);
  private static final Digest SEED = Digest.of("seed".getBytes(UTF_8));

  @Test
  void derivedOnesAreTheSameAgainAndOthersForAnotherNameOrSeed() {
    Stamps stamps = new Stamps.Derived(SEED, EPOCH);
    Stamps again = new Stamps.Derived(SEED, EPOCH);
    Stamps others = new Stamps.Derived(Digest.of("other".getBytes(UTF_8)), EPOCH);

    assertThat(again.uuid("disk")).isEqualTo(stamps.uuid("disk"));
    assertThat(again.number("disk")).isEqualTo(stamps.number("disk"));
    assertThat(again.transaction()).isEqualTo(stamps.transaction());
    assertThat(List.of(stamps.uuid("disk"), stamps.uuid("slot"), others.uuid("disk")))
        .doesNotHaveDuplicates();
    assertThat(others.transaction()).isNotEqualTo(stamps.transaction());
    assertThat(stamps.now()).isEqualTo(EPOCH.instant());
    assertThat(stamps.transaction().text()).as("its time is the epoch").startsWith("01HF7YAT00");
  }

  @Test
  void freshOnesAreNever() {
    Stamps stamps = new Stamps.Fresh();

    assertThat(stamps.uuid("disk")).isNotEqualTo(stamps.uuid("disk"));
    assertThat(stamps.transaction()).isNotEqualTo(stamps.transaction());
  }

  @Test
  void derivedUuidsAreOfTheVersionForBitsOfOnesOwn() {
    Stamps stamps = new Stamps.Derived(SEED, EPOCH);
    for (int i = 0; i < 100; i++) {
      UUID uuid = stamps.uuid("thing " + i);
      assertThat(uuid.version()).isEqualTo(8);
      assertThat(uuid.variant()).isEqualTo(2);
    }
  }
}
