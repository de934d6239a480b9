package io.bgfetch.lane;

/**
 * How much of one host may be used at once, over the whole cluster.
 *
 * @param concurrency fetches that may run at the same time; at least 1
 * @param rate fetches that may start in a second; positive, infinite where there is no limit
 */
public record HostLimit(int concurrency, double rate) {

  /** The rate of a host that has no limit of it. */
  public static final double ANY_RATE = Double.POSITIVE_INFINITY;

  public HostLimit {
    if (concurrency < 1 || !(rate > 0)) {
      throw new IllegalArgumentException("a host of which nothing may be fetched");
    }
  }

  /** So many at once, as fast as they go. */
  public static HostLimit ofConcurrency(int concurrency) {
    return new HostLimit(concurrency, ANY_RATE);
  }

  /** Whether starts are counted. */
  public boolean hasRate() {
    return rate != ANY_RATE;
  }
}
