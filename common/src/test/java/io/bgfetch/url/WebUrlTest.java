package io.bgfetch.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebUrlTest {

  @Test
  void knowsItsParts() {
    WebUrl url = WebUrl.parse("HTTPS://me:secret@Example.COM:8443/a/./b c?x=1&y='#top");

    assertThat(url.href()).isEqualTo("https://me:secret@example.com:8443/a/b%20c?x=1&y=%27#top");
    assertThat(url.scheme()).isEqualTo("https");
    assertThat(url.username()).isEqualTo("me");
    assertThat(url.password()).isEqualTo("secret");
    assertThat(url.host()).isEqualTo("example.com");
    assertThat(url.port()).hasValue(8443);
    assertThat(url.path()).isEqualTo("/a/b%20c");
    assertThat(url.query()).hasValue("x=1&y=%27");
    assertThat(url.fragment()).hasValue("top");
    assertThat(url.origin()).isEqualTo("https://example.com:8443");
    assertThat(url.requestTarget()).isEqualTo("/a/b%20c?x=1&y=%27");
  }

  @Test
  void hasNothingWhereNothingWasGiven() {
    WebUrl url = WebUrl.parse("http://h");

    assertThat(url.hasCredentials()).isFalse();
    assertThat(url.username()).isEmpty();
    assertThat(url.password()).isEmpty();
    assertThat(url.port()).isEmpty();
    assertThat(url.path()).isEqualTo("/");
    assertThat(url.query()).isEmpty();
    assertThat(url.fragment()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/, true, false",
    "https://h/, true, true",
    "ftp://h/, false, false",
    "ws://h/, false, false",
    "httpx://h/, false, false"
  })
  void tellsHttpFromOtherSchemes(String text, boolean http, boolean https) {
    WebUrl url = WebUrl.parse(text);

    assertThat(url.isHttp()).isEqualTo(http);
    assertThat(url.isHttps()).isEqualTo(https);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://u@h/", "http://u:@h/", "http://:p@h/", "http://u:p@h/"})
  void seesCredentials(String text) {
    assertThat(WebUrl.parse(text).hasCredentials()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://@h/", "http://:@h/", "http://h/u:p@x", "mailto:u@h"})
  void seesNoCredentialsWhereThereAreNone(String text) {
    assertThat(WebUrl.parse(text).hasCredentials()).isFalse();
  }

  @Nested
  class Ports {

    @ParameterizedTest
    @CsvSource({
      "http://h/, 80",
      "https://h/, 443",
      "http://h:80/, 80",
      "https://h:80/, 80",
      "http://h:0/, 0",
      "http://h:65535/, 65535"
    })
    void effectivePortFillsInTheDefault(String text, int port) {
      assertThat(WebUrl.parse(text).effectivePort()).isEqualTo(port);
    }

    @Test
    void aDefaultPortIsNotShown() {
      assertThat(WebUrl.parse("https://h:443/")).isEqualTo(WebUrl.parse("https://h/"));
      assertThat(WebUrl.parse("https://h:443/").port()).isEmpty();
      assertThat(WebUrl.parse("http://h:443/").port()).hasValue(443);
    }

    @Test
    void aSchemeWithoutPortsHasNone() {
      assertThatIllegalStateException().isThrownBy(() -> WebUrl.parse("foo://h/").effectivePort());
    }

    @ParameterizedTest
    @CsvSource({
      "http://Example.com/a, example.com:80",
      "https://example.com:80/b, example.com:80",
      "https://[2001:DB8:0::1]/, [2001:db8::1]:443",
      "http://0x7f.1:8080/, 127.0.0.1:8080"
    })
    void authorityIsHostAndPortWhateverTheScheme(String text, String authority) {
      assertThat(WebUrl.parse(text).authority()).isEqualTo(authority);
    }
  }

  @Nested
  class Comparing {

    @Test
    void isBySerialization() {
      WebUrl url = WebUrl.parse("http://h/a?q");

      assertThat(WebUrl.parse("HTTP://H:80/./a?q")).isEqualTo(url).hasSameHashCodeAs(url);
      assertThat(WebUrl.parse("http://h/a?q#")).isNotEqualTo(url);
    }

    @Test
    void anEmptyQueryIsNotAMissingOne() {
      WebUrl with = WebUrl.parse("http://h/u?#f");
      WebUrl without = WebUrl.parse("http://h/u#f");

      assertThat(with.query()).hasValue("");
      assertThat(without.query()).isEmpty();
      assertThat(with.hrefWithoutFragment()).isEqualTo("http://h/u?");
      assertThat(without.hrefWithoutFragment()).isEqualTo("http://h/u");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h/u", "http://h/u?", "http://h/u?a=1", "http://h/u?a#b?c"})
    void withoutQueryAndFragmentTheseAreOne(String text) {
      WebUrl url = WebUrl.parse(text);

      assertThat(url.hrefWithoutQueryAndFragment()).isEqualTo("http://h/u");
      assertThat(url.urlKey()).isEqualTo(WebUrl.parse("http://h/u").urlKey());
    }

    /** The first 16 digits of what {@code printf https://example.com/ | sha256sum} prints. */
    @Test
    void theStoredKeyNeverChanges() {
      assertThat(WebUrl.parse("https://example.com/?q#f").urlKey()).isEqualTo(0x0f115db062b7c0ddL);
    }
  }

  @Nested
  class Resolving {

    private final WebUrl base = WebUrl.parse("https://user@example.com:8443/dir/page?q#f");

    @ParameterizedTest
    @CsvSource({
      "/ep-5.mp3, https://user@example.com:8443/ep-5.mp3",
      "ep-5.jpg, https://user@example.com:8443/dir/ep-5.jpg",
      "../x, https://user@example.com:8443/x",
      "?r, https://user@example.com:8443/dir/page?r",
      "#g, https://user@example.com:8443/dir/page?q#g",
      "'', https://user@example.com:8443/dir/page?q",
      "//other/x, https://other/x",
      "\\\\other\\x, https://other/x",
      "http://other/x, http://other/x"
    })
    void takesFromTheBaseWhatIsMissing(String relative, String href) {
      assertThat(WebUrl.parse(relative, base).href()).isEqualTo(href);
    }

    @Test
    void aRelativeTextNeedsABase() {
      assertThatExceptionOfType(WebUrlException.class)
          .isThrownBy(() -> WebUrl.parse("/ep-5.mp3"))
          .withMessageContaining("no base");
    }
  }

  @Nested
  class Refusing {

    @ParameterizedTest
    @CsvSource({
      "http://, it has no host",
      "http://u@/, it has no host",
      "http://:80/, it has no host",
      "http://h:8x/, the port is not a number",
      "http://h:65536/, the port is above 65535",
      "http://a b/, the host has a ' ' in it",
      "http://a%00b/, the host has a control character in it",
      "http://1.2.3.256/, the host ends in a number but is no IPv4 address",
      "http://[::1/, the IPv6 address has no closing bracket",
      "http://[::g]/, the IPv6 address is malformed",
      "http://xn--a/, the host is no valid international domain name",
      "http://%C2%AD/, the host name is empty"
    })
    void saysWhy(String text, String reason) {
      assertThatExceptionOfType(WebUrlException.class)
          .isThrownBy(() -> WebUrl.parse(text))
          .withMessage(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u65e5", "\u3316"}) // the second becomes six characters
    void anInternationalNameBeyondAllLengthsOfDns(String character) {
      assertThatExceptionOfType(WebUrlException.class)
          .isThrownBy(() -> WebUrl.parse("http://" + character.repeat(1001) + "/"));
      assertThat(WebUrl.parse("http://" + character.repeat(100) + "/").host()).startsWith("xn--");
    }

    @Test
    void aLabelThatGrowsBeyondWhatPunycodeTakes() {
      assertThatExceptionOfType(WebUrlException.class)
          .isThrownBy(() -> WebUrl.parse("http://" + "\u3316".repeat(900) + "/"))
          .withMessage("the host is no valid international domain name");
    }
  }

  @Nested
  class TextBeyondAscii {

    @Test
    void goesIntoTheUrlAsUtf8() {
      assertThat(WebUrl.parse("http://b\u00fccher.example/\u00e9?\u20ac#\ud83d\ude00").href())
          .isEqualTo("http://xn--bcher-kva.example/%C3%A9?%E2%82%AC#%F0%9F%98%80");
    }

    @Test
    void aLoneSurrogateBecomesTheReplacementCharacter() {
      assertThat(WebUrl.parse("http://h/\ud83d?\ude00").href())
          .isEqualTo("http://h/%EF%BF%BD?%EF%BF%BD");
    }
  }

  /** Each of these takes milliseconds; in a parser that is quadratic anywhere, many minutes. */
  @ParameterizedTest
  @MethodSource("hugeTexts")
  @Timeout(60)
  void takesHugeTextsInLinearTime(String text) {
    WebUrl base = WebUrl.parse("http://base/");

    assertThat(endsEitherWay(text, base)).isTrue();
  }

  private static boolean endsEitherWay(String text, WebUrl base) {
    try {
      return !WebUrl.parse(text, base).href().isEmpty();
    } catch (WebUrlException e) {
      return true;
    }
  }

  static Stream<String> hugeTexts() {
    int million = 1_000_000;
    return Stream.of(
        "http://h/" + "../a/".repeat(million),
        "http://h/" + "a/".repeat(million) + "../".repeat(million),
        "http://" + "@".repeat(million) + "h/",
        "http://" + ":".repeat(million),
        "http://" + "a.".repeat(million),
        "http://" + "1.".repeat(million),
        "http://" + "\u00e9".repeat(million),
        "http://[" + ":".repeat(million) + "]",
        "http://h:" + "0".repeat(million) + "80/",
        "foo:" + " ".repeat(million) + "?",
        "foo:/" + "/".repeat(million),
        "file:" + "/".repeat(million),
        "\t".repeat(million) + "x" + "\n".repeat(million) + "y");
  }
}
