package io.bgfetch.gateway.shard;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a record is tried again: exponential back-off with jitter, and what the origin asked for.
 */
record Retries(Duration base, Duration cap, RandomGenerator random) {

  /**
   * How long to wait.
   *
   * @param failures failed tries in a row, this one included; at least 1
   * @param retryAfterMillis what the origin asked for; null where it did not
   * @return milliseconds: between half and the whole of the doubled base, at least what the origin
   *     asked for, and never more than the cap
   */
  long waitMillis(int failures, @Nullable Long retryAfterMillis) {
    double doubled = base.toMillis() * Math.pow(2, Math.min(failures - 1, 40));
    double most = Math.min(doubled, cap.toMillis());
    long own = (long) (most / 2 + random.nextDouble() * most / 2);
    long asked = retryAfterMillis == null ? 0 : Math.max(0, retryAfterMillis);
    return Math.min(cap.toMillis(), Math.max(own, asked));
  }
}
