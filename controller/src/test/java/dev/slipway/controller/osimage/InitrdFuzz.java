package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.io.ByteArrayInputStream;

/** Any bytes are an initrd or refused with a sentence. */
public final class InitrdFuzz {
  private InitrdFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      InitrdContents contents = InitrdContents.of(new ByteArrayInputStream(data));
      if (contents.modules().size() > contents.names().size()) {
        throw new AssertionError("more modules than names: " + contents.names());
      }
    } catch (OperatorError refused) {
      if (!refused.getMessage().startsWith("The initrd is ")) {
        throw new AssertionError("no sentence: " + refused.getMessage(), refused);
      }
    }
  }
}
