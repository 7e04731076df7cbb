package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** {@code docs/openapi.yaml} names what the server has, no more and no less. */
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete");
  private static Map<String, Object> document;

  @BeforeAll
  static void read() throws IOException {
    try (Reader text = Files.newBufferedReader(java.nio.file.Path.of("../docs/openapi.yaml"))) {
      document = new Yaml().load(text);
    }
  }

  @Test
  void everyAddressOfEveryResourceIsThereWithItsMethods() {
    var documented = new TreeSet<String>();
    map(document, "paths")
        .forEach(
            (path, item) ->
                ((Map<?, ?>) item)
                    .keySet().stream()
                        .map(Object::toString)
                        .filter(METHODS::contains)
                        .forEach(method -> documented.add(method + " " + path)));
    assertThat(documented).isEqualTo(served());
  }

  @Test
  void schemasHaveTheFieldsOfTheRecords() {
    Map<String, Class<?>> records =
        Map.ofEntries(
            Map.entry("SyncRequest", SyncRequest.class),
            Map.entry("SyncSlot", SyncRequest.Slot.class),
            Map.entry("SyncProblem", SyncRequest.Problem.class),
            Map.entry("SyncCheck", SyncRequest.Check.class),
            Map.entry("SyncAnswer", SyncAnswer.class),
            Map.entry("RolloutRequest", RolloutRequest.class),
            Map.entry("Rollout", RolloutView.class),
            Map.entry("Wave", RolloutView.WaveView.class),
            Map.entry("Member", RolloutView.MemberView.class),
            Map.entry("Host", HostView.class),
            Map.entry("Slot", HostView.SlotView.class),
            Map.entry("Problem", FleetRefused.Problem.class),
            Map.entry("Reason", RolloutsResource.Order.class));
    Map<String, Object> schemas = map(map(document, "components"), "schemas");
    records.forEach(
        (name, type) ->
            assertThat(map(map(schemas, name), "properties").keySet())
                .as(name)
                .containsExactlyElementsOf(
                    Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList()));
  }

  private static Set<String> served() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.slipway.controller")
            .stream()
            .map(JavaClass::reflect)
            .filter(type -> type.isAnnotationPresent(Path.class))
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .flatMap(method -> verbs(method).stream().map(verb -> verb + " " + address(method)))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> verbs(Method method) {
    return Arrays.stream(method.getAnnotations())
        .map(Annotation::annotationType)
        .filter(type -> type.isAnnotationPresent(HttpMethod.class))
        .map(type -> type.getAnnotation(HttpMethod.class).value().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private static String address(Method method) {
    String base = method.getDeclaringClass().getAnnotation(Path.class).value();
    Path own = method.getAnnotation(Path.class);
    String address = own == null ? base : (base + "/" + own.value()).replaceAll("/+", "/");
    return address.replaceAll("\\{(\\w+): [^}]+}", "{$1}");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Map<String, Object> parent, String key) {
    assertThat(parent).containsKey(key);
    return (Map<String, Object>) parent.get(key);
  }
}
