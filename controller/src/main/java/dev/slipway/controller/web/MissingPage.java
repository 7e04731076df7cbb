package dev.slipway.controller.web;

import io.dropwizard.views.common.View;
import java.nio.charset.StandardCharsets;

/** What is shown where there is nothing. */
public final class MissingPage extends View {
  private final String sentence;

  MissingPage(String sentence) {
    super("missing.ftlh", StandardCharsets.UTF_8);
    this.sentence = sentence;
  }

  public String getSentence() {
    return sentence;
  }
}
