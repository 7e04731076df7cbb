package dev.slipway.e2e.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The operating system that boots in seconds: Debian's cloud kernel and a busybox root. In a slot
 * it runs what Slipway adds (host-setup, the agent's daemon) and ends in a root shell on the serial
 * console; its initrd alone, without {@code root=}, does so too.
 *
 * @param archive the root file system as a tar, for {@code rootfs:} with {@code initrd: keep}
 */
public record TinySlot(Path archive, Path kernel, Path initrd) {

  /** Made by {@code e2e/tiny/build} when there is none or its recipe has changed. */
  public static TinySlot build(Path home) {
    Path directory = home.resolve("build/tiny");
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Disk.run(home.resolve("e2e/tiny/build").toString(), directory.toString());
    return new TinySlot(
        directory.resolve("tiny.tar"), directory.resolve("vmlinuz"), directory.resolve("initrd"));
  }

  /**
   * The same as an image of Alpine's kind, which brings no initrd and a stand-in for mkinitfs to
   * make one with; the archive of its root file system.
   */
  public static Path withMkinitfs(Path home) {
    Path directory = build(home).archive().getParent();
    Disk.run(home.resolve("e2e/tiny/build-mkinitfs").toString(), directory.toString());
    return directory.resolve("tiny-mkinitfs.tar");
  }
}
