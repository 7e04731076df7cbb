package dev.slipway.controller.secrecy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Something that may stand nowhere but where it belongs, and is recognised in what was written.
 *
 * @param name what it is, for messages
 */
public record Secret(String name, String text) {
  private static final int QUANTUM = 3;

  /** Whether it is in that text: as it is, in a URL, or anywhere within something in base64. */
  public boolean isIn(String written) {
    return forms().stream().anyMatch(written::contains);
  }

  private List<String> forms() {
    List<String> forms = new ArrayList<>();
    forms.add(text);
    forms.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
    // What stands before it decides how its bits fall on letters; the ends belong to neighbours.
    for (int before = 0; before < QUANTUM; before++) {
      byte[] shifted = ("x".repeat(before) + text).getBytes(StandardCharsets.UTF_8);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      forms.add(base64.substring(before == 0 ? 0 : before + 1, base64.length() - 1));
    }
    return forms;
  }
}
