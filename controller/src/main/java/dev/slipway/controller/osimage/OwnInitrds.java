package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The initrds that an image has in its /boot. None of them is booted, for each slot gets one of its
 * own; what is wrong with them is told because whoever made them wonders why they did not boot
 * elsewhere.
 */
final class OwnInitrds {
  /** As Debian, the Red Hat family and SUSE name them. */
  private static final Pattern NAME =
      Pattern.compile("initrd\\.img-(.+)|initramfs-(.+)\\.img|initrd-(.+)");

  /** Before the flavour of the kernel, such as lts. */
  private static final String ALPINE = "initramfs-";

  private final OsTree tree;

  OwnInitrds(OsTree tree) {
    this.tree = tree;
  }

  /**
   * What is wrong with them, a sentence each.
   *
   * @param needed drivers without which a slot does not find its root
   */
  List<String> faults(List<String> needed) {
    List<String> versions =
        InstalledKernel.all(tree).stream().map(InstalledKernel::version).toList();
    List<String> faults = new ArrayList<>();
    for (String name : tree.names("/boot")) {
      Optional<String> version = version(name).filter(found -> tree.isFile("/boot/" + name));
      if (version.isEmpty()) {
        continue;
      }
      if (versions.contains(version.get())) {
        fault(name, version.get(), needed).ifPresent(faults::add);
      } else {
        faults.add(
            "/boot/"
                + name
                + " is for a kernel that the image does not have. dracut without --kver looks at"
                + " the kernel that runs on the machine where the image is built; Slipway names"
                + " the slot's.");
      }
    }
    return faults;
  }

  private Optional<String> version(String name) {
    Matcher form = NAME.matcher(name);
    if (!form.matches()) {
      return Optional.of(name)
          .filter(other -> other.startsWith(ALPINE))
          .flatMap(other -> InstalledKernel.ofFlavour(tree, other.substring(ALPINE.length())));
    }
    return Optional.ofNullable(form.group(1))
        .or(() -> Optional.ofNullable(form.group(2)))
        .or(() -> Optional.ofNullable(form.group(3)));
  }

  private Optional<String> fault(String name, String version, List<String> needed) {
    KernelModules modules = new KernelModules(tree, new InstalledKernel(version, ""));
    try {
      InitrdContents contents =
          InitrdContents.of(
              new ByteArrayInputStream(tree.readBytes("/boot/" + name).orElse(new byte[0])));
      List<String> missing =
          needed.stream()
              .filter(modules::isLoadable)
              .filter(driver -> !contents.modules().contains(driver.replace('-', '_')))
              .toList();
      return missing.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "/boot/"
                  + name
                  + " has no driver "
                  + String.join(", ", missing)
                  + ", so a machine that needs it would not find its root. Slipway makes another"
                  + " initrd, for any machine.");
    } catch (OperatorError e) {
      return Optional.of("/boot/" + name + " cannot be read. " + e.getMessage());
    }
  }
}
