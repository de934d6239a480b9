package io.bgfetch.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.ControlMessage.Block;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Asked;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Refused;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithBackends
class WorkerIT {

  private static final int MIB = 1 << 20;
  private static final int HOST_CONCURRENCY = 8;

  @TempDir static Path blobs;
  private static Origin origin;
  private static WorkerUnderTest worker;
  private static KafkaSide kafka;

  @BeforeAll
  static void start(TestBackends backends) {
    origin = Origin.start();
    worker =
        new WorkerUnderTest(
            backends, blobs, Map.of("BGFETCH_HOST_CONCURRENCY", "" + HOST_CONCURRENCY));
    kafka = worker.kafka();
  }

  @AfterAll
  static void stop() {
    worker.close();
    origin.close();
  }

  private static FetchJob released(Jobs job) {
    FetchJob built = job.releasedAt(System.currentTimeMillis()).build();
    if (built.request().safe()) {
      kafka.releaseAndGrant(built);
    } else {
      kafka.release(built);
    }
    return built;
  }

  private static Settled settled(Jobs job) {
    return kafka.await_(Settled.class, released(job));
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
  }

  /** An origin of its own, for it answers a request as one that is to be left alone. */
  private static Origin busy(String retryAfter) {
    return Origin.start()
        .on(
            "/busy",
            request ->
                request
                    .response()
                    .setStatusCode(503)
                    .putHeader("Retry-After", retryAfter)
                    .end("busy"));
  }

  private static byte[] read(StoredBody body) throws IOException {
    return Bodies.read(blobs, body);
  }

  @Nested
  class ABody {

    @Test
    void ridesInlineWhileItIsSmall() throws Exception {
      Settled settled = settled(Jobs.get(origin.url("/bytes/1000?seed=1")));

      assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(settled.body()).isInstanceOf(StoredBody.Inline.class);
      assertThat(read(settled.body())).isEqualTo(Origin.bytes(1, 1000));
      assertThat(settled.digest()).isEqualTo(Bodies.sha256(Origin.bytes(1, 1000)));
      assertThat(settled.downloaded()).isEqualTo(1000);
      assertThat(settled.response().headers())
          .containsEntry("content-type", "application/octet-stream")
          .doesNotContainKey("content-length");
    }

    @Test
    void thatIsSmallAndQuickIsOneEvent() {
      FetchJob job = released(Jobs.get(origin.url("/bytes/100")));
      kafka.await_(Settled.class, job);

      assertThat(kafka.of(ResponseReady.class, job)).isEmpty();
      assertThat(kafka.of(SegmentStored.class, job)).isEmpty();
    }

    @Test
    void goesToTheStoreInSegmentsWhenItIsLarge() throws Exception {
      FetchJob job = released(Jobs.get(origin.url("/bytes/" + 20 * MIB + "?seed=2")));
      Settled settled = kafka.await_(Settled.class, job);

      byte[] expected = Origin.bytes(2, 20 * MIB);
      assertThat(read(settled.body())).isEqualTo(expected);
      assertThat(settled.digest()).isEqualTo(Bodies.sha256(expected));
      assertThat(((StoredBody.Segments) settled.body()).segments())
          .allMatch(s -> s.size() <= 8 * MIB);
      List<SegmentStored> stored = kafka.of(SegmentStored.class, job);
      assertThat(stored).isNotEmpty();
      assertThat(read(stored.getFirst().stored())).isEqualTo(firstOf(expected, stored.getFirst()));
    }

    private byte[] firstOf(byte[] whole, SegmentStored event) {
      return java.util.Arrays.copyOf(whole, (int) event.stored().size());
    }

    @Test
    void thatComesSlowlyIsReadableMeanwhile() {
      FetchJob job = released(Jobs.get(origin.url("/drip/30000?seed=3&chunk=1000&every=100")));

      ResponseReady ready = kafka.await_(ResponseReady.class, job);
      assertThat(ready.response().status()).isEqualTo(200);
      SegmentStored stored = kafka.await_(SegmentStored.class, job);
      assertThat(stored.stored().size()).isBetween(1L, 29_999L);
      soon().until(() -> kafka.reported(job).stream().anyMatch(p -> p.downloaded() > 0));
      assertThat(kafka.await_(Settled.class, job).downloaded()).isEqualTo(30_000);
    }

    @Test
    void thatStallsIsGivenUp() {
      Timeouts impatient =
          new Timeouts(
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              Duration.ofMillis(500),
              Duration.ofMinutes(1));
      FetchJob job =
          released(Jobs.get(origin.url("/drip/3000?chunk=1000&every=60000")).timeouts(impatient));

      assertThat(kafka.await_(Broke.class, job).error()).contains("stalled");
    }

    @Test
    void mayNotBeLargerThanAllowed() {
      Settled over = settled(Jobs.get(origin.url("/bytes/1001")).bytesAllowed(1000));
      Settled just = settled(Jobs.get(origin.url("/bytes/1000")).bytesAllowed(1000));

      assertThat(over.result()).isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
      assertThat(over.body()).isNull();
      assertThat(just.result()).isEqualTo(FetchResult.SUCCESS);
    }

    @Test
    void mustBeTheOneThatItsIntegrityNames() throws Exception {
      String right = "sha256-" + Bodies.sha256(Origin.bytes(4, 500));
      String wrong = "sha256-" + Bodies.sha256(Origin.bytes(5, 500));

      Settled good = settled(withIntegrity(right));
      Settled bad = settled(withIntegrity(wrong));

      assertThat(good.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(bad.result()).isEqualTo(FetchResult.FETCH_ERROR);
      assertThat(bad.error()).contains("integrity");
    }

    private Jobs withIntegrity(String metadata) {
      return Jobs.of(
          new FetchRequest(
              origin.url("/bytes/500?seed=4"),
              "GET",
              Map.of(),
              Map.of(),
              null,
              RedirectMode.FOLLOW,
              metadata));
    }
  }

  @Nested
  class AnAnswer {

    @Test
    void ofAnErrorStatusIsKeptWithItsBody() throws Exception {
      Settled settled = settled(Jobs.get(origin.url("/status/404")));

      assertThat(settled.result()).isEqualTo(FetchResult.BAD_STATUS);
      assertThat(settled.response().status()).isEqualTo(404);
      assertThat(read(settled.body())).asString(StandardCharsets.UTF_8).isEqualTo("status");
    }

    @Test
    void ofAStatusThatIsTriedAgainBreaksWithAFallback() {
      try (Origin busy = busy("7")) {
        Jobs job = Jobs.get(busy.url("/busy")).retry(new RetryPolicy(5, Set.of(503), false));

        Broke broke = kafka.await_(Broke.class, released(job));

        assertThat(broke.retryAfter()).isEqualTo(7_000);
        assertThat(broke.fallback().result()).isEqualTo(FetchResult.BAD_STATUS);
        assertThat(broke.fallback().response().status()).isEqualTo(503);
      }
    }

    @Test
    void comesFromWhereRedirectsLead() {
      Settled settled = settled(Jobs.get(origin.url("/redirect/3")));

      assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(settled.response().redirected()).isTrue();
      assertThat(settled.response().url()).isEqualTo(origin.url("/redirect/0"));
    }

    @Test
    void mayComeFromAnotherHost() {
      try (Origin other = Origin.start()) {
        String target = other.url("/bytes/10");
        Settled settled = settled(Jobs.get(origin.url("/redirect-to?url=" + target)));

        assertThat(settled.response().url()).isEqualTo(target);
      }
    }

    @Test
    void thatRedirectsForEverIsAnError() {
      Settled settled = settled(Jobs.get(origin.url("/redirect/21")));

      assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
      assertThat(settled.error()).contains("20 redirects");
    }

    @Test
    void toHeadHasNoBody() {
      Settled settled =
          settled(
              Jobs.of(
                  new FetchRequest(
                      origin.url("/bytes/500"),
                      "HEAD",
                      Map.of(),
                      Map.of(),
                      null,
                      RedirectMode.FOLLOW,
                      null)));

      assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(settled.body().size()).isZero();
    }

    @Test
    void thatNeverComesIsWaitedForOnlySoLong() {
      Timeouts impatient =
          new Timeouts(
              Duration.ofSeconds(5),
              Duration.ofMillis(500),
              Duration.ofSeconds(5),
              Duration.ofMinutes(1));
      FetchJob job = released(Jobs.get(origin.url("/never")).timeouts(impatient));

      assertThat(kafka.await_(Broke.class, job).error()).contains("no response");
    }
  }

  @Nested
  class AnAnswerThatIsNone {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "garbage\r\n\r\n",
          "HTTP/1.1 abc OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nA\u0000b: c\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
          "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n"
        })
    void isAnErrorAndFinal(String garbage) {
      try (RawOrigin raw = RawOrigin.closing(garbage)) {
        Settled settled = settled(Jobs.get(raw.url()));

        assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
        assertThat(settled.error()).startsWith("protocol error");
        assertThat(raw.requests()).isEqualTo(1);
      }
    }

    @Test
    void isAnErrorWhenItsHeadIsTooLong() {
      String endless = "HTTP/1.1 200 OK\r\nA: " + "a".repeat(100_000) + "\r\n\r\n";
      try (RawOrigin raw = RawOrigin.closing(endless)) {
        assertThat(settled(Jobs.get(raw.url())).error()).contains("head is too long");
      }
    }

    @Test
    void isTriedAgainWhenTheConnectionIsResetInItsHead() {
      try (RawOrigin raw = RawOrigin.resetting("HTTP/1.1 200 OK\r\nA: b")) {
        Broke broke = kafka.await_(Broke.class, released(Jobs.get(raw.url())));

        assertThat(broke.kept()).isNull();
        assertThat(broke.newBytes()).isFalse();
      }
    }

    @Test
    void isTriedAgainWhenTheConnectionEndsInItsHead() {
      try (RawOrigin raw = RawOrigin.closing("HTTP/1.1 200 OK\r\nA: b")) {
        assertThat(kafka.await_(Broke.class, released(Jobs.get(raw.url()))).error())
            .contains("closed");
      }
    }
  }

  @Nested
  class ARequest {

    @Test
    void carriesOurNameAndAsksForTheCodingsThatAreDecoded() {
      settled(Jobs.get(origin.url("/echo?plain")));

      Origin.Head head = headOf("/echo?plain");
      assertThat(head.headers().get("user-agent")).startsWith("bgfetch/0.");
      assertThat(head.headers().get("accept-encoding")).isEqualTo("gzip, deflate, br, zstd");
      assertThat(head.headers().get("host")).isEqualTo("127.0.0.1:" + origin.port());
    }

    private Origin.Head headOf(String uri) {
      return origin.heads().stream().filter(h -> h.uri().equals(uri)).findFirst().orElseThrow();
    }

    @Test
    void carriesNoCookieOfAnEarlierAnswer() {
      origin.on(
          "/cookie",
          request -> request.response().putHeader("Set-Cookie", "taste=sweet; Path=/").end());
      for (int i = 0; i < 2; i++) {
        settled(Jobs.get(origin.url("/cookie?" + i)));
      }

      assertThat(origin.heads().stream().filter(head -> head.uri().startsWith("/cookie")))
          .hasSize(2)
          .noneMatch(head -> head.headers().contains("cookie"));
    }

    @Test
    void toAClosedPortIsTriedAgain() throws IOException {
      int closed;
      try (ServerSocket socket = new ServerSocket(0)) {
        closed = socket.getLocalPort();
      }
      FetchJob job = released(Jobs.get("http://127.0.0.1:" + closed + "/"));

      assertThat(kafka.await_(Broke.class, job).error()).contains("refused");
    }

    @Test
    void toASpecialPurposeAddressIsRefused() {
      Settled settled = settled(Jobs.get("http://127.0.0.2:" + origin.port() + "/"));

      assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
      assertThat(settled.error()).contains("127.0.0.0/8");
    }

    @Test
    void thatIsRedirectedToASpecialPurposeAddressIsRefused() {
      String target = "http://127.0.0.2:" + origin.port() + "/bytes/1";
      Settled settled = settled(Jobs.get(origin.url("/redirect-to?url=" + target)));

      assertThat(settled.error()).contains("127.0.0.0/8");
    }
  }

  @Nested
  class ASecret {

    private static final String TOKEN = "Bearer pl4nt3d-t0k3n";

    @Test
    void arrivesAtTheOriginAndIsInNoEventAndNoLog() {
      List<String> failing = List.of("/reset", "/redirect-to?url=http://127.0.0.2:1/");
      try (LogLines log = LogLines.ofAllLevels("io.bgfetch", "io.vertx", "io.netty")) {
        settled(secret("/bytes/9?secret"));
        failing.forEach(path -> kafka.await_(FetchEvent.OfTask.class, released(secret(path))));

        assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains("pl4nt3d"));
      }
      assertThat(origin.heads())
          .filteredOn(h -> h.uri().equals("/bytes/9?secret"))
          .allMatch(h -> h.headers().get("authorization").equals(TOKEN));
      assertThat(kafka.events().toString()).doesNotContain("pl4nt3d");
    }

    private Jobs secret(String path) {
      Map<String, SealedHeader> headers =
          Map.of("authorization", worker.seal().seal("authorization", TOKEN));
      return Jobs.of(
          new FetchRequest(
              origin.url(path), "GET", Map.of(), headers, null, RedirectMode.FOLLOW, null));
    }
  }

  @Nested
  class APermission {

    @Test
    void isAskedForByAStaleJob() {
      FetchJob job =
          Jobs.get(origin.url("/bytes/7")).releasedAt(System.currentTimeMillis() - 60_000).build();
      kafka.release(job);

      Asked asked = kafka.await_(Asked.class, job);
      assertThat(origin.requests("/bytes/7")).isZero();

      kafka.order(new ControlMessage.Granted(asked.task(), System.currentTimeMillis()));
      assertThat(kafka.await_(Settled.class, job).result()).isEqualTo(FetchResult.SUCCESS);
    }

    @Test
    void isAskedForAgainUntilItIsAnswered() {
      FetchJob job =
          Jobs.get(origin.url("/bytes/8")).releasedAt(System.currentTimeMillis() - 60_000).build();
      kafka.release(job);

      soon().until(() -> kafka.of(Asked.class, job).size() >= 2);

      kafka.order(new ControlMessage.Drop(kafka.of(Asked.class, job).getFirst().task()));
    }

    @Test
    void thatIsTooOldIsAskedForAgain() {
      FetchJob job = released(Jobs.post(origin.url("/status/201?old"), "x"));
      Asked asked = kafka.await_(Asked.class, job);

      kafka.order(new ControlMessage.Granted(asked.task(), System.currentTimeMillis() - 5_000));
      soon().until(() -> kafka.of(Asked.class, job).size() >= 2);

      assertThat(origin.heads()).noneMatch(h -> h.uri().equals("/status/201?old"));
      kafka.order(new ControlMessage.Drop(asked.task()));
    }

    @Test
    void isNeededByARequestThatIsNotSafeAndLetsItGoOutOnce() throws Exception {
      FetchJob job = released(Jobs.post(origin.url("/echo?unsafe"), "once"));
      Asked asked = kafka.await_(Asked.class, job);
      soon().until(() -> kafka.of(Asked.class, job).size() >= 2);
      assertThat(origin.heads()).noneMatch(h -> h.uri().equals("/echo?unsafe"));

      kafka.order(new ControlMessage.Granted(asked.task(), System.currentTimeMillis()));
      kafka.order(new ControlMessage.Granted(asked.task(), System.currentTimeMillis()));

      Settled settled = kafka.await_(Settled.class, job);
      assertThat(new String(read(settled.body()), StandardCharsets.UTF_8))
          .contains("\"body\":\"once\"");
      assertThat(settled.uploaded()).isEqualTo(4);
      assertThat(origin.heads().stream().filter(h -> h.uri().equals("/echo?unsafe"))).hasSize(1);
    }

    @Test
    void survivesAConnectionThatTheOriginClosedMeanwhile() {
      try (HangingUp impatient = new HangingUp()) {
        FetchJob job = released(Jobs.post(impatient.url(), "kept"));
        Asked asked = kafka.await_(Asked.class, job);
        soon().until(() -> impatient.closed() > 0);

        impatient.answer();
        kafka.order(new ControlMessage.Granted(asked.task(), System.currentTimeMillis()));

        assertThat(kafka.await_(Settled.class, job).result()).isEqualTo(FetchResult.SUCCESS);
        assertThat(impatient.requests()).isEqualTo(1);
      }
    }
  }

  @Nested
  class AnOrder {

    @Test
    void toCancelCutsWhatRunsAndNothingMoreIsSaid() {
      FetchJob job = released(Jobs.get(origin.url("/drip/1000000?chunk=1000&every=50&cancel")));
      kafka.await_(ResponseReady.class, job);

      kafka.order(new ControlMessage.Cancel(job.uid()));

      await().atMost(Duration.ofSeconds(1)).until(() -> origin.open() == 0);
      soon().until(() -> noLongerReported(job));
      assertThat(kafka.of(job)).noneMatch(e -> e instanceof Settled || e instanceof Yielded);
    }

    @Test
    void toCancelIsRememberedForJobsThatComeLater() {
      UUID uid = UUID.randomUUID();
      kafka.order(new ControlMessage.Cancel(uid));
      settled(Jobs.get(origin.url("/bytes/1")));
      FetchJob late = released(Jobs.get(origin.url("/status/299")).uid(uid));
      settled(Jobs.get(origin.url("/bytes/1")));
      settled(Jobs.get(origin.url("/bytes/1")));

      assertThat(kafka.of(late)).isEmpty();
      assertThat(origin.requests("/status/299")).isZero();
    }

    @Test
    void toPauseGivesBackWhatIsOlder() {
      UUID uid = UUID.randomUUID();
      FetchJob older =
          released(Jobs.get(origin.url("/drip/1000000?chunk=1000&every=50")).uid(uid).version(5));
      kafka.await_(ResponseReady.class, older);

      kafka.order(new ControlMessage.Pause(uid, 6));

      kafka.await_(Yielded.class, older);
      FetchJob late = released(Jobs.get(origin.url("/status/298")).uid(uid).index(1).version(5));
      kafka.await_(Yielded.class, late);
      FetchJob newer = released(Jobs.get(origin.url("/bytes/2")).uid(uid).index(2).version(7));
      assertThat(kafka.await_(Settled.class, newer).result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(origin.requests("/status/298")).isZero();
    }

    private boolean noLongerReported(FetchJob job) {
      int reports = kafka.reported(job).size();
      List<FetchEvent> before = List.copyOf(kafka.events());
      settled(Jobs.get(origin.url("/slow/700")));
      return kafka.reported(job).size() == reports && kafka.events().size() > before.size();
    }
  }

  @Nested
  class AHostThatIsAskedTooMuch {

    @Test
    void isToldOfAndSentNothingMore() {
      try (Origin busy = busy("60")) {
        FetchJob first = released(Jobs.get(busy.url("/busy")));
        Refused refused = kafka.await_(Refused.class, first);
        FetchJob second = released(Jobs.get(busy.url("/bytes/1")));

        assertThat(refused.host()).isEqualTo(hostOf(busy));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.retryAfter()).isEqualTo(60_000);
        assertThat(refused.sentAt()).isBetween(first.releasedAt(), System.currentTimeMillis());
        assertThat(kafka.await_(Yielded.class, second).notBefore()).isNotNull();
        assertThat(busy.requests()).isOne();
      }
    }

    @Test
    void isToldOfWhereARedirectLedToIt() {
      try (Origin busy = busy("60")) {
        String there = origin.url("/redirect-to?url=" + busy.url("/busy"));

        Refused refused = kafka.await_(Refused.class, released(Jobs.get(there)));

        assertThat(refused.host()).isEqualTo(hostOf(busy));
      }
    }

    @Test
    void isNotEvenFollowedARedirectToOnceAShardSaysThatItIsBlocked() {
      try (Origin blocked = Origin.start()) {
        long until = System.currentTimeMillis() + 60_000;
        hear(new ControlMessage.Blocked(List.of(new Block(hostOf(blocked), until))));

        FetchJob job =
            released(Jobs.get(origin.url("/redirect-to?url=" + blocked.url("/bytes/1"))));

        assertThat(kafka.await_(Yielded.class, job).notBefore()).isEqualTo(until);
        assertThat(blocked.requests()).isZero();
      }
    }

    /** Orders are heard in their order: once a later one was obeyed, this one was heard. */
    private void hear(ControlMessage order) {
      FetchJob waiting = Jobs.get(origin.url("/bytes/1")).releasedAt(0).build();
      kafka.release(waiting);
      Asked asked = kafka.await_(Asked.class, waiting);
      kafka.order(order);
      kafka.order(new ControlMessage.Granted(asked.task(), System.currentTimeMillis()));
      kafka.await_(Settled.class, waiting);
    }

    private String hostOf(Origin host) {
      return "127.0.0.1:" + host.port();
    }
  }

  @Nested
  class ManyJobs {

    @Test
    void neverExceedTheConcurrencyOfTheirHost() {
      try (Origin crowded = Origin.start()) {
        List<FetchJob> jobs = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
          jobs.add(
              released(Jobs.get(crowded.url("/slow/200")).index(i).lane(i % HOST_CONCURRENCY)));
        }
        jobs.forEach(job -> kafka.await_(Settled.class, job));

        assertThat(crowded.maxConcurrent()).isEqualTo(HOST_CONCURRENCY);
      }
    }

    @Test
    void areAllFetchedOnce() {
      List<FetchJob> jobs = new ArrayList<>();
      try (Origin busy = Origin.start()) {
        for (int i = 0; i < 300; i++) {
          jobs.add(released(Jobs.get(busy.url("/bytes/50")).index(i).lane(i % 8)));
        }
        jobs.forEach(job -> kafka.await_(Settled.class, job));

        assertThat(busy.requests()).isEqualTo(300);
      }
    }
  }

  @Nested
  class Health {

    @Test
    void isReadyAndShowsMetrics() throws Exception {
      settled(Jobs.get(origin.url("/bytes/1")));

      assertThat(get("/health/live").statusCode()).isEqualTo(200);
      assertThat(get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(get("/metrics").body())
          .contains("bgfetch_worker_fetches_total")
          .contains("result=\"success\"")
          .contains("bgfetch_worker_running")
          .contains("bgfetch_worker_hosts_blocked");
    }

    private HttpResponse<String> get(String path) throws Exception {
      URI uri = URI.create("http://127.0.0.1:" + worker.httpPort() + path);
      try (HttpClient client = HttpClient.newHttpClient()) {
        return client.send(
            HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      }
    }
  }
}
