package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may know whom in this module; imports run one way. */
class ImportTableTest {
  private static final String BASE = "dev.slipway.";
  private static final String JNA = "com.sun.jna";
  private static final Set<String> EMPTY_NAMES =
      Set.of("util", "utils", "helper", "helpers", "manager", "impl", "common");

  /** Package -> packages of this module that it may use. */
  private static final Map<String, Set<String>> TABLE =
      new TreeMap<>(
          Map.of(
              "linux", Set.of(),
              "http", Set.of(),
              "json", Set.of(),
              "tree", Set.of("linux"),
              "image", Set.of("tree", "json", "linux"),
              "filesystem", Set.of("linux"),
              "disk", Set.of("linux"),
              "boot", Set.of("disk", "json", "linux"),
              "release", Set.of("tree", "image", "json", "linux")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.slipway");

  @Test
  void packagesUseOnlyWhatTheTableAllows() {
    Set<String> forbidden = new TreeSet<>();
    for (JavaClass user : CLASSES) {
      for (JavaClass used : usedBy(user)) {
        boolean ours = used.getPackageName().startsWith(BASE);
        if (ours && !part(user).equals(part(used)) && !TABLE.get(part(user)).contains(part(used))) {
          forbidden.add(part(user) + " uses " + part(used) + ": " + user.getSimpleName());
        }
      }
    }
    assertThat(forbidden).isEmpty();
  }

  @Test
  void everyPackageIsInTheTable() {
    assertThat(CLASSES).hasSizeGreaterThan(30);
    assertThat(CLASSES).extracting(ImportTableTest::part).isSubsetOf(TABLE.keySet());
  }

  @Test
  void onlyThePackageLinuxMakesSystemCalls() {
    assertThat(CLASSES.stream().filter(user -> usesJna(user)).map(ImportTableTest::part).distinct())
        .containsExactly("linux");
  }

  @Test
  void packagesAreNamedByWhatTheyAreAbout() {
    assertThat(CLASSES)
        .allSatisfy(
            found ->
                assertThat(List.of(found.getPackageName().split("\\.")))
                    .doesNotContainAnyElementsOf(EMPTY_NAMES));
  }

  private static boolean usesJna(JavaClass user) {
    return usedBy(user).stream().anyMatch(used -> used.getPackageName().startsWith(JNA));
  }

  private static List<JavaClass> usedBy(JavaClass user) {
    return user.getDirectDependenciesFromSelf().stream()
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .toList();
  }

  /** {@code tree} for a class of dev.slipway.tree. */
  private static String part(JavaClass found) {
    return found.getPackageName().substring(BASE.length()).split("\\.", 2)[0];
  }
}
