package dev.slipway.controller.osimage;

import dev.slipway.linux.FileType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * So that no package starts a service while an image is built, its recipe puts a program that does
 * nothing in the place of the one that would: a link to /bin/true or a script that only ends. The
 * real one lies where dpkg-divert(1) has put it, or debootstrap, which appends REAL.
 */
final class ServiceStubs implements Check {
  private static final String DIVERSIONS = "/var/lib/dpkg/diversions";

  /** Instead of a package in diversions that an administrator made. */
  private static final String LOCAL = ":";

  /** Where dpkg-divert puts a file unless it is told otherwise, and debootstrap. */
  private static final List<String> SUFFIXES = List.of(".distrib", ".REAL");

  private static final long LARGEST_STUB = 4096;
  private static final Pattern ECHO = Pattern.compile("echo(\\s[^;|&$`]*(>&2)?)?");
  private static final Set<String> NOTHING = Set.of("", ":", "true", "exit", "exit 0", "exit 101");

  private static final List<Program> PROGRAMS =
      List.of(
          new Program("initctl", List.of("/sbin/", "/usr/sbin/"), Optional.empty()),
          new Program("start-stop-daemon", List.of("/sbin/", "/usr/sbin/"), Optional.of("dpkg")),
          new Program("invoke-rc.d", List.of("/usr/sbin/"), Optional.of("init-system-helpers")),
          new Program("systemctl", List.of("/bin/", "/usr/bin/"), Optional.of("systemd")));

  /**
   * What starts services.
   *
   * @param packageName to install again; empty: of no init of today
   */
  private record Program(String file, List<String> directories, Optional<String> packageName) {
    private Stream<String> paths() {
      return directories.stream().map(directory -> directory + file);
    }
  }

  @Override
  public String name() {
    return "service-stubs";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    for (Program program : PROGRAMS) {
      // One is enough: /sbin is mostly /usr/sbin.
      program
          .paths()
          .filter(path -> isStub(tree, path))
          .findFirst()
          .ifPresent(stub -> mend(tree, program, stub, changes));
    }
  }

  private static void mend(OsTree tree, Program program, String stub, ChangeLog changes) {
    Optional<String> original = original(tree, program, stub);
    if (original.isPresent()) {
      tree.move(original.get(), stub);
      changes.removed(original.get(), "it is back at " + stub);
      changes.changed(
          stub, "the real one instead of one that does nothing, so that services can be started");
    } else if (program.packageName().isEmpty()) {
      tree.delete(stub);
      changes.removed(stub, "it does nothing, and there is no init that it belongs to");
    } else {
      changes.noted(
          stub
              + " does nothing, which is for building a container and keeps services from being"
              + " started. Remove it and install "
              + program.packageName().get()
              + " in the image again.");
      return;
    }
    forgetDiversion(tree, program, changes);
  }

  private static Optional<String> original(OsTree tree, Program program, String stub) {
    return Stream.concat(
            diversions(tree).stream()
                .filter(diversion -> diversion.isOf(program))
                .map(Diversion::to),
            SUFFIXES.stream().map(suffix -> stub + suffix))
        .filter(path -> path.startsWith("/"))
        .filter(path -> tree.type(path).filter(FileType.REGULAR::equals).isPresent())
        .findFirst();
  }

  private static boolean isStub(OsTree tree, String path) {
    if (tree.linkTarget(path).filter(target -> target.matches("(.*/)?true")).isPresent()) {
      return true;
    }
    return tree.status(path)
            .filter(status -> status.type() == FileType.REGULAR && status.size() <= LARGEST_STUB)
            .isPresent()
        && tree.read(path).filter(ServiceStubs::doesNothing).isPresent();
  }

  private static boolean doesNothing(String script) {
    return script.startsWith("#!")
        && script
            .lines()
            .map(line -> line.strip().replaceFirst("^#.*", "").replaceFirst(";$", ""))
            .allMatch(line -> NOTHING.contains(line) || ECHO.matcher(line).matches());
  }

  /** Three lines each: the file, where it is instead, and for which package's sake. */
  private record Diversion(String from, String to, String owner) {
    boolean isOf(Program program) {
      return owner.equals(LOCAL) && program.paths().anyMatch(from::equals);
    }

    String lines() {
      return from + "\n" + to + "\n" + owner + "\n";
    }
  }

  private static List<Diversion> diversions(OsTree tree) {
    List<String> lines = tree.read(DIVERSIONS).orElse("").lines().toList();
    List<Diversion> diversions = new ArrayList<>();
    for (int i = 0; i + 2 < lines.size(); i += 3) {
      diversions.add(new Diversion(lines.get(i), lines.get(i + 1), lines.get(i + 2)));
    }
    return diversions;
  }

  private static void forgetDiversion(OsTree tree, Program program, ChangeLog changes) {
    List<Diversion> before = diversions(tree);
    List<Diversion> after = before.stream().filter(diversion -> !diversion.isOf(program)).toList();
    if (!after.equals(before)) {
      StringBuilder text = new StringBuilder();
      after.forEach(diversion -> text.append(diversion.lines()));
      changes.changed(
          tree.edit(DIVERSIONS, text.toString()),
          "upgrades put " + program.file() + " into its own place again");
    }
  }
}
