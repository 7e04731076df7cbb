package dev.slipway.agent;

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

/** Who may know whom in the agent; imports run one way. The module slots is open to all. */
class ImportTableTest {
  private static final String BASE = "dev.slipway.agent.";
  private static final String JNA = "com.sun.jna";
  private static final Set<String> EMPTY_NAMES =
      Set.of("util", "utils", "helper", "helpers", "manager", "impl", "common");

  /** Package -> packages of the agent that it may use. */
  private static final Map<String, Set<String>> TABLE =
      new TreeMap<>(
          Map.of(
              "slots", Set.of(),
              "switching", Set.of("slots"),
              "flash", Set.of("slots", "switching"),
              "health", Set.of("slots", "switching"),
              "link", Set.of("switching"),
              "cli", Set.of("slots", "switching", "flash", "health", "link")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.slipway.agent");

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
  void theAgentMakesNoSystemCallsOfItsOwn() {
    assertThat(CLASSES)
        .allSatisfy(
            user ->
                assertThat(usedBy(user)).noneMatch(used -> used.getPackageName().startsWith(JNA)));
  }

  @Test
  void packagesAreNamedByWhatTheyAreAbout() {
    assertThat(CLASSES)
        .allSatisfy(
            found ->
                assertThat(List.of(found.getPackageName().split("\\.")))
                    .doesNotContainAnyElementsOf(EMPTY_NAMES));
  }

  private static List<JavaClass> usedBy(JavaClass user) {
    return user.getDirectDependenciesFromSelf().stream()
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .toList();
  }

  /** {@code link} for a class of dev.slipway.agent.link. */
  private static String part(JavaClass found) {
    return found.getPackageName().substring(BASE.length()).split("\\.", 2)[0];
  }
}
