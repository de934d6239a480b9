package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchRequestTest {
  @Test
  void gathersTheValuesOfOneHeader() {
    FetchRequest request =
        FetchRequest.of("/a").withHeader("A", "1").withHeader("A", "2").withHeader("A", "3");

    assertThat(request.json())
        .hasToString("{\"url\":\"/a\",\"headers\":{\"A\":[\"1\",\"2\",\"3\"]}}");
  }

  @Test
  void hasOneBodyAtMost() {
    assertThat(FetchRequest.of("/a").withBody(new byte[1]).withBody("text").json())
        .hasToString("{\"url\":\"/a\",\"body\":\"text\"}");
    assertThat(FetchRequest.of("/a").withBody("text").withBody(new byte[1]).json())
        .hasToString("{\"url\":\"/a\",\"bodyBase64\":\"AA==\"}");
  }

  @Test
  void staysAsItIsWhenAnotherIsMadeOfIt() {
    FetchRequest request = FetchRequest.of("/a").withHeader("A", "1");
    FetchRequest other = request.withMethod("PUT").withHeader("B", "2").withBody("text");

    assertThat(request.json()).hasToString("{\"url\":\"/a\",\"headers\":{\"A\":\"1\"}}");
    assertThat(other).hasToString("PUT /a");
  }

  @Test
  void takesWhatTheApiTakes() {
    assertThat(FetchRequest.ofJson(" {\"url\":\"/a\",\"new\":1} ").json())
        .hasToString("{\"url\":\"/a\",\"new\":1}");
    assertThat(FetchRequest.ofJson("\"/a\"").json()).hasToString("{\"url\":\"/a\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "1", "null", "[]", "{} {}", "{\"a\":1}x"})
  void takesNothingElse(String json) {
    assertThatThrownBy(() -> FetchRequest.ofJson(json))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
