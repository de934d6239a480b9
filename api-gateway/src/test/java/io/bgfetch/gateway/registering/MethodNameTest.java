package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodNameTest {

  private static Members named(JsonObject request) {
    return new Members(request, "", Set.of("method"));
  }

  private static Members named(String method) {
    return named(new JsonObject().put("method", method));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "TRACE", "TRACK", "connect", "Trace", "track", "a b", "", "ä"})
  void refusesWhatFetchForbidsAndWhatIsNoToken(String method) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> MethodName.normalized(named(method)));

    assertThat(refused.problem().name()).isEqualTo("TypeError");
    assertThat(refused.problem().detail()).startsWith("method: ");
  }

  @ParameterizedTest
  @CsvSource({
    "get, GET",
    "delete, DELETE",
    "Head, HEAD",
    "options, OPTIONS",
    "post, POST",
    "pUt, PUT",
    "patch, patch",
    "PATCH, PATCH",
    "chicken, chicken"
  })
  void isInCapitalsWhereFetchNormalizesIt(String given, String method) {
    assertThat(MethodName.normalized(named(given))).isEqualTo(method);
  }

  @Test
  void isGetWhereNoneIsNamed() {
    assertThat(MethodName.normalized(named(new JsonObject()))).isEqualTo("GET");
  }
}
