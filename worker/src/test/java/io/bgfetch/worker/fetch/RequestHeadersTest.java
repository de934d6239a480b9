package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.url.WebUrl;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestHeadersTest {

  private static Map<String, String> sent(String method, Map<String, String> own, boolean body) {
    Hop hop = new Hop(WebUrl.parse("http://a.example/"), method, own, body, 0);
    return RequestHeaders.of(hop, "bgfetch/1.2");
  }

  @Test
  void nameUsAndTheCodingsThatAreDecoded() {
    assertThat(sent("GET", Map.of("x-own", "1"), false))
        .containsOnly(
            Map.entry("accept", "*/*"),
            Map.entry("accept-encoding", "gzip, deflate, br, zstd"),
            Map.entry("user-agent", "bgfetch/1.2"),
            Map.entry("x-own", "1"));
  }

  @Test
  void leaveTheClientsOwnAsTheyAre() {
    Map<String, String> own =
        Map.of("accept", "text/html", "accept-encoding", "br", "user-agent", "mine/1");

    assertThat(sent("GET", own, false)).isEqualTo(own);
  }

  @Test
  void askForNoCodingOfARange() {
    assertThat(sent("GET", Map.of("range", "bytes=5-"), false))
        .containsEntry("accept-encoding", "identity");
  }

  @Test
  void sayThatABodyIsEmptyWhereOneIsExpected() {
    assertThat(sent("POST", Map.of(), false)).containsEntry("content-length", "0");
    assertThat(sent("PUT", Map.of(), false)).containsEntry("content-length", "0");
    assertThat(sent("POST", Map.of(), true)).doesNotContainKey("content-length");
    assertThat(sent("DELETE", Map.of(), false)).doesNotContainKey("content-length");
  }

  @Test
  void areInNoTextThatMayBeShown() {
    Hop hop =
        new Hop(WebUrl.parse("http://a.example/"), "GET", Map.of("cookie", "pl4nt3d"), false, 0);
    Call call = new Call(null, hop.url(), "GET", hop.headers(), null, 1, false);

    assertThat(hop + " " + call).contains("http://a.example/").doesNotContain("pl4nt3d");
  }
}
