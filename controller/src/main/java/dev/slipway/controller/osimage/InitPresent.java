package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;

/** The kernel starts /sbin/init and panics when it cannot; images for containers have none. */
final class InitPresent implements Check {
  static final String NAME = "init";
  static final String INIT = "/sbin/init";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    if (tree.type(INIT).isEmpty()) {
      throw new OperatorError(
          "The image has no /sbin/init, so nothing would start after its kernel. "
              + Distribution.of(tree).toGetInit());
    }
    new ProgramStart(tree)
        .obstacle(INIT)
        .ifPresent(
            obstacle -> {
              throw new OperatorError(
                  "/sbin/init of the image "
                      + obstacle
                      + ", so nothing would start after its kernel. "
                      + Distribution.of(tree).toGetInit());
            });
  }
}
