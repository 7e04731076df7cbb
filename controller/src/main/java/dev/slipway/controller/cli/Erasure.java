package dev.slipway.controller.cli;

import dev.slipway.controller.targetdisk.DiskIdentity;
import dev.slipway.controller.targetdisk.TargetDisk;
import dev.slipway.linux.OperatorError;
import java.io.Console;
import java.util.Optional;
import java.util.function.Function;

/**
 * The leave to erase a disk: whoever gives it names the very disk, by what tells it from every
 * other one.
 *
 * @param named by the command line
 * @param asked puts a question to a person and brings the answer; empty when nobody is there
 */
record Erasure(Optional<String> named, Function<String, Optional<String>> asked) {

  /** A person is there when the command runs at a terminal. */
  static Erasure of(Optional<String> named) {
    return new Erasure(
        named,
        question ->
            Optional.ofNullable(System.console())
                .map((Console person) -> person.readLine("%s", question)));
  }

  /**
   * Goes on only with leave.
   *
   * @throws OperatorError (refused, exit code 3) without; then the disk is as it was
   */
  void require(TargetDisk disk) {
    DiskIdentity identity = disk.identity();
    String answer =
        named
            .or(
                () ->
                    asked.apply(
                        "Everything on "
                            + disk.path()
                            + " will be gone. To go on, type its "
                            + identity.kind()
                            + " ("
                            + identity.text()
                            + "): "))
            .orElseThrow(
                () ->
                    OperatorError.refused(
                        "Nobody is here to be asked whether "
                            + disk.path()
                            + " may be erased: give --yes-erase with its "
                            + identity.kind()
                            + ", "
                            + identity.text()
                            + "."));
    if (!answer.strip().equals(identity.text())) {
      throw OperatorError.refused(
          disk.path()
              + " is not erased: its "
              + identity.kind()
              + " is "
              + identity.text()
              + ", not \""
              + answer.strip()
              + "\".");
    }
  }
}
