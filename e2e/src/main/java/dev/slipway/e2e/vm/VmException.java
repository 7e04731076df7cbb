package dev.slipway.e2e.vm;

/** A virtual machine did not do what was waited for; the message says what it did instead. */
public class VmException extends RuntimeException {
  public VmException(String message) {
    super(message);
  }

  public VmException(String message, Throwable cause) {
    super(message, cause);
  }
}
