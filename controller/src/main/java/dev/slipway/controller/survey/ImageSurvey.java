package dev.slipway.controller.survey;

import dev.slipway.boot.KernelImage;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.controller.osimage.BootParts;
import dev.slipway.controller.osimage.SshServer;
import dev.slipway.controller.osimage.TreeView;
import dev.slipway.image.Image;
import dev.slipway.image.Layer;
import dev.slipway.image.LayeredTree;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an image holds.
 *
 * @param bytes the room that its files take, without the holes that the image says they have; what
 *     is stored as zeros counts, though it becomes a hole when it is written. What a file system
 *     needs for itself comes on top
 * @param bootParts what it holds of what it takes to boot; empty when nobody has looked
 * @param broughtKernel the version of the kernel that lies at the name that GRUB loads
 * @param system which distribution it is
 * @param packages of those that have to do with file systems
 * @param noSshServer what to install so that it takes SSH keys, as a sentence; empty when it does,
 *     or nobody has looked
 */
public record ImageSurvey(
    long bytes,
    Optional<BootParts> bootParts,
    Optional<String> broughtKernel,
    OsRelease system,
    InstalledPackages packages,
    Optional<String> noSshServer) {
  /** Both file systems give out space in blocks of 4096 bytes. */
  private static final long BLOCK = 4096;

  private static final ImageSurvey UNKNOWN =
      new ImageSurvey(
          0,
          Optional.empty(),
          Optional.empty(),
          OsRelease.UNKNOWN,
          InstalledPackages.UNKNOWN,
          Optional.empty());

  private static final int LONGEST_TEXT = 64 << 10;
  private static final Set<String> PACKAGES = Set.of("xfsprogs", "e2fsprogs");

  /** Where Alpine has the version of a kernel that it calls by a flavour. */
  private static final String KERNEL_RELEASE = "/kernel.release";

  private static final List<String> OS_RELEASE = List.of("etc/os-release", "usr/lib/os-release");

  /**
   * What is kept of a file.
   *
   * @param isFile whether it is a regular one
   * @param text of one that is short, or the start of a kernel; its bytes as ISO 8859-1
   * @param packages what a package manager's database says
   * @param badInitrd a sentence about an initrd that cannot be read to its end
   */
  private record Piece(
      long blocks,
      boolean isFile,
      String text,
      Optional<InstalledPackages> packages,
      Optional<String> badInitrd) {
    static Piece file(long blocks) {
      return file(blocks, "");
    }

    static Piece file(long blocks, String text) {
      return new Piece(blocks, true, text, Optional.empty(), Optional.empty());
    }

    static Piece other(long blocks) {
      return new Piece(blocks, false, "", Optional.empty(), Optional.empty());
    }
  }

  /**
   * What is known of an image before it is unpacked. Of one that comes over a network it is
   * nothing, or all of it would be fetched twice, unless there is no other way to its size.
   *
   * @param sized whether the room that it takes is needed
   */
  public static ImageSurvey beforehand(Image image, boolean sized) {
    return image.isRemote() && !sized ? UNKNOWN : of(image);
  }

  /**
   * Versions of the complete kernels, as uname -r says them, the newest last; none when nobody has
   * looked.
   */
  public List<String> installedKernels() {
    return bootParts.map(BootParts::kernels).orElse(List.of());
  }

  /** Reads the whole image. */
  public static ImageSurvey of(Image image) {
    LayeredTree<Piece> tree = new LayeredTree<>(Piece.other(1));
    for (Layer layer : image.layers()) {
      tree.nextLayer();
      try (EntryStream entries = layer.open()) {
        for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
          tree.see(next.get(), piece(next.get(), entries));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + image.reference(), e);
      }
    }
    return new ImageSurvey(
        tree.all().stream().mapToLong(Piece::blocks).sum() * BLOCK,
        Optional.of(
            BootParts.in(
                new Layers(tree), tree.at(SlotBootFiles.INITRD).flatMap(Piece::badInitrd))),
        broughtKernel(tree),
        system(tree),
        packages(tree),
        SshServer.missingIn(new Layers(tree)));
  }

  private static Piece piece(Entry entry, EntryStream entries) throws IOException {
    if (!(entry instanceof Entry.RegularFile)) {
      return Piece.other(entry instanceof Entry.Directory ? 1 : 0);
    }
    long blocks = (entries.allocated() + BLOCK - 1) / BLOCK;
    InputStream content = entries.content();
    String path = entry.path().toString();
    if (OS_RELEASE.contains(path) || path.endsWith(KERNEL_RELEASE)) {
      return Piece.file(blocks, text(content, LONGEST_TEXT));
    }
    if (("/" + path).equals(SlotBootFiles.KERNEL)) {
      return Piece.file(blocks, text(content, KernelImage.SETUP));
    }
    if (("/" + path).equals(SlotBootFiles.INITRD)) {
      return new Piece(blocks, true, "", Optional.empty(), BootParts.faultOfInitrd(content));
    }
    return switch (path) {
      case "var/lib/dpkg/status" -> database(blocks, PackageDatabase.DPKG, content);
      case "lib/apk/db/installed", "usr/lib/apk/db/installed" ->
          database(blocks, PackageDatabase.APK, content);
      case "var/lib/rpm/Packages",
          "var/lib/rpm/Packages.db",
          "var/lib/rpm/rpmdb.sqlite",
          "usr/lib/sysimage/rpm/Packages",
          "usr/lib/sysimage/rpm/Packages.db",
          "usr/lib/sysimage/rpm/rpmdb.sqlite" ->
          database(blocks, PackageDatabase.RPM, content);
      default ->
          // One file a package, in images without a package manager of their own.
          path.startsWith("var/lib/dpkg/status.d/")
              ? database(blocks, PackageDatabase.DPKG, content)
              : Piece.file(blocks);
    };
  }

  private static Piece database(long blocks, PackageDatabase kind, InputStream content)
      throws IOException {
    return new Piece(blocks, true, "", Optional.of(kind.read(content, PACKAGES)), Optional.empty());
  }

  private static String text(InputStream content, int most) throws IOException {
    return new String(content.readNBytes(most), StandardCharsets.ISO_8859_1);
  }

  /** What is kept of the layers' files; of few their text. */
  private record Layers(LayeredTree<Piece> tree) implements TreeView {
    @Override
    public List<String> names(String directory) {
      return tree.names(directory);
    }

    @Override
    public boolean isFile(String path) {
      return tree.at(path).filter(Piece::isFile).isPresent();
    }

    @Override
    public Optional<String> read(String path) {
      return tree.at(path).map(Piece::text).filter(text -> !text.isEmpty());
    }
  }

  private static Optional<String> broughtKernel(LayeredTree<Piece> tree) {
    return tree.at(SlotBootFiles.KERNEL)
        .flatMap(
            kernel -> {
              try {
                byte[] start = kernel.text().getBytes(StandardCharsets.ISO_8859_1);
                return Optional.of(KernelImage.of(start, SlotBootFiles.KERNEL).version());
              } catch (OperatorError e) {
                // Whoever wants to boot it refuses it; to look at the rest it need not be whole.
                return Optional.empty();
              }
            });
  }

  private static OsRelease system(LayeredTree<Piece> tree) {
    return OS_RELEASE.stream()
        .flatMap(path -> tree.at(path).stream())
        .filter(file -> !file.text().isEmpty())
        .findFirst()
        .map(file -> OsRelease.parse(file.text()))
        .orElse(OsRelease.UNKNOWN);
  }

  private static InstalledPackages packages(LayeredTree<Piece> tree) {
    List<InstalledPackages> databases =
        tree.all().stream().flatMap(piece -> piece.packages().stream()).toList();
    if (databases.isEmpty()) {
      return InstalledPackages.UNKNOWN;
    }
    Map<String, String> versions = new HashMap<>();
    databases.forEach(database -> versions.putAll(database.versions()));
    return new InstalledPackages(
        databases.stream().allMatch(InstalledPackages::complete), versions);
  }
}
