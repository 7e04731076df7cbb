package dev.slipway.controller.goldendisk;

import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.targetdisk.TargetDisk;
import dev.slipway.disk.BiosBootCode;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.DiskWipe;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.linux.OperatorError;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is done to a real disk around a build onto it. Nothing of the old disk boots from the first
 * write on; boot code is written last, and when anything fails then it is taken away again.
 *
 * @param told sentences for the operator about what became of the disk, for when the steps are no
 *     longer shown; none as long as it is as it was
 */
record DiskFlash(TargetDisk target, DiskLayout layout, Progress steps, Consumer<String> told) {

  /**
   * Wipes the disk, builds, and compares what the medium then holds.
   *
   * @param build writes onto the disk, boot code last, and says what must be there
   * @return what the build said
   * @throws OperatorError when anything fails
   */
  DiskReadBack run(Supplier<DiskReadBack> build) {
    // A signal that comes before this step leaves the disk as it was.
    steps.run(
        "wipe what " + target.path() + " was",
        () ->
            finishOrKeepFromBooting(
                () -> {
                  new DiskWipe(layout).wipe(target.path());
                  return true;
                }));
    DiskReadBack written = finishOrKeepFromBooting(() -> buildAndReadBack(build));
    // Not a step: a signal has nothing to stop any more, the disk is whole.
    if (!target.rereadPartitions()) {
      told.accept(
          "The kernel goes on with the old partition table of "
              + target.path()
              + " until it is attached anew.");
    }
    return written;
  }

  private DiskReadBack buildAndReadBack(Supplier<DiskReadBack> build) {
    DiskReadBack written = build.get();
    steps.run("flush to " + target.path(), target::flush);
    steps.run("read " + target.path() + " back", () -> written.requireOn(target.path()));
    return written;
  }

  private <T> T finishOrKeepFromBooting(Supplier<T> work) {
    boolean good = false;
    try {
      T result = work.get();
      good = true;
      return result;
    } catch (UncheckedIOException e) {
      throw new OperatorError(
          target.path()
              + " was not finished: "
              + e.getMessage()
              + " ("
              + e.getCause().getMessage()
              + ").",
          e);
    } finally {
      // Whatever it was, such as too little memory: no catch would name them all.
      if (!good) {
        takeBootCodeAway();
      }
    }
  }

  private void takeBootCodeAway() {
    try {
      BiosBootCode.eraseFrom(target.path());
      EfiSystemPartition.eraseFrom(target.path(), layout.esp());
      target.flush();
      told.accept(target.path() + " holds nothing that boots now; flash it again.");
    } catch (RuntimeException e) {
      told.accept(
          target.path()
              + " cannot be written any more ("
              + e.getMessage()
              + "), not even to keep it from booting: do not start anything from it.");
    }
  }
}
