package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.url.WebUrl;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectRulesTest {

  private static final Map<String, String> HEADERS =
      Map.of(
          "authorization", "secret",
          "cookie", "secret",
          "proxy-authorization", "secret",
          "content-type", "text/plain",
          "content-language", "en",
          "x-own", "kept");

  private static Hop hop(String method) {
    return new Hop(WebUrl.parse("http://a.example/dir/page"), method, HEADERS, true, 0);
  }

  private static Redirect follow(Hop from, int status, String location) {
    return RedirectRules.of(RedirectMode.FOLLOW, from, status, location);
  }

  private static Hop followed(String method, int status, String location) {
    return ((Redirect.To) follow(hop(method), status, location)).hop();
  }

  @Test
  void resolvesTheLocationAgainstTheUrlBefore() {
    assertThat(followed("GET", 302, "../other?q").url().href())
        .isEqualTo("http://a.example/other?q");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 300, 304, 305, 306, 404})
  void takesOtherStatusesForAnAnswer(int status) {
    assertThat(follow(hop("GET"), status, "/x")).isInstanceOf(Redirect.None.class);
  }

  @Test
  void takesARedirectWithoutLocationForAnAnswer() {
    assertThat(follow(hop("GET"), 302, null)).isInstanceOf(Redirect.None.class);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, 301, GET", "POST, 302, GET", "POST, 303, GET", "POST, 307, POST", "POST, 308, POST",
    "PUT, 301, PUT", "PUT, 302, PUT", "PUT, 303, GET", "HEAD, 303, HEAD", "GET, 303, GET"
  })
  void changesTheMethodAsBrowsersDo(String method, int status, String then) {
    Hop next = followed(method, status, "/x");

    boolean bodyGoes = method.equals(then);
    assertThat(next.method()).isEqualTo(then);
    assertThat(next.withBody()).isEqualTo(bodyGoes);
    assertThat(next.headers().containsKey("content-type")).isEqualTo(bodyGoes);
    assertThat(next.headers().containsKey("content-language")).isEqualTo(bodyGoes);
    assertThat(next.headers()).containsEntry("x-own", "kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://b.example/", "https://a.example/", "http://a.example:81/"})
  void dropsSecretsWhenTheOriginChanges(String location) {
    assertThat(followed("GET", 302, location).headers())
        .doesNotContainKeys("authorization", "cookie", "proxy-authorization")
        .containsKeys("x-own");
  }

  @Test
  void keepsSecretsWithinTheOrigin() {
    assertThat(followed("GET", 302, "/x").headers())
        .containsKeys("authorization", "cookie", "proxy-authorization");
  }

  @Nested
  class Refuses {

    @ParameterizedTest
    @CsvSource({
      "ftp://a.example/, scheme ftp",
      "data:text/plain;x, scheme data",
      "http://a.example:25/, port 25",
      "http://u:p@a.example/, password",
      "http://[/, no URL"
    })
    void whatCouldNotHaveBeenAskedFor(String location, String reason) {
      assertThat(follow(hop("GET"), 302, location))
          .isInstanceOfSatisfying(
              Redirect.Refused.class, refused -> assertThat(refused.reason()).contains(reason));
    }

    @Test
    void theTwentyFirst() {
      Hop tired = new Hop(WebUrl.parse("http://a.example/"), "GET", Map.of(), false, 19);
      Hop last = ((Redirect.To) follow(tired, 302, "/x")).hop();

      assertThat(follow(last, 302, "/y")).isInstanceOf(Redirect.Refused.class);
    }

    @Test
    void anyRedirectWhereTheRequestSaysSo() {
      assertThat(RedirectRules.of(RedirectMode.ERROR, hop("GET"), 302, "/x"))
          .isInstanceOf(Redirect.Refused.class);
    }
  }

  @Test
  void leavesItToTheClientWhereTheRequestSaysSo() {
    assertThat(RedirectRules.of(RedirectMode.MANUAL, hop("GET"), 302, "/x"))
        .isInstanceOf(Redirect.None.class);
  }
}
