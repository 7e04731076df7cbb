package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of label selectors, on one host. */
class SelectorTest {
  private static final Map<String, String> LABELS =
      Map.of("rack", "r1", "env", "prod", "example.org/role", "db", "empty", "");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          all                               | true
          rack=r1                           | true
          rack==r1                          | true
          rack = r1                         | true
          rack=r2                           | false
          rack!=r2                          | true
          rack!=r1                          | false
          nothing!=here                     | true
          rack=r1,env=prod                  | true
          rack=r1,env=test                  | false
          rack in (r1,r2)                   | true
          rack in (r2, r3)                  | false
          rack in (r2, r1),env notin (test) | true
          nothing in (a)                    | false
          nothing notin (a)                 | true
          env notin (prod)                  | false
          rack                              | true
          nothing                           | false
          !nothing                          | true
          !rack                             | false
          example.org/role=db               | true
          empty=                            | true
          rack=                             | false
          """)
  void aSelectorChoosesByLabels(String selector, boolean matches) {
    assertThat(Selector.parse(selector).matches(LABELS)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "rack=r1,",
        "=r1",
        "rack=r1 env=prod",
        "rack in r1",
        "rack in (r1",
        "a b",
        "fact:memory.gib>8",
        "rack=ä",
        "!!rack",
        "rack in (r 1)"
      })
  void whatIsNoneIsRefusedWithTheTermAndTheGrammar(String selector) {
    assertThatThrownBy(() -> Selector.parse(selector))
        .isInstanceOf(FleetRefused.class)
        .hasMessageContaining("is not understood")
        .hasMessageContaining("key in (a,b)");
  }
}
