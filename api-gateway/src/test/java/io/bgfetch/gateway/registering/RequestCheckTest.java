package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.gateway.problem.ProblemException;
import io.bgfetch.url.WebUrl;
import io.vertx.core.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCheckTest {

  private static final WebUrl BASE = WebUrl.parse("https://example.com/a/b");

  private final RequestCheck check = TestSealing.checks().request();

  private FetchRequest checked(String json) {
    return check.check(Json.decodeValue(json), BASE).request();
  }

  private ProblemException refused(String json) {
    return catchThrowableOfType(
        ProblemException.class, () -> check.check(Json.decodeValue(json), BASE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "/x"                          | https://example.com/x
          "c?d#e"                       | https://example.com/a/c?d#e
          "HTTP://EXAMPLE.org:80/ä"     | http://example.org/%C3%A4
          {"url":"//other.example"}     | https://other.example/
          """)
  void serializesUrls(String json, String url) {
    assertThat(checked(json).url()).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"url":"/","method":"get"}                                  | GET
          {"url":"/","method":"patch"}                                | patch
          {"url":"/","method":"oPtIoNs"}                              | OPTIONS
          """)
  void normalizesMethodsAsFetchDoes(String json, String method) {
    assertThat(checked(json).method()).isEqualTo(method);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          5                                                    | is not a URL or an object
          null                                                 | is not a URL or an object
          {}                                                   | url: is missing
          {"url":5}                                            | url: is not a string
          "http://"                                            | url:
          "ftp://example.com/"                                 | url: is not http or https
          "file:///etc/passwd"                                 | url: is not http or https
          "http://u@example.com/"                              | url: has a user or a password
          "http://example.com:25/"                             | url: port 25 is not allowed
          {"url":"/","method":"TRACE"}                         | method: TRACE is not allowed
          {"url":"/","method":"TRACK"}                         | method: TRACK is not allowed
          {"url":"/","method":"connect"}                       | method: CONNECT is not allowed
          {"url":"/","method":"a b"}                           | method: is not a method
          {"url":"/","method":""}                              | method: is not a method
          {"url":"/","body":"x"}                               | body: a GET has none
          {"url":"/","method":"head","bodyBase64":"AA=="}      | body: a HEAD has none
          {"url":"/","method":"PUT","body":"x","bodyBase64":""}| body: stands beside bodyBase64
          {"url":"/","method":"PUT","bodyBase64":"%"}          | bodyBase64: is not base64
          {"url":"/","method":"PUT","body":7}                  | body: is not a string
          {"url":"/","mode":"no-cors"}                         | mode: is not one of
          {"url":"/","mode":"navigate"}                        | mode: is not one of
          {"url":"/","mode":"websocket"}                       | mode: is not one of
          {"url":"/","mode":5}                                 | mode: is not a string
          {"url":"/","credentials":"all"}                      | credentials: is not one of
          {"url":"/","cache":5}                                | cache: is not a string
          {"url":"/","referrer":5}                             | referrer: is not a string
          {"url":"/","method":"PUT","bodyPart":"a"}            | bodyPart: there are no parts
          {"url":"/","redirect":"maybe"}                       | redirect: is not one of
          {"url":"/","integrity":1}                            | integrity: is not a string
          {"url":"/","keepalive":true}                         | keepalive: there is no such member
          {"url":"/","headers":[]}                             | headers: is not an object
          {"url":"/","headers":{"a b":"c"}}                    | headers: a name is not valid
          {"url":"/","headers":{"a":"b\\u0000"}}               | headers: the value of a is not valid
          {"url":"/","headers":{"a":"b\\nc"}}                  | headers: the value of a is not valid
          {"url":"/","headers":{"a":"\\u0100"}}                | headers: the value of a is not valid
          {"url":"/","headers":{"a":1}}                        | headers: a is not a string or a list of strings
          {"url":"/","headers":{"Host":"x"}}                   | headers: host belongs to the connection
          {"url":"/","headers":{"content-LENGTH":"1"}}         | headers: content-length belongs to the connection
          {"url":"/","headers":{"Range":"bytes=0-"}}           | headers: range belongs to the connection
          """)
  void refusesAndNamesTheMember(String json, String detail) {
    assertThat(refused(json).problem().detail()).startsWith(detail);
    assertThat(refused(json).problem().name()).isEqualTo("TypeError");
  }

  @Test
  void refusesARelativeUrlWithoutABase() {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> check.check("/x", null));

    assertThat(refused.problem().detail()).startsWith("url:");
  }

  @Test
  void refusesAUrlThatIsTooLong() {
    String url = "https://example.com/" + "a".repeat(16 * 1024);

    assertThat(refused(Json.encode(url)).problem().detail()).contains("longer than 16384");
  }

  @Test
  void refusesAUrlThatBecomesTooLong() {
    String url = "https://example.com/" + "ä".repeat(4 * 1024);

    assertThat(refused(Json.encode(url)).problem().detail()).contains("longer than 16384");
  }

  @Test
  void findsHeadersTooLarge() {
    String json = "{\"url\":\"/\",\"headers\":{\"a\":\"" + "b".repeat(65 * 1024) + "\"}}";

    assertThat(refused(json).problem().status()).isEqualTo(413);
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
  void refusesHeadersOfTheConnection(String name) {
    String json = "{\"url\":\"/\",\"headers\":{\"" + name + "\":\"x\"}}";

    assertThat(refused(json).problem().detail()).endsWith("belongs to the connection");
  }

  @Test
  void findsIntegrityTooLong() {
    String json = "{\"url\":\"/\",\"integrity\":\"" + "i".repeat(65 * 1024) + "\"}";

    assertThat(refused(json).problem().status()).isEqualTo(413);
  }

  @Test
  void findsBodiesTooLong() {
    RequestCheck small = TestSealing.checks(Map.of("BGFETCH_LIMIT_REQUEST_BODY", "3")).request();
    String json = "{\"url\":\"/\",\"method\":\"PUT\",\"body\":\"1234\"}";

    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class, () -> small.check(Json.decodeValue(json), BASE));

    assertThat(refused.problem().status()).isEqualTo(413);
  }

  @Test
  void sealsHeadersThatCarrySecrets() throws Exception {
    FetchRequest request =
        checked(
            """
            {"url":"/","headers":{"AUTHORIZATION":"s_1","Cookie":["s_2","s_3"],
             "proxy-authorization":"s_4","X-Api-Key":"s_5","X-Token":"s_6","x-a":"b"}}
            """);

    assertThat(request.headers()).isEqualTo(Map.of("x-a", "b"));
    assertThat(request.sealedHeaders())
        .containsOnlyKeys("authorization", "cookie", "proxy-authorization", "x-api-key", "x-token");
    assertThat(TestSealing.SEAL.open("cookie", request.sealedHeaders().get("cookie")))
        .isEqualTo("s_2, s_3");
    assertThat(request.toString()).doesNotContain("s_1", "s_2", "s_3", "s_4", "s_5", "s_6");
  }

  @Test
  void takesAHeaderWithoutValuesForNone() {
    assertThat(checked("{\"url\":\"/\",\"headers\":{\"a\":[]}}").headers()).isEmpty();
  }

  @Test
  void replacesHalfASurrogatePairOfAUrl() {
    assertThat(checked("\"/\\ud800x\"").url()).isEqualTo("https://example.com/%EF%BF%BDx");
  }

  @Test
  void joinsHeadersUnderLowerCaseNames() {
    FetchRequest request =
        checked("{\"url\":\"/\",\"headers\":{\"X-A\":[\" 1 \",\"2\\t\"],\"x-b\":\" c d \"}}");

    assertThat(request.headers()).isEqualTo(Map.of("x-a", "1, 2", "x-b", "c d"));
  }

  @Test
  void takesBodiesAsTextOrBase64() {
    assertThat(body(checked("{\"url\":\"/\",\"method\":\"POST\",\"body\":\"ä\"}")))
        .containsExactly(0xC3, 0xA4);
    assertThat(body(checked("{\"url\":\"/\",\"method\":\"PUT\",\"bodyBase64\":\"AAEC\"}")))
        .containsExactly(0, 1, 2);
  }

  private static byte[] body(FetchRequest request) {
    return ((StoredBody.Inline) request.body()).bytes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"follow", "error", "manual"})
  void keepsTheRedirectMode(String mode) {
    FetchRequest request = checked("{\"url\":\"/\",\"redirect\":\"" + mode + "\"}");

    assertThat(request.redirect()).isEqualTo(RedirectMode.ofWireName(mode).orElseThrow());
  }

  @Test
  void acceptsWhatHasNoEffect() {
    FetchRequest request =
        checked(
            """
            {"url":"/","mode":"cors","credentials":"include","cache":"no-store","referrer":"x"}
            """);

    assertThat(request).isEqualTo(FetchRequest.get("https://example.com/"));
  }
}
