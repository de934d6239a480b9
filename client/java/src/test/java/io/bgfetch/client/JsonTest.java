package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"a\":[1,-2,9007199254740991,99999999999999999999999],\"b\":{\"c\":null}}",
        "{\"a\":[true,false,1.5,0.1],\"\":\"\u00fc\uD83D\uDE00 \\\"\\\\\\n\"}"
      })
  void writesWhatItRead(String json) throws IOException {
    assertThat(Json.text(Json.parse(json))).isEqualTo(json);
    assertThat(Json.parse(Json.bytes(Json.parse(json)))).isEqualTo(Json.parse(json));
  }

  @ParameterizedTest
  @ValueSource(
      chars = {'\u007f', '\u0080', '\u009b', '\u2028', '\u202e', '\u2066', '\u2069', '\uD83D'})
  void escapesWhatTerminalsObey(char c) {
    String json = "{\"a%sb\":\"%s\"}".formatted(c, c);

    String text = Json.text(Json.parse(json));

    assertThat(text).isEqualTo("{\"a\\u%1$04xb\":\"\\u%1$04x\"}".formatted((int) c));
    assertThat(Json.parse(text)).isEqualTo(Json.parse(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "[1", "{\"a\"}", "nul", "{}{}", "{'a':1}"})
  void refusesWhatIsNotJson(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not JSON: ");
    assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusesWhatIsTooDeep() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
