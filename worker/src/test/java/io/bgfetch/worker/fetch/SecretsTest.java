package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.testkit.Origin;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

  private static final String TOKEN = "Bearer pl4nt3d-t0k3n";

  @TempDir Path directory;
  private Origin origin;
  private FetchUnderTest worker;

  @BeforeEach
  void start() {
    origin = Origin.start();
    worker = new FetchUnderTest(directory, Map.of());
  }

  @AfterEach
  void stop() {
    worker.close();
    origin.close();
  }

  private static FetchRequest get(String url, FetchUnderTest.Sealed secret) {
    Map<String, SealedHeader> headers = Map.of(secret.name(), secret.header());
    return new FetchRequest(
        url, "GET", Map.of("x-plain", "p"), headers, null, RedirectMode.FOLLOW, null);
  }

  private String seenAt(String uri, String header) {
    return origin.heads().stream()
        .filter(h -> h.uri().equals(uri))
        .findFirst()
        .orElseThrow()
        .headers()
        .get(header);
  }

  @Test
  void arriveOpenAtTheOriginAndNowhereElse() {
    FetchRequest request = get(origin.url("/bytes/100"), worker.sealed("authorization", TOKEN));

    Settled settled = worker.settled(request);

    assertThat(seenAt("/bytes/100", "authorization")).isEqualTo(TOKEN);
    assertThat(seenAt("/bytes/100", "x-plain")).isEqualTo("p");
    assertThat(settled.toString() + worker.told() + request).doesNotContain("pl4nt3d");
  }

  @Test
  void areDroppedWhenARedirectChangesTheOrigin() {
    try (Origin other = Origin.start()) {
      String target = other.url("/bytes/1");
      worker.settled(
          get(origin.url("/redirect-to?url=" + target), worker.sealed("cookie", "a=pl4nt3d")));

      assertThat(seenAt("/redirect-to?url=" + target, "cookie")).isEqualTo("a=pl4nt3d");
      assertThat(other.heads().getFirst().headers().get("cookie")).isNull();
      assertThat(other.heads().getFirst().headers().get("x-plain")).isEqualTo("p");
    }
  }

  @Test
  void sealedWithAnotherKeyEndTheRecordUnsent() {
    FetchUnderTest.Sealed foreign =
        new FetchUnderTest.Sealed("authorization", new SealedHeader("AAAA", "AAAA"));

    Settled settled = worker.settled(get(origin.url("/bytes/100"), foreign));

    assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
    assertThat(settled.error()).isEqualTo("the header authorization was sealed with another key");
    assertThat(origin.requests()).isZero();
  }

  @Test
  void thatCannotBeSentAreNotRepeatedInTheError() {
    Settled settled =
        worker.settled(
            get(origin.url("/bytes/1"), worker.sealed("authorization", "pl4nt3d\r\nx: y")));

    assertThat(settled.error()).isEqualTo("the header authorization cannot be sent");
    assertThat(origin.requests()).isZero();
  }

  @Test
  void ofOriginsAreNotKept() {
    origin.on(
        "/cookie",
        request -> request.response().putHeader("Set-Cookie", "session=pl4nt3d; Path=/").end());

    Settled settled = worker.settled(FetchRequest.get(origin.url("/cookie")));
    worker.settled(FetchRequest.get(origin.url("/bytes/3")));

    assertThat(settled.response().headers()).doesNotContainKey("set-cookie");
    assertThat(origin.heads().getLast().headers().contains("cookie")).isFalse();
  }
}
