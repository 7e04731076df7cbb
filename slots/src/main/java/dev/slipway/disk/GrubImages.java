package dev.slipway.disk;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes GRUB's images with {@code grub-mkimage}. Every module that is needed is inside, so there is
 * no module directory to keep in step with them.
 */
public final class GrubImages {

  /**
   * The modules in both images besides that for the partition table; a GRUB script may use no
   * command of any other.
   */
  public static final List<String> MODULES =
      List.of(
          "fat",
          "ext2",
          "xfs",
          "normal",
          "test",
          "echo",
          "loadenv",
          "regexp",
          "probe",
          "serial",
          "terminal",
          "linux",
          "boot",
          "reboot",
          "sleep");

  /** What makes them. */
  public static final Program PROGRAM = new Program("grub-mkimage", "grub-common");

  private static final String VERSION = "grub_package_version=";

  private final Path platforms;

  /**
   * Uses GRUB's files in this directory.
   *
   * @param platforms holds {@code i386-pc} and {@code x86_64-efi}
   */
  public GrubImages(Path platforms) {
    this.platforms = platforms;
  }

  /** GRUB as the building machine's packages have it. */
  public static GrubImages ofThisSystem() {
    return new GrubImages(Path.of("/usr/lib/grub"));
  }

  /**
   * The boot code for BIOS.
   *
   * @throws OperatorError when GRUB's files are missing or {@code grub-mkimage} fails
   */
  public BiosBootCode bios(PartitionTable.Kind table) {
    Path platform = platform("i386-pc", "grub-pc-bin");
    try {
      return new BiosBootCode(
          Files.readAllBytes(platform.resolve("boot.img")),
          image(platform, table, List.of("biosdisk")));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read GRUB's boot.img", e);
    }
  }

  /**
   * The program for UEFI on x86-64, to be found at {@code /EFI/BOOT/BOOTX64.EFI}.
   *
   * @throws OperatorError when GRUB's files are missing or {@code grub-mkimage} fails
   */
  public byte[] efi(PartitionTable.Kind table) {
    // Without a video driver of GRUB's the kernel is handed no screen.
    return image(platform("x86_64-efi", "grub-efi-amd64-bin"), table, List.of("all_video"));
  }

  /**
   * The version of the modules that go into the images, with the packager's revision where the
   * packager put it in, as Debian and its like do.
   *
   * @return empty when GRUB's files do not say
   * @throws OperatorError when GRUB's files are missing
   */
  public Optional<String> version() {
    Path file = platform("i386-pc", "grub-pc-bin").resolve("modinfo.sh");
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(VERSION))
          .map(line -> line.substring(VERSION.length()).replace("\"", "").strip())
          .filter(version -> !version.isEmpty())
          .findFirst();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private Path platform(String name, String debianPackage) {
    Path directory = platforms.resolve(name);
    if (!Files.isDirectory(directory)) {
      throw new OperatorError(
          "GRUB's files for "
              + name
              + " are not in "
              + platforms
              + "; install them (Debian: "
              + debianPackage
              + ").");
    }
    return directory;
  }

  /**
   * Where GRUB finds its script: on the EFI system partition of the disk that it was started from.
   * No disk name, because the BIOS numbers disks as it likes, and never found by {@code search},
   * which takes a clone for it.
   */
  private static String prefix(PartitionTable.Kind table) {
    return switch (table) {
      case GPT -> "(,gpt2)/grub";
      case MSDOS -> "(,msdos1)/grub";
    };
  }

  private static byte[] image(Path platform, PartitionTable.Kind table, List<String> ownModules) {
    List<String> modules = new ArrayList<>(List.of("part_" + table.token()));
    modules.addAll(MODULES);
    modules.addAll(ownModules);
    try {
      Path file = Files.createTempFile("slipway-grub", ".img");
      try {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(PROGRAM.name(), "--format", platform.getFileName().toString()));
        command.addAll(List.of("--directory", platform.toString(), "--prefix", prefix(table)));
        command.addAll(List.of("--output", file.toString()));
        command.addAll(modules);
        Command.of(command).run();
        return Files.readAllBytes(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep GRUB's image in a temporary file", e);
    }
  }
}
