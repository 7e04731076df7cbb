package dev.slipway.agent.slots;

import dev.slipway.linux.Mount;
import dev.slipway.linux.MountPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A slot mounted out of everyone's way, for as long as this is open. */
public final class MountedSlot implements AutoCloseable {
  private final Mount mount;

  private MountedSlot(Mount mount) {
    this.mount = mount;
  }

  /** Mounts it so that nothing on it can be changed, run or used as a device. */
  public static MountedSlot readOnly(Slot slot, String fileSystem, Roots roots) {
    return mount(
        slot,
        fileSystem,
        roots,
        Set.of(
            Mount.Option.READ_ONLY,
            Mount.Option.NO_SUID,
            Mount.Option.NO_DEV,
            Mount.Option.NO_EXEC));
  }

  /** Mounts it for being filled. */
  public static MountedSlot writable(Slot slot, String fileSystem, Roots roots) {
    return mount(slot, fileSystem, roots, Set.of(Mount.Option.NO_SUID, Mount.Option.NO_DEV));
  }

  /**
   * Unmounts what an agent that was killed left behind. The caller holds the operation lock, so no
   * one uses it.
   */
  public static void unmountLeftOver(Slot slot, Roots roots) {
    Path target = roots.privateMount(slot.name());
    while (Mount.current().stream().map(MountPoint::target).anyMatch(target::equals)) {
      Mount.unmount(target);
    }
  }

  private static MountedSlot mount(
      Slot slot, String fileSystem, Roots roots, Set<Mount.Option> options) {
    Path target = roots.privateMount(slot.name());
    unmountLeftOver(slot, roots);
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new MountedSlot(Mount.of(slot.device(), target, fileSystem, options, ""));
  }

  /** The slot's root directory. */
  public Path root() {
    return mount.target();
  }

  /** Unmounts it and takes the mount point away. */
  @Override
  public void close() {
    mount.close();
    try {
      Files.deleteIfExists(mount.target());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
