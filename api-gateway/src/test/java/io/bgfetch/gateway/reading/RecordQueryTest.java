package io.bgfetch.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.url.WebUrl;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordQueryTest {

  private static StoredRecord record(
      String url, String method, Map<String, String> headers, String vary) {
    RecordResponse response =
        vary == null ? null : new RecordResponse(url, false, 200, "OK", Map.of("vary", vary));
    return new StoredRecord(
        0, url, method, headers, 0, FetchResult.NONE, null, 1, 0, response, null, null);
  }

  private static RecordQuery query(String url) {
    return new RecordQuery(WebUrl.parse(url), Map.of(), false, false, false);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a/u,     http://a/u,     true",
    "http://a/u#x,   http://a/u#y,   true",
    "http://a/u,     http://a/u?,    false",
    "http://a/u?a=1, http://a/u?a=1, true",
    "http://a/u?a=1, http://a/u?a=2, false",
    "http://a/u,     http://a/v,     false",
    "http://a/u,     https://a/u,    false"
  })
  void comparesUrlsWithoutTheirFragments(String stored, String asked, boolean match) {
    assertThat(query(asked).matches(record(stored, "GET", Map.of(), null))).isEqualTo(match);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a/u,     http://a/u?,      true",
    "http://a/u?a=1, http://a/u,       true",
    "http://a/u?#x,  http://a/u?b=2#y, true",
    "http://a/u,     http://a/v,       false"
  })
  void ignoresTheSearchWhereAsked(String stored, String asked, boolean match) {
    RecordQuery query = new RecordQuery(WebUrl.parse(asked), Map.of(), true, false, false);

    assertThat(query.matches(record(stored, "GET", Map.of(), null))).isEqualTo(match);
  }

  @Test
  void findsOtherMethodsOnlyWhereTheMethodIsIgnored() {
    StoredRecord post = record("http://a/u", "POST", Map.of(), null);

    assertThat(query("http://a/u").matches(post)).isFalse();
    assertThat(
            new RecordQuery(WebUrl.parse("http://a/u"), Map.of(), false, true, false).matches(post))
        .isTrue();
  }

  @Nested
  class WhenTheResponseVaries {

    private boolean matches(String vary, Map<String, String> stored, Map<String, String> asked) {
      RecordQuery query = new RecordQuery(WebUrl.parse("http://a/u"), asked, false, false, false);
      return query.matches(record("http://a/u", "GET", stored, vary));
    }

    @Test
    void theNamedHeadersAreEqual() {
      assertThat(matches("Accept, X-A", Map.of("accept", "b"), Map.of("ACCEPT", " b "))).isTrue();
      assertThat(matches("Accept", Map.of("accept", "b"), Map.of("accept", "c"))).isFalse();
      assertThat(matches("Accept", Map.of("accept", "b"), Map.of())).isFalse();
      assertThat(matches("Accept", Map.of(), Map.of("accept", "b"))).isFalse();
      assertThat(matches("Accept", Map.of(), Map.of())).isTrue();
    }

    @Test
    void anAsteriskNeverMatches() {
      assertThat(matches("Accept, *", Map.of(), Map.of())).isFalse();
    }

    @Test
    void itMayBeIgnored() {
      RecordQuery query = new RecordQuery(WebUrl.parse("http://a/u"), Map.of(), false, false, true);

      assertThat(query.matches(record("http://a/u", "GET", Map.of(), "*"))).isTrue();
    }
  }
}
