package dev.slipway.disk;

import dev.slipway.linux.OperatorError;

/** A disk that has no room for its partitions: refused, exit code 3. */
public final class DiskTooSmall extends OperatorError {
  private static final long serialVersionUID = 1L;

  /**
   * @param sentence says both numbers
   */
  public DiskTooSmall(String sentence) {
    super(sentence, REFUSED);
  }
}
