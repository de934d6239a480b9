package io.bgfetch.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.config.Settings;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SealKey;
import io.bgfetch.url.WebUrl;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordQueryTest {

  private static final HeaderSeal SEAL =
      new HeaderSeal(
          SealKey.from(
              Settings.of(
                  Map.of("BGFETCH_SECRET_KEY", Base64.getEncoder().encodeToString(new byte[32])),
                  new Properties())),
          new SecureRandom());

  private static StoredRecord record(
      String url, String method, Map<String, String> headers, String vary) {
    RecordResponse response =
        vary == null ? null : new RecordResponse(url, false, 200, "OK", Map.of("vary", vary));
    return new StoredRecord(
        0, url, method, headers, Map.of(), 0, FetchResult.NONE, null, 1, 0, response, null, null);
  }

  private static StoredRecord record(String url, Map<String, SealedHeader> sealed, String vary) {
    RecordResponse response = new RecordResponse(url, false, 200, "OK", Map.of("vary", vary));
    return new StoredRecord(
        0, url, "GET", Map.of(), sealed, 0, FetchResult.NONE, null, 1, 0, response, null, null);
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
    assertThat(query(asked).matches(record(stored, "GET", Map.of(), null), SEAL)).isEqualTo(match);
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

    assertThat(query.matches(record(stored, "GET", Map.of(), null), SEAL)).isEqualTo(match);
  }

  @Test
  void findsOtherMethodsOnlyWhereTheMethodIsIgnored() {
    StoredRecord post = record("http://a/u", "POST", Map.of(), null);

    assertThat(query("http://a/u").matches(post, SEAL)).isFalse();
    assertThat(
            new RecordQuery(WebUrl.parse("http://a/u"), Map.of(), false, true, false)
                .matches(post, SEAL))
        .isTrue();
  }

  @Nested
  class WhenTheResponseVaries {

    private boolean matches(String vary, Map<String, String> stored, Map<String, String> asked) {
      RecordQuery query = new RecordQuery(WebUrl.parse("http://a/u"), asked, false, false, false);
      return query.matches(record("http://a/u", "GET", stored, vary), SEAL);
    }

    @Test
    void theNamedHeadersAreEqual() {
      assertThat(matches("Accept, X-A", Map.of("accept", "b"), Map.of("accept", "b"))).isTrue();
      assertThat(matches("Accept", Map.of("accept", "b"), Map.of("accept", "c"))).isFalse();
      assertThat(matches("Accept", Map.of("accept", "b"), Map.of())).isFalse();
      assertThat(matches("Accept", Map.of(), Map.of("accept", "b"))).isFalse();
      assertThat(matches("Accept", Map.of(), Map.of())).isTrue();
    }

    @Test
    void everyOneOfThemIs() {
      assertThat(matches("a,b", Map.of("a", "1", "b", "2"), Map.of("a", "1", "b", "2"))).isTrue();
      assertThat(matches("a,b", Map.of("a", "1", "b", "2"), Map.of("a", "1", "b", "3"))).isFalse();
      assertThat(matches("a,b", Map.of("a", "1", "b", "2"), Map.of("a", "1"))).isFalse();
    }

    @Test
    void aSecretOneIsComparedWithoutBeingKnown() {
      SealedHeader sealed = SEAL.seal("authorization", "Bearer x");
      StoredRecord record = record("http://a/u", Map.of("authorization", sealed), "Authorization");

      assertThat(query(Map.of("authorization", "Bearer x")).matches(record, SEAL)).isTrue();
      assertThat(query(Map.of("authorization", "Bearer y")).matches(record, SEAL)).isFalse();
      assertThat(query(Map.of()).matches(record, SEAL)).isFalse();
    }

    private RecordQuery query(Map<String, String> headers) {
      return new RecordQuery(WebUrl.parse("http://a/u"), headers, false, false, false);
    }

    @Test
    void butThereIsNoneYetItMatches() {
      assertThat(matches(null, Map.of("accept", "b"), Map.of())).isTrue();
    }

    @Test
    void anAsteriskNeverMatches() {
      assertThat(matches("Accept, *", Map.of(), Map.of())).isFalse();
    }

    @Test
    void itMayBeIgnored() {
      RecordQuery query = new RecordQuery(WebUrl.parse("http://a/u"), Map.of(), false, false, true);

      assertThat(query.matches(record("http://a/u", "GET", Map.of(), "*"), SEAL)).isTrue();
    }
  }
}
