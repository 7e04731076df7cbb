package dev.slipway.controller.goldendisk;

import dev.slipway.controller.osimage.TestInitrd;
import dev.slipway.controller.osimage.TestKernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

/**
 * A root file system that is small and has all that {@code initrd: keep} asks for; it boots
 * nowhere.
 */
public final class TinyImage {
  public static final String KERNEL_VERSION = "6.1.0-tiny";
  private static final int BOOT_FILE_SIZE = 300_000;

  private final Path root;

  private TinyImage(Path root) {
    this.root = root;
  }

  /** Makes it in a directory of its own. */
  public static TinyImage in(Path root, long seed) throws IOException {
    Path boot = Files.createDirectories(root.resolve("boot/slipway"));
    Random random = new Random(seed);
    Files.write(boot.resolve("initrd"), initrd(random));
    Files.write(boot.resolve("vmlinuz"), TestKernel.of(KERNEL_VERSION, random));
    Path init = Files.createDirectories(root.resolve("sbin")).resolve("init");
    Files.write(init, elfHeader());
    Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new TinyImage(root);
  }

  private static byte[] initrd(Random random) {
    byte[] anything = new byte[BOOT_FILE_SIZE * 9 / 10];
    random.nextBytes(anything);
    return new TestInitrd()
        .drivers(KERNEL_VERSION, "ext4", "xfs", "virtio_pci", "virtio_blk")
        .with("anything", anything)
        .gzipped(BOOT_FILE_SIZE);
  }

  /** Adds a file of so many random bytes. */
  public TinyImage with(String path, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Files.createDirectories(root.resolve(path).getParent());
    Files.write(root.resolve(path), content);
    return this;
  }

  /** Adds a text file. */
  public TinyImage withText(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
    return this;
  }

  /** Adds what a package manager says about a Debian and its file system programs. */
  public TinyImage debian(String release, String e2fsprogs, String xfsprogs) throws IOException {
    withText("etc/os-release", "ID=debian\nVERSION_ID=\"" + release + "\"\n");
    return withText(
        "var/lib/dpkg/status",
        """
        Package: e2fsprogs
        Status: install ok installed
        Version: %s

        Package: xfsprogs
        Status: install ok installed
        Version: %s
        """
            .formatted(e2fsprogs, xfsprogs));
  }

  /** Adds an installed kernel with modules, which boots unless the initrd is kept. */
  public TinyImage withKernel(String version) throws IOException {
    return withText("boot/vmlinuz-" + version, "")
        .withText("lib/modules/" + version + "/modules.dep", "");
  }

  /** The directory that it is made in. */
  Path root() {
    return root;
  }

  /** By which the commands know it. */
  public String reference() {
    return "rootfs:" + root;
  }

  /** Of a program for x86-64 without an interpreter (elf(5)). */
  private static byte[] elfHeader() {
    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    return header.putInt(0, 0x464c457f).putShort(18, (short) 62).array();
  }
}
