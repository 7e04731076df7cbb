package dev.slipway.disk;

import java.nio.file.Path;
import java.util.List;

/**
 * Makes GRUB's images with {@code grub-mkimage}: every module that is needed is inside, so there is
 * no module directory to keep in step with them.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class GrubImages {

  /** The modules in both images; a GRUB script may use no command of any other. */
  public static final List<String> MODULES = List.of();

  private final Path platforms;

  /**
   * @param platforms the directory with GRUB's {@code i386-pc} and {@code x86_64-efi}
   */
  public GrubImages(Path platforms) {
    this.platforms = platforms;
  }

  /** GRUB as the building machine's packages have it: {@code /usr/lib/grub}. */
  public static GrubImages ofThisSystem() {
    return new GrubImages(Path.of("/usr/lib/grub"));
  }

  /** The boot code for BIOS. */
  public BiosBootCode bios() {
    throw new UnsupportedOperationException(platforms.toString());
  }

  /** The program for UEFI on x86-64 ({@code BOOTX64.EFI}). */
  public byte[] efi() {
    throw new UnsupportedOperationException();
  }
}
