package dev.slipway.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {

  @ParameterizedTest
  @CsvSource({
    "2.02~beta2, 2.02",
    "2.02, 2.06-3~deb11u6",
    "2.06, 2.06-3~deb11u6",
    "2.06-3~deb11u6, 2.06-13+deb12u2",
    "2.06-13+deb12u2, 2.12",
    "1:2.06-1, 2.12",
    "3.10.0-957.el7.x86_64, 3.10.0-1160",
    "3.10.0-1160, 3.10.0-1160.el7.x86_64",
    "5.9, 5.10.0-28-amd64",
    "6.1.9, 6.1.10",
    "2.06-9, 2.06+dfsg-1"
  })
  void theLeftOneIsOlder(String older, String newer) {
    assertThat(new Version(older).isAtLeast(new Version(newer))).isFalse();
    assertThat(new Version(newer).isAtLeast(new Version(older))).isTrue();
  }

  @Test
  void dpkgOrdersThemAlike() {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    System.out.println("VersionTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      Version one = random(random);
      Version two = random(random);
      boolean older =
          Command.of("dpkg", "--compare-versions", one.text(), "lt", two.text())
                  .runUnchecked()
                  .exit()
              == 0;
      assertThat(one.compareTo(two) < 0).as("%s < %s", one, two).isEqualTo(older);
    }
  }

  private static Version random(Random random) {
    List<String> parts = List.of("1", "2", "10", "02", ".", ".", "~", "+", "a", "rc");
    StringBuilder text = new StringBuilder("5.");
    for (int i = random.nextInt(4); i >= 0; i--) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return new Version(random.nextBoolean() ? text + "-1" : text.toString());
  }
}
