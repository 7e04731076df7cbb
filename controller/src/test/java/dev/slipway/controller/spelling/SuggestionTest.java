package dev.slipway.controller.spelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
  private static final List<String> KEYS =
      List.of("hostname", "ssh-keys", "kernel-arguments", "xfs", "a");

  @ParameterizedTest
  @CsvSource({
    "hostnam, hostname",
    "hostnmae, hostname",
    "hhostname, hostname",
    "hoztname, hostname",
    "HOSTNAME, hostname",
    "ssh_keys, ssh-keys",
    "sshkeys, ssh-keys",
    "xsf, xfs"
  })
  void aSlipLeadsBackToTheWord(String typed, String meant) {
    assertThat(Suggestion.closest(typed, KEYS)).containsExactly(meant);
  }

  @Test
  void anotherWordLeadsNowhere() {
    for (String word : List.of("b", "zfs2", "users", "", "x".repeat(1_000_000))) {
      assertThat(Suggestion.after(word, KEYS, "'")).as(word).isEmpty();
    }
  }

  @Test
  void thoseThatAreEquallyCloseAreNamed() {
    List<String> hosts = List.of("node12", "node13", "node1", "node2", "node");
    assertThat(Suggestion.closest("node1x", hosts)).containsExactly("node1", "node12", "node13");
    assertThat(Suggestion.closest("node1", hosts)).containsExactly("node1");
    assertThat(Suggestion.after("nodes1", List.of("node1", "node2"), "\""))
        .isEqualTo(" (did you mean \"node1\"?)");
  }
}
