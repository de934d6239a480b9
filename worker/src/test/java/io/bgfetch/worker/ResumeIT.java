package io.bgfetch.worker;

import static io.bgfetch.testkit.Answer.inTurn;
import static io.bgfetch.testkit.Answer.part;
import static io.bgfetch.testkit.Answer.status;
import static io.bgfetch.testkit.Answer.whole;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.testkit.Answer;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of bodies that break off, against an origin that misbehaves. */
@WithBackends
class ResumeIT {

  private static final byte[] BODY = Origin.bytes(7, 1_000);
  private static final String ETAG = "\"v1\"";
  private static final String DATE = "Sun, 01 Nov 2026 08:00:00 GMT";

  @TempDir static Path blobs;
  private static Origin origin;
  private static WorkerUnderTest worker;
  private static KafkaSide kafka;

  @BeforeAll
  static void start(TestBackends backends) {
    origin = Origin.start();
    worker = new WorkerUnderTest(backends, blobs, Map.of());
    kafka = worker.kafka();
  }

  @AfterAll
  static void stop() {
    worker.close();
    origin.close();
  }

  /** A record whose requests get these answers one after the other. */
  @SafeVarargs
  private static Jobs answered(String page, Handler<HttpServerRequest>... answers) {
    origin.on(page, inTurn(answers));
    return Jobs.get(origin.url(page));
  }

  private static Answer cut() {
    return whole(BODY).header("ETag", ETAG).header("Last-Modified", DATE).cutAfter(600);
  }

  private static Answer rest(int first, int last) {
    return part(BODY, first, last).header("ETag", ETAG).header("Last-Modified", DATE);
  }

  private static Settled settled(Jobs job) {
    return Attempts.settled(kafka, job);
  }

  /** The Range headers of all requests for the page, {@code null} where there was none. */
  private static List<String> ranges(String page) {
    return heads(page).map(h -> h.headers().get("range")).toList();
  }

  private static java.util.stream.Stream<Origin.Head> heads(String page) {
    return origin.heads().stream().filter(h -> h.uri().equals(page));
  }

  private static void assertWhole(Settled settled) throws IOException {
    assertThat(settled.error()).isNull();
    assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
    assertThat(Bodies.read(blobs, settled.body())).isEqualTo(BODY);
    assertThat(settled.digest()).isEqualTo(Bodies.sha256(BODY));
    assertThat(settled.downloaded()).isEqualTo(BODY.length);
  }

  private static void assertFetchError(Settled settled, String line) {
    assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
    assertThat(settled.error()).contains(line);
    assertThat(settled.body()).isNull();
  }

  @Nested
  class ABodyThatBreaksOff {

    @Test
    void goesOnWhereItBrokeOff() throws Exception {
      Attempts attempts = new Attempts(kafka, answered("/cut", cut(), rest(600, 999)));

      Broke broke = attempts.broke();
      assertThat(broke.kept()).isNotNull();
      assertThat(broke.newBytes()).isTrue();
      assertThat(attempts.kept().stored().size()).isEqualTo(600);
      Settled settled = (Settled) attempts.perform();

      assertWhole(settled);
      assertThat(settled.response().status()).isEqualTo(200);
      assertThat(ranges("/cut")).containsExactly(null, "bytes=600-");
      assertThat(heads("/cut").toList().getLast().headers().get("accept-encoding"))
          .isEqualTo("identity");
    }

    @Test
    void goesOnAsOftenAsItTakes() throws Exception {
      Settled settled =
          settled(
              answered(
                  "/often",
                  cut(),
                  rest(600, 999).cutAfter(200),
                  rest(800, 999).cutAfter(1),
                  rest(801, 999)));

      assertWhole(settled);
      assertThat(ranges("/often")).containsExactly(null, "bytes=600-", "bytes=800-", "bytes=801-");
    }

    @Test
    void ofUnknownLengthGoesOnToo() throws Exception {
      assertWhole(
          settled(answered("/chunked", whole(BODY).chunked().cutAfter(600), rest(600, 999))));
    }

    @Test
    void byAResetGoesOnToo() throws Exception {
      assertWhole(settled(answered("/rst", whole(BODY).resetAfter(600), Answer.asked(BODY))));
    }

    @Test
    void byAStallGoesOnToo() throws Exception {
      Timeouts impatient =
          new Timeouts(
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              Duration.ofMillis(300),
              Duration.ofMinutes(1));

      assertWhole(
          settled(answered("/stall", cut().stallAfter(600), rest(600, 999)).timeouts(impatient)));
      assertThat(ranges("/stall")).containsExactly(null, "bytes=600-");
    }

    @Test
    void beforeItsFirstByteBeginsAnew() throws Exception {
      Attempts attempts =
          new Attempts(kafka, answered("/none", whole(BODY).cutAfter(0), whole(BODY)));

      assertThat(attempts.broke().newBytes()).isFalse();
      assertWhole((Settled) attempts.perform());
      assertThat(ranges("/none")).containsExactly(null, null);
    }

    @Test
    void bringsNoNewByteWhereTheOriginGivesNone() {
      Attempts attempts =
          new Attempts(kafka, answered("/nothing", cut(), rest(600, 999).cutAfter(0)));
      attempts.broke();

      Broke second = attempts.broke();

      assertThat(second.kept()).isNotNull();
      assertThat(second.newBytes()).isFalse();
      assertThat(attempts.kept().stored().size()).isEqualTo(600);
    }

    @Test
    void keepsWhatIsStoredWhenItsOriginIsNotThere() throws Exception {
      Attempts attempts;
      int port;
      try (Origin other = Origin.start()) {
        port = other.port();
        other.on("/away", inTurn(cut()));
        attempts = new Attempts(kafka, Jobs.get(other.url("/away")));
        attempts.broke();
      }
      Broke refused = attempts.broke();
      assertThat(refused.kept()).isNotNull();
      assertThat(refused.newBytes()).isFalse();

      try (Origin back = Origin.start(port)) {
        back.on("/away", inTurn(rest(600, 999)));
        assertWhole((Settled) attempts.perform());
      }
    }

    @Test
    void withAContentCodingBeginsAnew() {
      Answer coded = cut().header("Content-Encoding", "br");
      Attempts attempts =
          new Attempts(
              kafka,
              Jobs.of(
                  new FetchRequest(
                      answered("/coded", coded).build().request().url(),
                      "GET",
                      Map.of("accept-encoding", "br"),
                      Map.of(),
                      null,
                      RedirectMode.FOLLOW,
                      null)));

      Broke broke = attempts.broke();
      attempts.broke();

      assertThat(broke.kept()).isNull();
      assertThat(broke.newBytes()).isFalse();
      assertThat(ranges("/coded")).containsExactly(null, null);
    }

    @Test
    void ofAnErrorStatusBeginsAnew() {
      Attempts attempts = new Attempts(kafka, answered("/lost404", status(404).cutAfter(3)));

      assertThat(attempts.broke().kept()).isNull();
    }

    @Test
    void ofAPostIsNeverAskedForAgain() {
      origin.on("/posted", inTurn(cut()));

      Settled settled = settled(Jobs.post(origin.url("/posted"), "x"));

      assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
      assertThat(ranges("/posted")).hasSize(1);
    }

    @Test
    void ofAPostThatMayBeRepeatedBeginsAnew() throws Exception {
      origin.on("/repeated", inTurn(cut(), whole(BODY)));
      Jobs job = Jobs.post(origin.url("/repeated"), "x").retry(new RetryPolicy(5, Set.of(), true));

      assertWhole(settled(job));
      assertThat(ranges("/repeated")).containsExactly(null, null);
    }

    @Test
    void isAskedForAtTheOriginalUrlAgain() throws Exception {
      origin.on("/target", inTurn(cut(), rest(600, 999)));
      String source = "/redirect-to?url=/target&resume";

      Settled settled = settled(Jobs.get(origin.url(source)));

      assertWhole(settled);
      assertThat(settled.response().url()).isEqualTo(origin.url("/target"));
      assertThat(ranges(source)).containsExactly(null, "bytes=600-");
      assertThat(ranges("/target")).containsExactly(null, "bytes=600-");
    }

    @Test
    void mustStillBeTheOneThatItsIntegrityNames() throws Exception {
      assertWhole(settled(withIntegrity("/sri", BODY)));
      assertFetchError(settled(withIntegrity("/sri-wrong", new byte[1])), "integrity");
    }

    private Jobs withIntegrity(String page, byte[] named) {
      String metadata = "sha256-" + Bodies.sha256(named);
      String url = answered(page, cut(), rest(600, 999)).build().request().url();
      return Jobs.of(
          new FetchRequest(url, "GET", Map.of(), Map.of(), null, RedirectMode.FOLLOW, metadata));
    }
  }

  @Nested
  class TheAnswerToARange {

    private Settled after(String page, Answer answer) {
      return settled(answered(page, cut(), answer));
    }

    @Test
    void withAnotherETagIsAnError() {
      assertFetchError(after("/etag", rest(600, 999).header("ETag", "\"v2\"")), "etag");
    }

    @Test
    void withoutTheETagIsAnError() {
      assertFetchError(
          after("/no-etag", part(BODY, 600, 999).header("Last-Modified", DATE)), "etag");
    }

    @Test
    void withAnotherLastModifiedIsAnError() {
      assertFetchError(
          after(
              "/modified", rest(600, 999).header("Last-Modified", "Mon, 02 Nov 2026 08:00:00 GMT")),
          "last-modified");
    }

    @Test
    void fromAnotherByteIsAnError() {
      assertFetchError(after("/other-start", rest(0, 999)), "from byte 0 instead of 600");
    }

    @Test
    void ofAnotherCompleteLengthIsAnError() {
      assertFetchError(
          after("/longer", rest(600, 999).header("Content-Range", "bytes 600-999/2000")),
          "of 2000 bytes instead of 1000");
    }

    @Test
    void withoutContentRangeIsAnError() {
      assertFetchError(
          after("/no-range", rest(600, 999).header("Content-Range", "lies")),
          "without a valid Content-Range");
    }

    @Test
    void ofNothingIsAnError() {
      assertFetchError(
          after("/of-nothing", rest(600, 599).header("Content-Range", "bytes 600-599/1000")),
          "without a valid Content-Range");
    }

    @Test
    void thatIsLongerThanItSaysIsAnError() {
      assertFetchError(
          after("/too-long", rest(600, 999).header("Content-Range", "bytes 600-700/1000")),
          "longer than its Content-Range");
    }

    @Test
    void thatIsShorterThanItSaysIsTriedAgain() throws Exception {
      Attempts attempts =
          new Attempts(
              kafka,
              answered(
                  "/too-short",
                  cut(),
                  rest(600, 799).header("Content-Range", "bytes 600-999/1000"),
                  rest(800, 999)));
      attempts.broke();

      assertThat(attempts.broke().error()).contains("before its Content-Range");
      assertWhole((Settled) attempts.perform());
    }

    @Test
    void withAContentCodingIsAnError() {
      assertFetchError(
          after("/coded-part", rest(600, 999).header("Content-Encoding", "gzip")),
          "content coding");
    }

    @Test
    void thatIsOnlyAPartOfTheRestIsContinued() throws Exception {
      Attempts attempts =
          new Attempts(
              kafka, answered("/parts", cut(), rest(600, 699), rest(700, 899), rest(900, 999)));
      attempts.broke();

      assertWhole((Settled) attempts.perform());
      assertThat(ranges("/parts")).containsExactly(null, "bytes=600-", "bytes=700-", "bytes=900-");
    }

    @Test
    void ofUnknownLengthEndsTheBody() throws Exception {
      Settled settled =
          settled(
              answered(
                  "/unknown",
                  whole(BODY).chunked().cutAfter(600),
                  part(BODY, 600, 699).header("Content-Range", "bytes 600-699/*")));

      assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(Bodies.read(blobs, settled.body())).isEqualTo(Arrays.copyOf(BODY, 700));
    }

    @Test
    void thatThereIsNothingMoreIsASuccess() throws Exception {
      Settled settled =
          settled(
              answered(
                  "/all",
                  whole(BODY).chunked().cutAfter(600),
                  status(416).header("Content-Range", "bytes */600")));

      assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(settled.response().status()).isEqualTo(200);
      assertThat(Bodies.read(blobs, settled.body())).isEqualTo(Arrays.copyOf(BODY, 600));
      assertThat(settled.digest()).isEqualTo(Bodies.sha256(Arrays.copyOf(BODY, 600)));
    }

    @Test
    void thatTheBodyHasAnotherLengthIsABadStatus() {
      Settled settled = after("/not-all", status(416).header("Content-Range", "bytes */599"));

      assertThat(settled.result()).isEqualTo(FetchResult.BAD_STATUS);
      assertThat(settled.response().status()).isEqualTo(416);
    }

    @Test
    void thatIsAWholeBodyReplacesTheBytes() throws Exception {
      byte[] other = Origin.bytes(8, 30_000);
      Settled settled = after("/replaced", whole(other).header("ETag", "\"v2\""));

      assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(settled.response().headers()).containsEntry("etag", "\"v2\"");
      assertThat(Bodies.read(blobs, settled.body())).isEqualTo(other);
      assertThat(settled.digest()).isEqualTo(Bodies.sha256(other));
      assertThat(settled.downloaded()).isEqualTo(other.length);
    }

    @Test
    void thatIsAWholeBodyMayBreakOffToo() throws Exception {
      byte[] other = Origin.bytes(8, 1_000);
      Attempts attempts =
          new Attempts(
              kafka,
              answered("/replaced-cut", cut(), whole(other).cutAfter(400), part(other, 400, 999)));
      attempts.broke();

      Broke second = attempts.broke();
      assertThat(second.kept()).isNotNull();
      assertThat(second.newBytes()).as("more than ever before").isFalse();
      Settled settled = (Settled) attempts.perform();
      assertThat(Bodies.read(blobs, settled.body())).isEqualTo(other);
    }

    @Test
    void inTheSameAttemptGivesReplacedSegmentsOtherNames() throws Exception {
      byte[] other = Origin.bytes(8, 40_000);
      byte[] large = Origin.bytes(9, 40_000);
      Settled settled = settled(answered("/names", part(large, 0, 19_999), whole(other)));

      assertThat(Bodies.read(blobs, settled.body())).isEqualTo(other);
      assertThat(((StoredBody.Segments) settled.body()).segments().getFirst().key())
          .doesNotEndWith("/0");
    }

    @Test
    void thatItIsGoneReplacesTheResponse() throws Exception {
      Settled settled = after("/gone", status(404));

      assertThat(settled.result()).isEqualTo(FetchResult.BAD_STATUS);
      assertThat(settled.response().status()).isEqualTo(404);
      assertThat(new String(Bodies.read(blobs, settled.body()), UTF_8)).isEqualTo("status 404");
    }

    @Test
    void thatIsToBeTriedAgainKeepsTheBytes() throws Exception {
      Jobs job =
          answered("/busy", cut(), status(503), rest(600, 999))
              .retry(new RetryPolicy(5, Set.of(503), false));
      Attempts attempts = new Attempts(kafka, job);
      attempts.broke();

      Broke busy = attempts.broke();
      assertThat(busy.kept()).isNotNull();
      assertThat(busy.newBytes()).isFalse();
      assertThat(busy.fallback().response().status()).isEqualTo(503);
      assertWhole((Settled) attempts.perform());
    }

    @Test
    void thatIsSlowIsNewsFromTheOrigin() throws Exception {
      Attempts attempts =
          new Attempts(kafka, answered("/slow-rest", cut(), rest(600, 999).stallAfter(0)));
      attempts.broke();
      FetchJob second = attempts.release();

      await().until(() -> told(attempts, second));
      kafka.order(new ControlMessage.Cancel(second.uid()));
    }

    private boolean told(Attempts attempts, FetchJob second) {
      return attempts.said().stream()
          .filter(e -> e.task().attempt() == second.attempt())
          .anyMatch(e -> e instanceof SegmentStored s && s.stored().size() == 600);
    }
  }

  @Nested
  class APartThatNobodyAskedFor {

    @Test
    void isCompletedWhenItIsTheFirst() throws Exception {
      Settled settled =
          settled(answered("/first-part", rest(0, 299), rest(300, 998), rest(999, 999)));

      assertWhole(settled);
      assertThat(settled.response().status()).isEqualTo(206);
      assertThat(ranges("/first-part")).containsExactly(null, "bytes=300-", "bytes=999-");
    }

    @Test
    void isCompletedByFurtherAttemptsToo() throws Exception {
      assertWhole(settled(answered("/first-cut", rest(0, 299).cutAfter(100), rest(100, 999))));
    }

    @Test
    void isAllWhenItsLengthIsUnknown() throws Exception {
      assertWhole(
          settled(
              answered("/first-unknown", rest(0, 999).header("Content-Range", "bytes 0-999/*"))));
    }

    @Test
    void isAnErrorWhenItIsAnother() {
      assertFetchError(settled(answered("/later-part", rest(5, 999))), "from byte 5");
    }

    @Test
    void isAnErrorWithoutContentRange() {
      assertFetchError(
          settled(answered("/vague-part", rest(0, 999).header("Content-Range", "bytes"))),
          "without a valid Content-Range");
    }
  }

  @Nested
  class ARecordThatIsGivenBack {

    @Test
    void leavesWhatCameToTheNextAttempt() throws Exception {
      Attempts attempts =
          new Attempts(
              kafka, answered("/paused", cut().stallAfter(600), rest(600, 999)).version(5));
      FetchJob first = attempts.release();
      kafka.await_(ResponseReady.class, first);

      kafka.order(new ControlMessage.Pause(first.uid(), 6));
      assertThat(attempts.end())
          .isInstanceOfSatisfying(
              Yielded.class, back -> assertThat(back.connectedMillis()).isPositive());
      assertThat(attempts.kept().stored().size()).isEqualTo(600);
    }

    @Test
    void isGoneOnWithByAnotherWorker() throws Exception {
      Attempts attempts =
          new Attempts(kafka, answered("/handed-on", cut().stallAfter(600), rest(600, 999)));
      kafka.await_(ResponseReady.class, attempts.release());

      worker.replace();

      Yielded back = (Yielded) attempts.end();
      Settled settled = (Settled) attempts.perform();
      assertWhole(settled);
      assertThat(settled.worker()).isNotEqualTo(back.worker());
      assertThat(ranges("/handed-on")).containsExactly(null, "bytes=600-");
    }

    @Test
    void isFetchedAnewWhenItsSegmentsAreGone() throws Exception {
      Attempts attempts = new Attempts(kafka, answered("/swept", cut(), whole(BODY)));
      attempts.broke();
      Files.delete(blobs.resolve(attempts.kept().stored().segments().getFirst().key()));

      assertWhole((Settled) attempts.perform());
      assertThat(ranges("/swept")).containsExactly(null, null);
    }

    @Test
    void keepsNothingWhenItIsCancelled() {
      Attempts attempts = new Attempts(kafka, answered("/cancelled", cut().stallAfter(600)));
      FetchJob job = attempts.release();
      kafka.await_(ResponseReady.class, job);

      kafka.order(new ControlMessage.Cancel(job.uid()));
      settled(answered("/after-cancel", whole(BODY)));

      assertThat(kafka.of(SegmentStored.class, job)).isEmpty();
      assertThat(kafka.of(Yielded.class, job)).isEmpty();
    }
  }

  @Nested
  class ALimit {

    @Test
    void onBytesHoldsForTheWholeBody() {
      Settled settled = settled(answered("/limited", cut(), rest(600, 999)).bytesAllowed(999));

      assertThat(settled.result()).isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
      assertThat(settled.error()).contains("downloadTotal");
      assertThat(settled.body()).isNull();
    }

    @Test
    void onBytesMayBeTheQuota() {
      Settled settled =
          settled(
              answered("/quota", whole(BODY))
                  .bytesAllowed(999)
                  .overrun(FetchResult.QUOTA_EXCEEDED));

      assertThat(settled.result()).isEqualTo(FetchResult.QUOTA_EXCEEDED);
      assertThat(settled.error()).contains("quota");
    }

    @Test
    void onBytesThatWasLoweredEndsTheRecordWithoutARequest() {
      Attempts attempts = new Attempts(kafka, answered("/lowered", cut()));
      attempts.broke();

      attempts.job().bytesAllowed(599);

      Settled settled = (Settled) attempts.perform();
      assertThat(settled.result()).isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
      assertThat(settled.downloaded()).isEqualTo(600);
      assertThat(ranges("/lowered")).hasSize(1);
    }

    @Test
    void onBytesEndsAnEndlessBody() {
      Settled settled = settled(Jobs.get(origin.url("/bytes/1000000000000")).bytesAllowed(3 << 20));

      assertThat(settled.result()).isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    }

    @Test
    void onTimeHoldsForAllAttemptsTogether() {
      Timeouts total =
          new Timeouts(
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10));
      Settled settled =
          settled(
              Jobs.get(origin.url("/drip/1000000?chunk=10&every=50"))
                  .timeouts(total)
                  .connectedMillis(9_500));

      assertFetchError(settled, "not complete within 10 s");
      assertThat(settled.downloaded()).isPositive();
    }
  }

  @Nested
  class AFullBlobStore {

    /** What stands in the way of a directory takes no files, whoever asks. */
    @Test
    void givesJobsBackUntilThereIsRoom() throws Exception {
      Attempts attempts = new Attempts(kafka, Jobs.get(origin.url("/bytes/50000?seed=7")));
      Path away = Files.move(blobs, blobs.resolveSibling("away"));
      Files.createFile(blobs);
      try {
        assertThat(((Yielded) attempts.perform()).why()).contains("blob store");
        assertThat(worker.ready()).isFalse();
      } finally {
        Files.delete(blobs);
        Files.move(away, blobs);
      }

      await().atMost(Duration.ofSeconds(10)).until(worker::ready);
      assertThat(((Settled) attempts.perform()).result()).isEqualTo(FetchResult.SUCCESS);
    }
  }
}
