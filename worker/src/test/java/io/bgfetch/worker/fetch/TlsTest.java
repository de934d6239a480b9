package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestAuthority;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  @TempDir static Path directory;
  private static TestAuthority authority;
  private static FetchUnderTest worker;

  @BeforeAll
  static void start() {
    authority = TestAuthority.shared();
    worker =
        new FetchUnderTest(
            directory.resolve("blobs"), Map.of("BGFETCH_EGRESS_CA", authority.pem()));
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  private static Settled get(SecureOrigin origin, String host) {
    return worker.settled(FetchRequest.get(origin.url(host)));
  }

  private static SecureOrigin http2() {
    return SecureOrigin.http2(authority.key("origin"));
  }

  @Test
  void speaksHttp2WhereItIsOffered() {
    try (SecureOrigin origin = http2()) {
      Settled settled = get(origin, "origin.test");

      assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(settled.response().statusText()).isEmpty();
      assertThat(origin.seen().getFirst().version()).isEqualTo(HttpVersion.HTTP_2);
    }
  }

  @Test
  void speaksHttp11ElseAndReusesConnections() {
    try (SecureOrigin origin = SecureOrigin.http11(authority.key("origin"))) {
      assertThat(get(origin, "origin.test").result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(get(origin, "origin.test").result()).isEqualTo(FetchResult.SUCCESS);

      assertThat(origin.seen()).allMatch(s -> s.version() == HttpVersion.HTTP_1_1);
      assertThat(origin.seen().get(0).connection()).isSameAs(origin.seen().get(1).connection());
    }
  }

  @Test
  void repeatsNothingOfAnOriginThatDoesNotSpeakIt() {
    try (Origin plain = Origin.start()) {
      Settled settled =
          worker.settled(FetchRequest.get(plain.url("/bytes/10").replace("http:", "https:")));

      assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
      assertThat(settled.error()).isEqualTo("TLS: the origin speaks something else");
    }
  }

  @Test
  void asksTheCheckedAddressUnderItsName() {
    try (SecureOrigin origin = http2()) {
      get(origin, "origin.test");

      assertThat(origin.seen().getFirst().serverName()).isEqualTo("origin.test");
      assertThat(origin.seen().getFirst().authority()).isEqualTo("origin.test:" + origin.port());
    }
  }

  @Test
  void sendsWhatIsNotSafeOnAConnectionOfItsOwn() {
    try (SecureOrigin origin = http2()) {
      FetchRequest post =
          FetchUnderTest.request(
              "POST", origin.url("origin.test"), Map.of(), new StoredBody.Inline("x".getBytes()));
      get(origin, "origin.test");
      worker.settled(post);
      worker.settled(post);
      get(origin, "origin.test");

      assertThat(origin.seen()).allMatch(s -> s.version() == HttpVersion.HTTP_2);
      assertThat(origin.seen().stream().map(SecureOrigin.Seen::connection).distinct()).hasSize(3);
      assertThat(origin.seen().get(3).connection()).isSameAs(origin.seen().get(0).connection());
    }
  }

  @Nested
  class ACertificate {

    @Test
    void thatNobodyTrustsEndsTheRecord() {
      try (SecureOrigin origin = http2();
          FetchUnderTest stranger = new FetchUnderTest(directory.resolve("other"), Map.of())) {
        Settled settled = stranger.settled(FetchRequest.get(origin.url("origin.test")));

        assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
        assertThat(settled.error()).isEqualTo("certificate: from no authority that is trusted");
        assertThat(origin.seen()).isEmpty();
      }
    }

    @Test
    void forAnotherHostEndsTheRecord() {
      try (SecureOrigin origin = http2()) {
        Settled settled = get(origin, "other.test");

        assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
        assertThat(settled.error()).startsWith("certificate: ").contains("other.test");
      }
    }

    @Test
    void thatHasExpiredEndsTheRecord() {
      try (SecureOrigin origin = SecureOrigin.http2(authority.key("expired"))) {
        Settled settled = get(origin, "origin.test");

        assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
        assertThat(settled.error()).isEqualTo("certificate: expired");
      }
    }

    @Test
    void isCheckedForWhatIsNotSafeToo() {
      try (SecureOrigin origin = http2()) {
        Settled settled =
            worker.settled(
                FetchUnderTest.request(
                    "POST",
                    origin.url("other.test"),
                    Map.of(),
                    new StoredBody.Inline("x".getBytes())));

        assertThat(settled.error()).startsWith("certificate: ").contains("other.test");
      }
    }
  }

  @Nested
  class OverHttp2 {

    @Test
    void aStreamThatIsResetUnansweredMayPass() {
      try (SecureOrigin origin = http2()) {
        origin.answering(request -> request.response().reset(2));

        Broke broke = worker.broke(FetchRequest.get(origin.url("origin.test")));

        assertThat(broke.error()).isEqualTo("stream reset by the origin");
      }
    }

    @Test
    void aConnectionThatGoesAwayUnansweredMayPass() {
      try (SecureOrigin origin = http2()) {
        origin.answering(
            request -> {
              request.connection().goAway(2, 0);
              request.connection().close();
            });

        assertThat(worker.fetch(FetchRequest.get(origin.url("origin.test"))))
            .isInstanceOf(Broke.class);
      }
    }

    @Test
    void aStreamThatIsResetInTheBodyMayPass() {
      try (SecureOrigin origin = http2()) {
        origin.answering(
            request ->
                request
                    .response()
                    .setChunked(true)
                    .write("some")
                    .onSuccess(sent -> request.response().reset(2)));

        assertThat(worker.fetch(FetchRequest.get(origin.url("origin.test"))))
            .isInstanceOf(Broke.class);
      }
    }

    /** It is told our limit and keeps it: it resets the stream as a protocol error of its own. */
    @Test
    void aHeadThatIsTooLongIsNotTaken() {
      try (SecureOrigin origin = http2()) {
        origin.answering(TlsTest::answerWithALongHead);

        Settled settled = get(origin, "origin.test");

        assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
        assertThat(settled.error()).startsWith("protocol error");
      }
    }
  }

  private static void answerWithALongHead(HttpServerRequest request) {
    request.response().putHeader("x-long", "x".repeat(100_000)).end();
  }

  @Test
  void takesNoHeadThatIsTooLong() {
    try (SecureOrigin origin = SecureOrigin.http11(authority.key("origin"))) {
      origin.answering(TlsTest::answerWithALongHead);

      assertThat(get(origin, "origin.test").error())
          .isEqualTo("protocol error: the response head is too long");
    }
  }
}
