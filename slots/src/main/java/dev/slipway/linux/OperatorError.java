package dev.slipway.linux;

/**
 * Something an operator can cause and can mend. The message is a full sentence: what happened, to
 * what, and what to do about it. Command lines print it as it stands, without a stack trace, and
 * end with {@link #exitCode()}.
 */
public class OperatorError extends RuntimeException {
  private static final int FAILED = 1;

  /** The exit code of what a safety rule refused. */
  protected static final int REFUSED = 3;

  private final int exitCode;

  /** A failure: exit code 1. */
  public OperatorError(String sentence) {
    super(sentence);
    this.exitCode = FAILED;
  }

  /** A failure with the error underneath, which only a debug log shows. */
  public OperatorError(String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = FAILED;
  }

  /** With an exit code of its own. */
  protected OperatorError(String sentence, int exitCode) {
    super(sentence);
    this.exitCode = exitCode;
  }

  private OperatorError(String sentence, OperatorError cause) {
    super(sentence, cause);
    this.exitCode = cause.exitCode;
  }

  /** Something that a safety rule forbids: exit code 3. */
  public static OperatorError refused(String sentence) {
    return new OperatorError(sentence, REFUSED);
  }

  /** The same error, which says first what it is about: one of several things at work. */
  public OperatorError about(String what) {
    return new OperatorError(what + ": " + getMessage(), this);
  }

  /** A sentence as it stands within another one. */
  public static String withoutFinalStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** 1 for a failure, 3 for what a safety rule refused. */
  public int exitCode() {
    return exitCode;
  }
}
