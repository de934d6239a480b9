package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.config.Settings;
import io.bgfetch.fetch.Icon;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadCheckTest {

  private final HeadCheck check =
      new HeadCheck(RegisteringLimits.from(Settings.of(Map.of(), new Properties())));

  private RegistrationHead checked(String json) {
    return check.check(new JsonObject(json), false);
  }

  private ProblemException refused(JsonObject json) {
    return catchThrowableOfType(ProblemException.class, () -> check.check(json, false));
  }

  @Test
  void hasDefaultsForEverythingButTheId() {
    RegistrationHead head = checked("{\"id\":\"a\"}");

    assertThat(head)
        .isEqualTo(
            new RegistrationHead(
                "a",
                null,
                "",
                java.util.List.of(),
                0,
                RetryPolicy.DEFAULT,
                Timeouts.DEFAULT,
                86_400));
  }

  @Test
  void readsAllOptions() {
    RegistrationHead head =
        checked(
            """
            {"id": "a", "base": "https://example.com",
             "options": {"title": "t", "icons": [{"src": "/i", "sizes": "1x1"}],
                         "downloadTotal": 9007199254740991,
                         "retry": {"limit": 2, "statuses": [429, 503, 429], "unsafe": true},
                         "timeouts": {"connect": "500ms", "total": "1h"},
                         "retentionSeconds": 60}}
            """);

    assertThat(head.base().href()).isEqualTo("https://example.com/");
    assertThat(head.icons()).containsExactly(new Icon("/i", "1x1", null, null));
    assertThat(head.downloadTotal()).isEqualTo(9007199254740991L);
    assertThat(head.retry()).isEqualTo(new RetryPolicy(2, Set.of(429, 503), true));
    assertThat(head.timeouts().connect()).isEqualTo(Duration.ofMillis(500));
    assertThat(head.timeouts().idle()).isEqualTo(Timeouts.DEFAULT.idle());
    assertThat(head.timeouts().total()).isEqualTo(Duration.ofHours(1));
    assertThat(head.retentionSeconds()).isEqualTo(60);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                            | id: is missing
          {"id": 7}                                                     | id: is not a string
          {"id": ""}                                                    | id: has 0 characters
          {"id": "a\\u0000"}                                            | id: has U+0000
          {"id": "a\\ud800"}                                            | id: has U+0000 or half
          {"id": "a", "requests": []}                                   | requests: there is no such member
          {"id": "a", "base": "nowhere"}                                | base:
          {"id": "a", "base": "http://u@a.example/"}                    | base: has a user or a password
          {"id": "a", "base": "http://:p@a.example/"}                   | base: has a user or a password
          {"id": "a", "options": []}                                    | options: is not an object
          {"id": "a", "options": {"titel": ""}}                         | options.titel: there is no such member
          {"id": "a", "options": {"title": 1}}                          | options.title: is not a string
          {"id": "a", "options": {"icons": {}}}                         | options.icons: is not a list
          {"id": "a", "options": {"icons": [1]}}                        | options.icons: is not a list of objects
          {"id": "a", "options": {"icons": [{}]}}                       | options.icons[0].src: is missing
          {"id": "a", "options": {"downloadTotal": -1}}                 | options.downloadTotal: is not a whole number
          {"id": "a", "options": {"downloadTotal": 1.5}}                | options.downloadTotal: is not a whole number
          {"id": "a", "options": {"downloadTotal": 9007199254740992}}   | options.downloadTotal: is not a whole number
          {"id": "a", "options": {"downloadTotal": "1"}}                | options.downloadTotal: is not a whole number
          {"id": "a", "options": {"retry": {"limit": 0}}}               | options.retry.limit: is not a whole number
          {"id": "a", "options": {"retry": {"statuses": [200]}}}        | options.retry.statuses: is not a list
          {"id": "a", "options": {"retry": {"unsafe": "yes"}}}          | options.retry.unsafe: is not true or false
          {"id": "a", "options": {"timeouts": {"idle": 5}}}             | options.timeouts.idle: is not a string
          {"id": "a", "options": {"timeouts": {"idle": "5 s"}}}         | options.timeouts.idle: is not a duration
          {"id": "a", "options": {"timeouts": {"total": "7h"}}}         | options.timeouts.total: is more than
          {"id": "a", "options": {"retentionSeconds": -1}}              | options.retentionSeconds: is not a whole number
          """)
  void refusesAndNamesTheMember(String json, String detail) {
    ProblemException refused = refused(new JsonObject(json));

    assertThat(refused.problem().detail()).startsWith(detail);
    assertThat(refused.problem().status()).isEqualTo(400);
    assertThat(refused.problem().name()).isEqualTo("TypeError");
  }

  @Test
  void countsCodePointsOfAnId() {
    assertThat(checked(new JsonObject().put("id", "😀".repeat(1024)).encode()).id()).hasSize(2048);
    assertThat(refused(new JsonObject().put("id", "😀".repeat(1025))).problem().status())
        .isEqualTo(400);
  }

  @Test
  void findsTitlesAndIconsTooLarge() {
    assertThat(status(new JsonObject().put("title", "t".repeat(1025)))).isEqualTo(413);
    assertThat(status(new JsonObject().put("icons", icons(17, "s")))).isEqualTo(413);
    assertThat(status(new JsonObject().put("icons", icons(1, "s".repeat(4097))))).isEqualTo(413);
  }

  private int status(JsonObject options) {
    return refused(new JsonObject().put("id", "a").put("options", options)).problem().status();
  }

  private static JsonArray icons(int count, String src) {
    JsonArray icons = new JsonArray();
    for (int i = 0; i < count; i++) {
      icons.add(new JsonObject().put("src", src));
    }
    return icons;
  }
}
