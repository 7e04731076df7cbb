package dev.slipway.image;

/** Which image of an archive or layout is meant, as containers-transports(5) writes it. */
sealed interface Selection {
  /** The only one there is. */
  record Only() implements Selection {}

  /** The one of this name or tag. */
  record Named(String name) implements Selection {}

  /**
   * The one at this place in the list of images, named or not.
   *
   * @param index counted from 0
   */
  record At(int index) implements Selection {}

  /**
   * What stands behind a path and its colon: nothing, a name, or {@code @} and an index.
   *
   * @throws ImageException when behind the {@code @} stands no index
   */
  static Selection parse(String text, String reference) {
    if (text.isEmpty()) {
      return new Only();
    }
    if (!text.startsWith("@")) {
      return new Named(text);
    }
    if (!text.matches("@[0-9]{1,9}")) {
      throw new ImageException(
          "In "
              + reference
              + " the @ stands before no number of an image. Write which image of the file it is,"
              + " counted from 0, as in @0, or its name.");
    }
    return new At(Integer.parseInt(text.substring(1)));
  }
}
