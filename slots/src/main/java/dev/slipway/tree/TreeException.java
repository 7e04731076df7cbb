package dev.slipway.tree;

import dev.slipway.linux.OperatorError;

/** A tree or archive that cannot be read or written as it is. */
public class TreeException extends OperatorError {
  /** With a full sentence for the operator. */
  public TreeException(String sentence) {
    super(sentence);
  }

  /** With a full sentence for the operator and the error underneath. */
  public TreeException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
