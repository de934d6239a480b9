package io.bgfetch.gateway.webhook;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a delivery that failed is sent again: nine attempts over a day, further and further apart,
 * and never earlier than the receiver asks for, as far as that is within reason. A little more at
 * random keeps what failed together from coming together again.
 */
final class RetrySchedule {

  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(8),
          Duration.ofHours(8));

  /** Who asks for more is asked again after this. */
  private static final Duration LONGEST = Duration.ofHours(8);

  private static final double MOST_JITTER = 0.1;

  private static final int GONE = 410;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final RandomGenerator random;

  RetrySchedule(RandomGenerator random) {
    this.random = random;
  }

  /**
   * What follows from an attempt.
   *
   * @param tries before it
   */
  Ruling after(int tries, Attempt attempt) {
    return switch (attempt) {
      case Attempt.Answered answer when answer.status() / 100 == 2 -> new Ruling.Delivered();
      case Attempt.Answered answer when answer.status() == GONE -> new Ruling.Gone();
      case Attempt.Answered answer when speaksForAll(answer.status()) ->
          again(tries, answer.retryAfter(), bounded(answer.retryAfter()));
      case Attempt.Answered answer -> again(tries, answer.retryAfter(), Duration.ZERO);
      case Attempt.Unanswered none -> again(tries, null, Duration.ZERO);
    };
  }

  /** Whether it is about how much the receiver is sent, and not about this delivery. */
  private static boolean speaksForAll(int status) {
    return status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
  }

  private Ruling again(int tries, @Nullable Duration asked, Duration silence) {
    if (tries >= WAITS.size()) {
      return new Ruling.GivenUp();
    }
    Duration wait = longer(WAITS.get(tries), bounded(asked));
    long jitter = Math.round(wait.toMillis() * MOST_JITTER * random.nextDouble());
    return new Ruling.Again(wait.plusMillis(jitter), silence);
  }

  private static Duration bounded(@Nullable Duration asked) {
    if (asked == null) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
