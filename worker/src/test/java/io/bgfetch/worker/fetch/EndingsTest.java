package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.OfTask;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.outgoing.NetworkError;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EndingsTest {

  private static final BodyContent BODY = new BodyContent(StoredBody.EMPTY, "digest", null);

  private static final FetchJob.Resume KEPT =
      new FetchJob.Resume(
          head(200), new StoredBody.Segments(List.of(new StoredBody.Segment("a/0/1-t/0", 7))));
  private static final SoFar NOTHING = new SoFar(null, 0, 0, 0, null, false);

  private static SoFar soFar(long downloaded, boolean kept) {
    return new SoFar(head(200), downloaded, 3, 1_500, kept ? KEPT : null, kept);
  }

  private static Endings of(String method, RetryPolicy retry) {
    FetchRequest request =
        new FetchRequest(
            "http://a.example/", method, Map.of(), Map.of(), null, RedirectMode.FOLLOW, null);
    FetchJob job =
        new FetchJob(
            UUID.randomUUID(),
            0,
            1,
            0,
            "default",
            "a.example:80#0",
            1,
            0,
            request,
            retry,
            Timeouts.DEFAULT,
            Long.MAX_VALUE,
            FetchResult.DOWNLOAD_TOTAL_EXCEEDED,
            0,
            null);
    return new Endings("w", job, job.task("t"), () -> Instant.EPOCH);
  }

  private static RetryPolicy retry(boolean unsafe) {
    return new RetryPolicy(5, Set.of(503), unsafe);
  }

  private static RecordResponse head(int status) {
    return new RecordResponse("http://a.example/", false, status, "", Map.of("retry-after", "2"));
  }

  private static OfTask failed(Endings endings, Throwable failure, boolean connected) {
    return endings.failed(failure, connected, NOTHING);
  }

  @Nested
  class AnAnswer {

    @Test
    void isASuccessOrABadStatus() {
      Endings endings = of("GET", RetryPolicy.DEFAULT);

      assertThat(((Settled) endings.answered(head(204), BODY, NOTHING)).result())
          .isEqualTo(FetchResult.SUCCESS);
      assertThat(((Settled) endings.answered(head(304), BODY, NOTHING)).result())
          .isEqualTo(FetchResult.BAD_STATUS);
    }

    @Test
    void isTriedAgainWhereItsStatusIs() {
      assertThat(of("GET", retry(false)).answered(head(503), BODY, NOTHING))
          .isInstanceOfSatisfying(
              Broke.class,
              broke -> {
                assertThat(broke.retryAfter()).isEqualTo(2_000);
                assertThat(broke.fallback().result()).isEqualTo(FetchResult.BAD_STATUS);
              });
    }

    @Test
    void withAnotherBodyThanTheOneThatWasMeantIsAnError() {
      BodyContent other = new BodyContent(StoredBody.EMPTY, "digest", "integrity: another");

      assertThat(of("GET", RetryPolicy.DEFAULT).answered(head(200), other, NOTHING))
          .isInstanceOfSatisfying(Settled.class, AnAnswer::isUnreadable);
      assertThat(of("GET", retry(false)).answered(head(503), other, NOTHING))
          .isInstanceOfSatisfying(Broke.class, broke -> isUnreadable(broke.fallback()));
    }

    private static void isUnreadable(Settled settled) {
      assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
      assertThat(settled.error()).isEqualTo("integrity: another");
      assertThat(settled.body()).isNull();
    }

    @Test
    void toARequestThatIsNotSafeIsKeptUnlessItMayBeRepeated() {
      assertThat(of("POST", retry(false)).answered(head(503), BODY, NOTHING))
          .isInstanceOf(Settled.class);
      assertThat(of("POST", retry(true)).answered(head(503), BODY, NOTHING))
          .isInstanceOf(Broke.class);
    }
  }

  @Nested
  class AFailureThatMayPass {

    private final IOException reset = new IOException("Connection reset by peer");

    @Test
    void breaksASafeRequest() {
      assertThat(failed(of("GET", retry(false)), reset, true)).isInstanceOf(Broke.class);
    }

    @Test
    void saysWhatMayBeGoneOnFrom() {
      assertThat(of("GET", retry(false)).failed(reset, true, soFar(11, true)))
          .isInstanceOfSatisfying(
              Broke.class,
              broke -> {
                assertThat(broke.kept()).isEqualTo(KEPT);
                assertThat(broke.newBytes()).isTrue();
                assertThat(broke.uploaded()).isEqualTo(3);
                assertThat(broke.connectedMillis()).isEqualTo(1_500);
              });
    }

    @Test
    void endsOneThatIsNotSafeOnceThereWasAConnection() {
      assertThat(failed(of("POST", retry(false)), reset, true))
          .isInstanceOfSatisfying(
              Settled.class, s -> assertThat(s.result()).isEqualTo(FetchResult.FETCH_ERROR));
      assertThat(failed(of("POST", retry(false)), new ConnectException("refused"), false))
          .isInstanceOf(Broke.class);
    }

    @Test
    void breaksOneThatIsNotSafeButMayBeRepeated() {
      assertThat(failed(of("POST", retry(true)), reset, true)).isInstanceOf(Broke.class);
    }
  }

  @Test
  void aLastingFailureEndsTheRecordWithOneLine() {
    OfTask ended =
        failed(of("GET", retry(false)), new FetchFailure(NetworkError.lasting("rules")), true);

    assertThat(((Settled) ended).error()).isEqualTo("rules");
  }

  @Test
  void aBodyThatIsTooLargeEndsTheRegistration() {
    OfTask ended = of("GET", retry(false)).failed(new BodyTooLarge(), true, soFar(11, false));

    assertThat(((Settled) ended).result()).isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    assertThat(((Settled) ended).downloaded()).isEqualTo(11);
  }

  @Test
  void aFullStoreGivesTheJobBack() {
    StoreFailure full = new StoreFailure(new IOException("No space left on device"));

    assertThat(failed(of("GET", retry(false)), full, true)).isInstanceOf(Yielded.class);
  }
}
