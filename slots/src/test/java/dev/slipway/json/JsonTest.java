package dev.slipway.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"b\":1,\"a\":[true,false,null,\"x\\n\",-1.50,{}]}",
        "[]",
        "\"é\\\"\"",
        "12345678901234567890",
        "null"
      })
  void whatIsReadIsWrittenAgain(String text) {
    assertThat(Json.read(text).write()).isEqualTo(text);
    assertThat(Json.read(Json.read(text).writePretty())).isEqualTo(Json.read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[1,", "{\"a\":1,\"a\":2}", "{} {}", "nul", "{a:1}", "\"\u0001\""})
  void whatIsNoJsonIsRefused(String text) {
    assertThatThrownBy(() -> Json.read(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void aNumberThatNobodyCanHoldIsRefused() {
    assertThatThrownBy(() -> Json.read("[1e" + "1".repeat(30) + "]"))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("out of bounds");
  }

  @Test
  void onlyUtf8IsRead() {
    for (Charset other : List.of(StandardCharsets.UTF_16LE, Charset.forName("UTF-32BE"))) {
      assertThatThrownBy(() -> Json.read("{\"a\":1}".getBytes(other)))
          .as(other.name())
          .isInstanceOf(JsonException.class);
    }
    assertThatThrownBy(() -> Json.read(new byte[] {'"', (byte) 0xc3, '"'}))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void deepNestingIsRefusedAndDoesNotOverflow() {
    assertThatThrownBy(() -> Json.read("[".repeat(100_000))).isInstanceOf(JsonException.class);
  }

  @Test
  void membersAreReadByWhatTheyShouldBe() {
    JsonObject object =
        Json.readObject(
            "{\"s\":\"text\",\"n\":7,\"b\":true,\"l\":[\"x\"],\"o\":{\"k\":\"v\"},\"z\":null,\"f\":1.5}");

    assertThat(object.string("s")).isEqualTo("text");
    assertThat(object.integer("n")).isEqualTo(7);
    assertThat(object.bool("b")).isTrue();
    assertThat(object.strings("l")).containsExactly("x");
    assertThat(object.stringMap("o")).containsEntry("k", "v");
    assertThat(object.optionalString("z")).isEmpty();
    assertThat(object.objects("missing")).isEmpty();
    assertThatThrownBy(() -> object.string("n"))
        .isInstanceOf(JsonException.class)
        .hasMessage("\"n\" is not a string");
    assertThatThrownBy(() -> object.string("missing"))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("\"missing\" is missing");
    assertThatThrownBy(() -> object.integer("f"))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("whole number");
    assertThatThrownBy(() -> object.objects("l"))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("list of objects");
  }

  @Test
  void keysKeepTheirOrder() {
    JsonObject object =
        JsonObject.EMPTY
            .with("z", 1)
            .with("a", "x")
            .withStrings("l", List.of("y"))
            .withOptional("none", Optional.empty())
            .with("z", 2);

    assertThat(object.write()).isEqualTo("{\"z\":2,\"a\":\"x\",\"l\":[\"y\"]}");
  }
}
