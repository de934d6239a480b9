package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestAuthority;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadsTest {

  private static final int MIB = 1 << 20;
  private static final int LARGE = 24 * MIB;

  @TempDir static Path directory;
  private static byte[] content;
  private static FetchUnderTest worker;
  private static StoredBody.Segments large;
  private static SecureOrigin secure;
  private Origin plain;

  @BeforeAll
  static void startAll() {
    TestAuthority authority = TestAuthority.shared();
    worker = new FetchUnderTest(directory, Map.of("BGFETCH_EGRESS_CA", authority.pem()));
    secure = SecureOrigin.http2(authority.key("origin"));
    content = Origin.bytes(9, LARGE);
    large =
        worker.stored(Arrays.copyOf(content, 5 * MIB), Arrays.copyOfRange(content, 5 * MIB, LARGE));
  }

  @AfterAll
  static void stopAll() {
    secure.close();
    worker.close();
  }

  @BeforeEach
  void start() {
    plain = Origin.start();
  }

  @AfterEach
  void stop() {
    plain.close();
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
  }

  /** An origin of that protocol that answers so. */
  private String origin(HttpVersion version, Handler<HttpServerRequest> handler) {
    if (version == HttpVersion.HTTP_2) {
      secure.answering(handler);
      return secure.url("origin.test");
    }
    plain.on("/upload", handler);
    return plain.url("/upload");
  }

  private static FetchRequest put(String url) {
    Map<String, String> headers =
        Map.of("content-type", "x/y", "content-language", "en", "x-own", "1");
    return FetchUnderTest.request("PUT", url, headers, large);
  }

  private static FetchUnderTest.Running begin(FetchRequest request) {
    return worker.begin(request, RetryPolicy.DEFAULT, Timeouts.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void arriveWholeThroughASlowOriginThatIsWaitedFor(String version) throws Exception {
    AtomicReference<HttpServerRequest> slow = new AtomicReference<>();
    MessageDigest seen = MessageDigest.getInstance("SHA-256");
    String url =
        origin(
            HttpVersion.valueOf(version),
            request -> {
              request.pause();
              request.handler(bytes -> seen.update(bytes.getBytes()));
              request.endHandler(end -> request.response().end("taken"));
              slow.set(request);
            });
    FetchUnderTest.Running running = begin(put(url));
    soon().until(() -> slow.get() != null && running.fetch().uploaded() > 0);

    // What the sockets of both sides hold, and not the body, may be on the way.
    long held = settledValueOf(running);
    assertThat(held).isLessThan(LARGE - 4L * MIB);

    slow.get().resume();
    Settled settled = (Settled) FetchUnderTest.ending(running);
    assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
    assertThat(settled.uploaded()).isEqualTo(LARGE);
    assertThat(HexFormat.of().formatHex(seen.digest())).isEqualTo(Origin.sha256(9, LARGE));
    assertThat(slow.get().getHeader("content-length")).isEqualTo("" + LARGE);
  }

  /** How far it comes by itself. */
  private static long settledValueOf(FetchUnderTest.Running running) {
    long[] last = {-1};
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              long before = last[0];
              last[0] = running.fetch().uploaded();
              return before == last[0];
            });
    return last[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void thatAreAnsweredEarlyEndWithThatAnswer(String version) {
    String url =
        origin(
            HttpVersion.valueOf(version),
            request -> request.response().setStatusCode(413).end("too large"));

    Settled settled = worker.settled(put(url));

    assertThat(settled.result()).isEqualTo(FetchResult.BAD_STATUS);
    assertThat(settled.response().status()).isEqualTo(413);
    assertThat(worker.read(settled.body())).asString().isEqualTo("too large");
    assertThat(settled.uploaded()).isLessThan(LARGE);
  }

  @Test
  void thatAreAnsweredEarlyLeaveNoHalfOpenConnection() {
    AtomicBoolean reset = new AtomicBoolean();
    String secured =
        origin(
            HttpVersion.HTTP_2,
            request -> {
              request.pause();
              request.exceptionHandler(cut -> reset.set(true));
              request.response().setStatusCode(413).end("too large");
            });
    String unsecured =
        origin(
            HttpVersion.HTTP_1_1,
            request -> request.response().setStatusCode(413).end("too large"));

    for (String url : List.of(unsecured, secured)) {
      Settled settled = worker.settled(FetchUnderTest.request("OPTIONS", url, Map.of(), large));
      assertThat(settled.response().status()).isEqualTo(413);
    }

    soon().until(() -> plain.open() == 0);
    soon().untilTrue(reset);
  }

  @Test
  void thatAreAnsweredEarlyAndCutEnd() {
    String url =
        origin(
            HttpVersion.HTTP_1_1,
            request ->
                request
                    .response()
                    .putHeader("Connection", "close")
                    .setStatusCode(413)
                    .end("too large")
                    .onComplete(sent -> request.connection().close()));

    Settled settled = worker.settled(put(url));

    assertThat(settled.uploaded()).isLessThan(LARGE);
    assertThat(settled.result()).isIn(FetchResult.BAD_STATUS, FetchResult.FETCH_ERROR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void goOutAgainWhereA307Leads(String version) {
    plain.on("/take", request -> request.body().onSuccess(all -> taken(request, all.length())));
    String url =
        origin(
            HttpVersion.valueOf(version),
            request ->
                request.endHandler(
                    end ->
                        request
                            .response()
                            .setStatusCode(307)
                            .putHeader("Location", plain.url("/take"))
                            .end()));

    Settled settled = worker.settled(put(url));

    assertThat(worker.read(settled.body())).asString().isEqualTo("PUT " + LARGE + " x/y");
    assertThat(settled.uploaded()).isEqualTo(2L * LARGE);
  }

  private static void taken(HttpServerRequest request, int length) {
    request
        .response()
        .end(request.method() + " " + length + " " + request.getHeader("content-type"));
  }

  @Test
  void becomeAGetWithoutBodyWhereA303Leads() {
    plain.on("/result", request -> request.body().onSuccess(all -> taken(request, all.length())));
    String url =
        origin(
            HttpVersion.HTTP_1_1,
            request ->
                request.endHandler(
                    end ->
                        request
                            .response()
                            .setStatusCode(303)
                            .putHeader("Location", "/result")
                            .end()));

    Settled settled = worker.settled(put(url));

    assertThat(worker.read(settled.body())).asString().isEqualTo("GET 0 null");
    assertThat(settled.uploaded()).isEqualTo(LARGE);
    Origin.Head get =
        plain.heads().stream().filter(h -> h.uri().equals("/result")).findFirst().orElseThrow();
    assertThat(get.headers().names()).noneMatch(n -> n.toLowerCase().startsWith("content-"));
    assertThat(get.headers().get("x-own")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void thatTheOriginCutsAreNeverSentTwice(String version) {
    String url =
        origin(
            HttpVersion.valueOf(version),
            request -> request.handler(bytes -> request.connection().close()));

    Settled settled = worker.settled(put(url));

    assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
    assertThat(settled.uploaded()).isBetween(1L, LARGE - 1L);
  }

  @Test
  void thatTheOriginCutsMayBeSentAgainWhereTheClientSaysSo() {
    String url =
        origin(
            HttpVersion.HTTP_1_1,
            request -> request.handler(bytes -> request.connection().close()));

    FetchUnderTest.Running running =
        worker.begin(put(url), new RetryPolicy(5, Set.of(), true), Timeouts.DEFAULT);

    assertThat(FetchUnderTest.ending(running)).isInstanceOf(Broke.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void areCutInTheMiddleByAnAbort(String version) {
    AtomicReference<HttpServerRequest> slow = new AtomicReference<>();
    AtomicBoolean broken = new AtomicBoolean();
    String url =
        origin(
            HttpVersion.valueOf(version),
            request -> {
              request.exceptionHandler(cut -> broken.set(true));
              request.pause();
              slow.set(request);
            });
    FetchUnderTest.Running running = begin(put(url));
    soon().until(() -> slow.get() != null && running.fetch().uploaded() > 0);

    running.cut();

    soon().until(() -> running.ending().isComplete());
    assertThat(running.ending().result()).isEmpty();
    if (slow.get().version() == HttpVersion.HTTP_1_1) {
      slow.get().resume(); // it sees the end only behind what it has not read yet
    }
    soon().untilTrue(broken);
  }

  @Nested
  class ThatCannotBeRead {

    private static final String UNREADABLE = "the request body cannot be read";

    private FetchRequest put(StoredBody.Segments body) {
      plain.on("/upload", request -> request.endHandler(end -> request.response().end()));
      return FetchUnderTest.request("PUT", plain.url("/upload"), Map.of(), body);
    }

    private StoredBody.Segments withoutItsLast(StoredBody.Segments body) {
      StoredBody.Segment gone = new StoredBody.Segment(UUID.randomUUID() + "/0/request/1", MIB);
      return new StoredBody.Segments(List.of(body.segments().getFirst(), gone));
    }

    @Test
    void areNotBegunWhereTheyAreNotThere() {
      StoredBody.Segments gone =
          new StoredBody.Segments(
              List.of(new StoredBody.Segment(UUID.randomUUID() + "/0/request/0", MIB)));

      Settled settled = worker.settled(put(gone));

      assertThat(settled.error()).isEqualTo(UNREADABLE);
      assertThat(plain.requests("/upload")).isZero();
    }

    @Test
    void areGivenBackUnsentWhereTheStoreFails() {
      try (FetchUnderTest failing =
          new FetchUnderTest(directory, Map.of(), store -> FailingReads.after(0, store))) {
        Yielded back = (Yielded) failing.fetch(put(large));

        assertThat(back.uploaded()).isZero();
        assertThat(plain.requests("/upload")).isZero();
      }
    }

    @Test
    void areNotTheOriginsFaultWhereTheStoreFailsLater() {
      try (FetchUnderTest failing =
          new FetchUnderTest(directory, Map.of(), store -> FailingReads.after(1, store))) {
        Settled settled = failing.settled(put(large));

        assertThat(settled.error()).isEqualTo(UNREADABLE);
        assertThat(settled.uploaded()).isEqualTo(5L * MIB);
      }
    }

    @Test
    void mayBeTriedAgainWhereTheClientSaysSo() {
      FetchUnderTest.Running running =
          worker.begin(
              put(withoutItsLast(large)), new RetryPolicy(5, Set.of(), true), Timeouts.DEFAULT);

      assertThat(FetchUnderTest.ending(running))
          .isInstanceOfSatisfying(
              Broke.class, broke -> assertThat(broke.error()).isEqualTo(UNREADABLE));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void areThoseThatHaveNotTheBytesOfTheirManifest(int more) {
      StoredBody.Segment first = worker.stored(new byte[MIB]).segments().getFirst();
      StoredBody.Segments wrong =
          new StoredBody.Segments(List.of(new StoredBody.Segment(first.key(), MIB + more)));

      Settled settled = worker.settled(put(wrong));

      assertThat(settled.error()).isEqualTo(UNREADABLE);
      assertThat(settled.uploaded()).isBetween(1L, (long) MIB);
    }
  }
}
