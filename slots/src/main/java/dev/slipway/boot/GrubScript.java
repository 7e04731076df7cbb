package dev.slipway.boot;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The disk's one GRUB script, rendered from {@code grub-templates/grub.cfg.template}. */
@SuppressWarnings("DoNotCallSuggester")
public final class GrubScript {

  /** A slot and the partition it is found by. */
  public record BootSlot(String name, UUID partition) {}

  private final Path template;

  /**
   * @param template the file {@code grub.cfg.template}
   */
  public GrubScript(Path template) {
    this.template = template;
  }

  /**
   * Renders the script.
   *
   * @param slots in the order in which they are tried when nothing else is known
   * @param consoles as for the kernel's {@code console=}, such as {@code ttyS0,115200} or {@code
   *     tty0}; serial ones are GRUB's too
   * @param kernelArguments added to every boot
   * @throws dev.slipway.linux.OperatorError when an argument is Slipway's own, or cannot be written
   *     safely in a GRUB script, or when the template uses a command whose module is not in the
   *     images
   */
  public String render(List<BootSlot> slots, List<String> consoles, List<String> kernelArguments) {
    throw new UnsupportedOperationException(template.toString());
  }
}
