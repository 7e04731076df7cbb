package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;

/** The kernel starts /sbin/init and panics when it cannot; images for containers have none. */
final class InitPresent implements Check {
  private static final String INIT = "/sbin/init";
  private static final int ANY_EXECUTE = 0111;
  // e_machine of the ELF header (elf(5)): two bytes at 18; EM_X86_64 is 62.
  private static final int MACHINE = 18;
  private static final int X86_64 = 62;

  @Override
  public String name() {
    return "init";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    if (tree.type(INIT).isEmpty()) {
      throw new OperatorError(
          "The image has no /sbin/init, so nothing would start after its kernel. "
              + Distribution.of(tree).toGetInit());
    }
    String real =
        tree.real(INIT)
            .filter(tree::isFile)
            .orElseThrow(
                () ->
                    new OperatorError(
                        "/sbin/init of the image is a link to "
                            + tree.linkTarget(INIT).orElse("itself")
                            + ", which is not there. "
                            + Distribution.of(tree).toGetInit()));
    if ((tree.status(real).orElseThrow().mode() & ANY_EXECUTE) == 0) {
      throw new OperatorError(
          "/sbin/init of the image (" + real + ") cannot be executed; give it mode 0755.");
    }
    refuseOtherMachines(tree.readBytes(real).orElseThrow(), real);
  }

  private static void refuseOtherMachines(byte[] init, String path) {
    boolean elf =
        init.length > MACHINE + 1
            && init[0] == 0x7f
            && init[1] == 'E'
            && init[2] == 'L'
            && init[3] == 'F';
    boolean script = init.length > 2 && init[0] == '#' && init[1] == '!';
    if (!elf && !script) {
      throw new OperatorError(
          "/sbin/init of the image (" + path + ") is neither a program nor a script.");
    }
    if (elf && ((init[MACHINE] & 0xff) | ((init[MACHINE + 1] & 0xff) << 8)) != X86_64) {
      throw new OperatorError(
          "/sbin/init of the image ("
              + path
              + ") is not a program for x86-64; the image is for another architecture.");
    }
  }
}
