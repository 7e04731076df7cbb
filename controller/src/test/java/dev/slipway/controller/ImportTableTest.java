package dev.slipway.controller;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may know whom in the controller. A row names a package and what it may use; what stands
 * further down is built on what stands further up, never the other way round.
 */
class ImportTableTest {
  private static final String BASE = "dev.slipway.controller.";
  private static final String SLOTS = "dev.slipway.";

  /**
   * Package of the controller -> packages of the controller, and of the module slots, that it may
   * use.
   */
  private static final Map<String, Row> TABLE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("source", row(Set.of(), Set.of("linux", "json", "tree", "image", "http"))),
              Map.entry(
                  "osimage",
                  row(
                      Set.of("source", "spelling"),
                      Set.of("linux", "json", "tree", "image", "boot"))),
              Map.entry(
                  "survey",
                  row(Set.of("osimage"), Set.of("linux", "tree", "image", "boot", "filesystem"))),
              Map.entry("spelling", row(Set.of(), Set.of())),
              Map.entry("progress", row(Set.of(), Set.of("json", "tree", "image"))),
              Map.entry("targetdisk", row(Set.of(), Set.of("linux", "filesystem", "disk"))),
              Map.entry(
                  "goldendisk",
                  row(
                      Set.of("survey", "osimage", "source", "progress", "targetdisk", "spelling"),
                      Set.of(
                          "linux",
                          "json",
                          "tree",
                          "image",
                          "filesystem",
                          "disk",
                          "boot",
                          "release"))),
              Map.entry("database", row(Set.of(), Set.of("linux"))),
              Map.entry("identity", row(Set.of("database"), Set.of("linux"))),
              Map.entry(
                  "registry",
                  row(
                      Set.of("osimage", "source", "progress", "database", "identity"),
                      Set.of("linux", "json", "tree", "image", "boot", "release"))),
              Map.entry(
                  "fleet",
                  row(
                      Set.of("registry", "database", "identity"),
                      Set.of("linux", "json", "tree", "image", "release"))),
              Map.entry(
                  "web",
                  row(
                      Set.of("fleet", "registry", "identity"),
                      Set.of("linux", "json", "tree", "image", "release"))),
              Map.entry(
                  "server",
                  row(
                      Set.of("web", "fleet", "registry", "database", "identity"),
                      Set.of("linux", "json", "tree", "image", "release")))));

  private static final JavaClasses CONTROLLER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.slipway.controller");

  private record Row(Set<String> controller, Set<String> slots) {}

  private static Row row(Set<String> controller, Set<String> slots) {
    return new Row(controller, slots);
  }

  static Stream<String> packages() {
    return TABLE.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageUsesOnlyWhatItsRowNames(String name) {
    Row row = TABLE.get(name);
    String[] allowed =
        Stream.concat(
                Stream.of(BASE + name + ".."),
                Stream.concat(
                    row.controller().stream().map(other -> BASE + other + ".."),
                    row.slots().stream().map(other -> SLOTS + other + "..")))
            .toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(BASE + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed).or(not(resideInAPackage("dev.slipway.."))))
        .allowEmptyShould(true)
        .check(CONTROLLER);
  }

  @Test
  void everyPackageButTheCommandsHasARow() {
    Set<String> packages =
        CONTROLLER.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.substring(BASE.length()).replaceFirst("\\..*", ""))
            .collect(Collectors.toSet());

    assertThat(packages).isNotEmpty();
    packages.remove("cli");
    assertThat(TABLE.keySet()).containsAll(packages);
  }

  @Test
  void noPackageIsADrawerForOddThings() {
    assertThat(CONTROLLER.stream().map(JavaClass::getPackageName))
        .noneMatch(
            name -> name.matches(".*\\.(util|utils|common|helper|helpers|impl|manager)(\\..*)?"));
  }
}
