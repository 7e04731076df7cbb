package dev.slipway.image;

/** Images in files of this host. */
@SuppressWarnings("DoNotCallSuggester")
public final class LocalImages {
  private LocalImages() {}

  /**
   * Opens {@code docker-archive:PATH[:TAG]}, {@code oci:DIR[:TAG]}, {@code oci-archive:PATH[:TAG]}
   * or {@code rootfs:PATH} (a tar, compressed or not, or a directory).
   *
   * @throws dev.slipway.linux.OperatorError with what is wrong and what to do
   */
  public static Image open(String reference) {
    throw unfinished();
  }

  private static UnsupportedOperationException unfinished() {
    return new UnsupportedOperationException();
  }
}
