package io.bgfetch.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: twice as long after each, up to a bound, and never as long
 * as another client, so that those who lost the same gateway do not come back all at once.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final RandomGenerator random;
  private Duration most = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next wait: between half and all of what it may be by now. */
  Duration next() {
    long half = most.toNanos() / 2;
    Duration doubled = most.multipliedBy(2);
    most = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return Duration.ofNanos(half + random.nextLong(half + 1));
  }

  /** It went well: the next wait is a short one again. */
  void reset() {
    most = FIRST;
  }
}
