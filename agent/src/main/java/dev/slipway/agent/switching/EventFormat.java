package dev.slipway.agent.switching;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Events as JSON objects: {@code event} names the record, its components follow under their own
 * names. Taken from the records themselves, so that an event has one definition.
 */
final class EventFormat {
  private EventFormat() {}

  static JsonObject write(Event event) {
    JsonObject object = JsonObject.EMPTY.with("event", name(event.getClass()));
    for (RecordComponent component : event.getClass().getRecordComponents()) {
      object = object.with(component.getName(), toJson(valueOf(component, event)));
    }
    return object;
  }

  /** The event; empty when it is of a kind that this agent does not know. */
  static Optional<Event> read(JsonObject object) {
    String name = object.string("event");
    return kinds().stream()
        .filter(kind -> name(kind).equals(name))
        .findFirst()
        .map(kind -> make(kind, object));
  }

  private static List<Class<?>> kinds() {
    List<Class<?>> kinds = new ArrayList<>(Arrays.asList(Event.class.getPermittedSubclasses()));
    kinds.remove(Event.Ending.class);
    kinds.addAll(Arrays.asList(Event.Ending.class.getPermittedSubclasses()));
    return kinds;
  }

  /** SwitchOrdered is written switch-ordered. */
  private static String name(Class<?> kind) {
    return kind.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Json toJson(Object value) {
    if (value instanceof Boolean bool) {
      return new Json.Bool(bool);
    }
    if (value instanceof List<?> list) {
      return new Json.Array(list.stream().map(EventFormat::toJson).toList());
    }
    if (value instanceof HostStatus.Check check) {
      return JsonObject.EMPTY
          .with("name", check.name())
          .with("outcome", check.outcome())
          .with("reason", check.reason());
    }
    return new Json.Text(value.toString());
  }

  private static Event make(Class<?> kind, JsonObject object) {
    RecordComponent[] components = kind.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components).map(component -> fromJson(component, object)).toArray();
    try {
      return (Event) kind.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(kind + " cannot be made", e);
    }
  }

  private static Object fromJson(RecordComponent component, JsonObject object) {
    String key = component.getName();
    Class<?> type = component.getType();
    if (type == boolean.class) {
      return object.bool(key);
    }
    if (type.isEnum()) {
      return constant(type, object.string(key));
    }
    if (type == List.class) {
      return key.equals("checks")
          ? object.objects(key).stream().map(EventFormat::check).toList()
          : object.strings(key);
    }
    return object.string(key);
  }

  private static HostStatus.Check check(JsonObject object) {
    return new HostStatus.Check(
        object.string("name"), object.string("outcome"), object.string("reason"));
  }

  private static Object constant(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new JsonException(name + " is no " + type.getSimpleName()));
  }

  private static Object valueOf(RecordComponent component, Event event) {
    try {
      return component.getAccessor().invoke(event);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
