package io.bgfetch.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {

  private static final Attempt FAILED = new Attempt.Answered(500, null);

  private final RetrySchedule schedule = new RetrySchedule(always(0));

  private static RandomGenerator always(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 0;
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  private static Attempt answer(int status, Duration retryAfter) {
    return new Attempt.Answered(status, retryAfter);
  }

  private static Duration waited(Ruling ruling) {
    return ((Ruling.Again) ruling).in();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 299})
  void takesAnyTwoHundredAsDelivered(int status) {
    assertThat(schedule.after(0, answer(status, null))).isEqualTo(new Ruling.Delivered());
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 301, 302, 400, 401, 404, 408, 429, 500, 503})
  void sendsAgainWhatWasAnsweredOtherwise(int status) {
    assertThat(schedule.after(0, answer(status, null))).isInstanceOf(Ruling.Again.class);
  }

  @Test
  void sendsAgainWhatWasNotAnswered() {
    assertThat(waited(schedule.after(0, new Attempt.Unanswered("connection refused"))))
        .isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT5S",
    "1, PT1M",
    "2, PT5M",
    "3, PT30M",
    "4, PT2H",
    "5, PT5H",
    "6, PT8H",
    "7, PT8H"
  })
  void waitsLongerEachTime(int tries, Duration wait) {
    assertThat(waited(schedule.after(tries, FAILED))).isEqualTo(wait);
  }

  @Test
  void givesUpAfterNineAttemptsOverADay() {
    Duration all = Duration.ZERO;
    for (int tries = 0; tries < 8; tries++) {
      all = all.plus(waited(schedule.after(tries, FAILED)));
    }

    assertThat(schedule.after(8, FAILED)).isEqualTo(new Ruling.GivenUp());
    assertThat(all).isBetween(Duration.ofHours(23), Duration.ofHours(25));
  }

  @Test
  void addsUpToATenthAtRandom() {
    Ruling latest = new RetrySchedule(always(1)).after(2, FAILED);

    assertThat(waited(latest)).isEqualTo(Duration.ofSeconds(330));
  }

  @Test
  void neverComesEarlierThanItIsAskedTo() {
    assertThat(waited(schedule.after(0, answer(429, Duration.ofMinutes(2)))))
        .isEqualTo(Duration.ofMinutes(2));
    assertThat(waited(schedule.after(2, answer(429, Duration.ofMinutes(2)))))
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void waitsNoLongerThanIsReasonable() {
    assertThat(waited(schedule.after(0, answer(503, Duration.ofDays(30)))))
        .isEqualTo(Duration.ofHours(8));
  }

  @ParameterizedTest
  @CsvSource({"429, PT2M", "503, PT2M", "500, PT0S"})
  void leavesTheWholeWebhookAloneWhereThatIsMeant(int status, Duration silence) {
    Ruling ruling = schedule.after(0, answer(status, Duration.ofMinutes(2)));

    assertThat(((Ruling.Again) ruling).silence()).isEqualTo(silence);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void endsForGoodWhereTheReceiverIsGone(int tries) {
    assertThat(schedule.after(tries, answer(410, null))).isEqualTo(new Ruling.Gone());
  }
}
