package io.bgfetch.gateway.stats;

/**
 * What came for a tenant in some time.
 *
 * @param fetches records that ended by themselves, well or not
 * @param bytes of response bodies, also those that were thrown away afterwards; never negative
 */
public record Traffic(long fetches, long bytes) {

  /** Both together. */
  public Traffic plus(Traffic other) {
    return new Traffic(fetches + other.fetches, bytes + other.bytes);
  }

  /** Whether there is nothing to count. */
  public boolean isNothing() {
    return fetches == 0 && bytes == 0;
  }
}
