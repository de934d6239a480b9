package io.bgfetch.worker;

import static io.bgfetch.testkit.Answer.inTurn;
import static io.bgfetch.testkit.Answer.part;
import static io.bgfetch.testkit.Answer.status;
import static io.bgfetch.testkit.Answer.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.OfTask;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.testkit.Answer;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
  private static Jobs answered(String page, Answer... answers) {
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
      assertThat(broke.keepStored()).isTrue();
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
      Settled settled = settled(answered("/rst", cut().resetAfter(600), rest(0, 999), rest(0, 999)));

      // What a reset leaves of the bytes before it is the network's to say.
      assertThat(settled.result()).isIn(FetchResult.SUCCESS, FetchResult.FETCH_ERROR);
      assertThat(ranges("/rst")).hasSizeGreaterThan(1);
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

      assertThat(second.keepStored()).isTrue();
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
      assertThat(refused.keepStored()).isTrue();
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

      assertThat(broke.keepStored()).isFalse();
      assertThat(broke.newBytes()).isFalse();
      assertThat(ranges("/coded")).containsExactly(null, null);
    }

    @Test
    void ofAnErrorStatusBeginsAnew() {
      Attempts attempts = new Attempts(kafka, answered("/lost404", status(404).cutAfter(3)));

      assertThat(attempts.broke().keepStored()).isFalse();
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
      Jobs job =
          Jobs.post(origin.url("/repeated"), "x").retry(new RetryPolicy(5, Set.of(), true));

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
      assertFetchError(
          settled(withIntegrity("/sri-wrong", new byte[1])), "integrity");
    }

    private Jobs withIntegrity(String page, byte[] named) {
      String metadata = "sha256-" + Bodies.sha256(named);
      String url = answered(page, cut(), rest(600, 999)).build().request().url();
      return Jobs.of(
          new FetchRequest(
              url, "GET", Map.of(), Map.of(), null, RedirectMode.FOLLOW, metadata));
    }
  }
}
