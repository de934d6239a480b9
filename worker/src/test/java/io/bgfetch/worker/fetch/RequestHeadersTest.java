package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.url.WebUrl;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestHeadersTest {

  private static Map<String, String> sent(Map<String, String> own) {
    return RequestHeaders.of(
        new Hop(WebUrl.parse("http://a.example/"), "GET", own, false, 0), "bgfetch/1");
  }

  @Test
  void areTheClientsOwnWhereItHasSome() {
    Map<String, String> own =
        Map.of("user-agent", "me", "accept-encoding", "br;q=0.5", "accept", "a/b", "x-own", "y");

    assertThat(sent(own)).containsExactlyInAnyOrderEntriesOf(own);
  }

  @Test
  void nameUsWhereTheClientSaysNothing() {
    assertThat(sent(Map.of())).containsEntry("user-agent", "bgfetch/1").doesNotContainKey("cookie");
  }
}
