package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderCheckTest {

  private static Map<String, String> checked(String name, Object value) {
    JsonObject headers = new JsonObject().put(name, value);
    return new HeaderCheck(1_000)
        .check(new Members(new JsonObject().put("headers", headers), "", Set.of("headers")));
  }

  private static String refusal(String name, Object value) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> checked(name, value));
    assertThat(refused.problem().name()).isEqualTo("TypeError");
    return String.valueOf(refused.problem().detail());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Range"
      })
  void refusesWhatBelongsToTheConnectionInAnyCase(String name) {
    for (String written :
        new String[] {name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT)}) {
      assertThat(refusal(written, "x")).contains("belongs to the connection");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "ä", "a\n", "(a)"})
  void refusesNamesThatAreNoTokens(String name) {
    assertThat(refusal(name, "x")).contains("a name is not valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\u0000b", "a\u0001b", "a\u007Fb", "\u0100"})
  void refusesValuesThatCannotBeSent(String value) {
    assertThat(refusal("a", value)).contains("the value of a is not valid");
  }

  @Test
  void takesTheOthersAndTheirValuesWithoutWhiteSpaceAtTheEnds() {
    assertThat(checked("User-Agent", " me/1 \t\r\n")).isEqualTo(Map.of("user-agent", "me/1"));
    assertThat(checked("X", "\u00ff")).isEqualTo(Map.of("x", "\u00ff"));
  }
}
