package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.worker.RawOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statuses whose responses have no body, from origins that send one, or do not say that not. */
class BodilessAnswersTest {

  private static final String BODY = "x".repeat(200_000);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Timeouts IDLE_SHORT =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), SHORT, Duration.ofSeconds(20));

  @TempDir static Path directory;
  private static FetchUnderTest worker;

  @BeforeAll
  static void start() {
    worker = new FetchUnderTest(directory, Map.of());
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  private static void endWithoutBody(RawOrigin origin, int status) {
    try (origin) {
      FetchRequest request = FetchRequest.get(origin.url());
      Settled settled =
          (Settled) FetchUnderTest.ending(worker.begin(request, RetryPolicy.DEFAULT, IDLE_SHORT));

      assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
      assertThat(settled.error()).isNull();
      assertThat(settled.response().status()).isEqualTo(status);
      assertThat(settled.body().size()).isZero();
      assertThat(settled.downloaded()).isZero();
      assertThat(origin.requests()).isEqualTo(1);
    }
  }

  @Test
  void mayPromiseABodyAndSendIt() {
    String head = "HTTP/1.1 205 Reset\r\nContent-Length: 200000\r\n\r\n";
    endWithoutBody(RawOrigin.leavingOpen(head + BODY), 205);
  }

  @Test
  void mayPromiseABodyAndNotSendIt() {
    endWithoutBody(
        RawOrigin.leavingOpen("HTTP/1.1 205 Reset\r\nContent-Length: 200000\r\n\r\n"), 205);
  }

  @Test
  void mayEndWithTheConnection() {
    String head = "HTTP/1.1 205 Reset\r\nConnection: close\r\n\r\n";
    endWithoutBody(RawOrigin.closing(head + BODY), 205);
  }

  @Test
  void mayBreakOff() {
    String head = "HTTP/1.1 205 Reset\r\nContent-Length: 200000\r\n\r\nxyz";
    endWithoutBody(RawOrigin.closing(head), 205);
  }

  @Test
  void mayHaveNoLengthOnAConnectionThatStaysOpen() {
    endWithoutBody(RawOrigin.leavingOpen("HTTP/1.1 205 Reset\r\nX: y\r\n\r\n"), 205);
  }

  @Test
  void mayHaveABodyThatNobodyExpects() {
    String head = "HTTP/1.1 204 No Content\r\nContent-Length: 200000\r\n\r\n";
    endWithoutBody(RawOrigin.leavingOpen(head + BODY), 204);
  }
}
