package dev.slipway.image;

import dev.slipway.linux.OperatorError;

/** An image that is not there, not an image, damaged, or not for this machine. */
public final class ImageException extends OperatorError {
  /** With a full sentence for the operator. */
  public ImageException(String sentence) {
    super(sentence);
  }

  /** With a full sentence for the operator and the error underneath. */
  public ImageException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
