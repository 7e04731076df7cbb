package dev.slipway.controller.osimage;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a kernel has as loadable modules and what is part of it, by the modules.dep and
 * modules.builtin that its package brings (Linux Documentation/kbuild/kbuild.rst).
 */
final class KernelModules {
  private final Map<String, String> loadable;
  private final Set<String> builtIn;

  KernelModules(OsTree tree, InstalledKernel kernel) {
    // Lines such as "kernel/fs/xfs/xfs.ko.xz: kernel/lib/libcrc32c.ko.xz".
    this.loadable =
        lines(tree, kernel, "modules.dep")
            .map(line -> line.replaceFirst(":.*", ""))
            .collect(
                Collectors.toUnmodifiableMap(
                    KernelModules::nameOf, path -> path, (first, second) -> first));
    this.builtIn =
        lines(tree, kernel, "modules.builtin")
            .map(KernelModules::nameOf)
            .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<String> lines(OsTree tree, InstalledKernel kernel, String file) {
    return tree.read(kernel.modules() + "/" + file).orElse("").lines();
  }

  /**
   * The module's name for the path of its file: hyphens count as underscores, as modprobe has it.
   */
  static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1)
        .replaceFirst("\\.ko(\\.gz|\\.xz|\\.zst)?$", "")
        .replace('-', '_');
  }

  boolean isLoadable(String driver) {
    return path(driver).isPresent();
  }

  /** The file of a loadable one, below the directory of the kernel's modules. */
  Optional<String> path(String driver) {
    return Optional.ofNullable(loadable.get(driver.replace('-', '_')));
  }

  /** Whether it is known what is part of the kernel: the tree has its modules.builtin. */
  boolean knowsBuiltIn() {
    return !builtIn.isEmpty();
  }

  boolean isBuiltIn(String driver) {
    return builtIn.contains(driver.replace('-', '_'));
  }
}
