package dev.slipway.controller.source.engine;

import com.github.dockerjava.api.async.ResultCallbackTemplate;
import com.github.dockerjava.api.model.BuildResponseItem;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an engine says while it builds: line by line, and what came of it. */
final class BuildProgress extends ResultCallbackTemplate<BuildProgress, BuildResponseItem> {
  /** Docker writes {@code Step 2/3 : RUN make}, Podman {@code STEP 2/3: RUN make}. */
  private static final Pattern STEP = Pattern.compile("(?i:step) [0-9]+/[0-9]+ ?: (?<what>.*)");

  private static final Pattern BUILT =
      Pattern.compile("Successfully built (?:sha256:)?(?<id>[0-9a-f]{12,64})");
  private static final int LAST_LINES = 10;

  private final DockerfileBuild build;
  private final Consumer<String> progress;

  private final StringBuilder line = new StringBuilder();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private Optional<String> step = Optional.empty();
  private Optional<String> id = Optional.empty();
  private Optional<String> error = Optional.empty();

  /**
   * @param build what is built, for messages
   * @param progress takes each line
   */
  BuildProgress(DockerfileBuild build, Consumer<String> progress) {
    this.build = build;
    this.progress = progress;
  }

  @Override
  @SuppressWarnings("deprecation") // Old versions of Podman send an error in its old form only.
  public synchronized void onNext(BuildResponseItem item) {
    if (item.getStream() != null) {
      said(item.getStream());
    }
    boolean onTheWay =
        item.getProgressDetail() != null && item.getProgressDetail().getTotal() != null;
    if (item.getStatus() != null && !onTheWay) {
      // Of a base image that is pulled.
      said((item.getId() == null ? "" : item.getId() + ": ") + item.getStatus() + "\n");
    }
    if (item.getErrorDetail() != null && item.getErrorDetail().getMessage() != null) {
      error = Optional.of(item.getErrorDetail().getMessage());
    } else if (item.getError() != null) {
      error = Optional.of(item.getError());
    }
  }

  /** Lines come in pieces. */
  private void said(String text) {
    line.append(text);
    for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
      lineSaid(EngineWords.clean(line.substring(0, end)));
      line.delete(0, end + 1);
    }
  }

  private void lineSaid(String text) {
    if (text.isEmpty()) {
      return;
    }
    progress.accept(text);
    Matcher begun = STEP.matcher(text);
    Matcher built = BUILT.matcher(text);
    if (begun.matches()) {
      step = Optional.of(begun.group("what"));
      lastLines.clear();
    } else if (built.matches()) {
      id = Optional.of(built.group("id"));
    } else {
      lastLines.add(text);
      if (lastLines.size() > LAST_LINES) {
        lastLines.remove();
      }
    }
  }

  /** Keeps the error for later; what is inherited would log it with all that led to it. */
  @Override
  public synchronized void onError(Throwable failure) {
    if (error.isEmpty()) {
      error = Optional.of(EngineWords.of(failure));
    }
    try {
      close();
    } catch (IOException e) {
      // The connection failed already.
    }
  }

  /**
   * After the end: the id of the image that was built.
   *
   * @throws OperatorError when a step failed, the engine refused, or its answer broke off
   */
  synchronized String imageId() {
    if (error.isPresent()) {
      throw failed(error.get());
    }
    return id.orElseThrow(() -> failed("the engine does not say which image it built"));
  }

  private OperatorError failed(String why) {
    said("\n");
    StringBuilder text = new StringBuilder(build.reference()).append(" cannot be built: ");
    step.ifPresent(what -> text.append("the step \"").append(what).append("\" failed: "));
    text.append(OperatorError.withoutFinalStop(EngineWords.clean(why)));
    text.append(". ").append(build.remedy(why));
    if (step.isPresent() && !lastLines.isEmpty()) {
      text.append(" The step's last lines:");
      lastLines.forEach(each -> text.append("\n    ").append(each));
    }
    return new OperatorError(text.toString());
  }
}
