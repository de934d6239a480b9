package io.bgfetch.worker.lane;

/**
 * How many fetches may start by a rate: a token bucket that holds what a tenth of a second brings,
 * and one at least. Where the rate is infinite there is always one.
 */
final class TokenBucket {

  private static final double BURST_SECONDS = 0.1;
  private static final double MILLIS = 1_000;

  /** Sums of fractions fall short of the whole by less. */
  private static final double ROUNDING = 1e-6;

  private double rate;
  private double tokens;
  private long at;

  /**
   * A bucket that was empty once.
   *
   * @param rate tokens a second
   * @param emptyAt when it was, in milliseconds
   */
  TokenBucket(double rate, long emptyAt) {
    this.rate = rate;
    this.at = emptyAt;
  }

  /** It fills at another rate from now on. */
  void rate(double perSecond, long now) {
    if (perSecond != rate) {
      fill(now);
      rate = perSecond;
      tokens = Double.isInfinite(perSecond) ? 0 : Math.min(tokens, burst());
    }
  }

  /** Whole tokens that are there. */
  int tokens(long now) {
    if (Double.isInfinite(rate)) {
      return Integer.MAX_VALUE;
    }
    fill(now);
    return (int) (tokens + ROUNDING);
  }

  void take(long now) {
    if (!Double.isInfinite(rate)) {
      fill(now);
      tokens = Math.max(0, tokens - 1);
    }
  }

  /** When the next whole token will be there. */
  long nextAt(long now) {
    fill(now);
    return now + Math.max(1, (long) Math.ceil((1 - tokens - ROUNDING) * MILLIS / rate));
  }

  boolean full(long now) {
    if (Double.isInfinite(rate)) {
      return true;
    }
    fill(now);
    return tokens >= burst();
  }

  private void fill(long now) {
    if (now > at && !Double.isInfinite(rate)) {
      tokens = Math.min(burst(), tokens + (now - at) * rate / MILLIS);
    }
    at = Math.max(at, now);
  }

  private double burst() {
    return Math.max(1, rate * BURST_SECONDS);
  }
}
