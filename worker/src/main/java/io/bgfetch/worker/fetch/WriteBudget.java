package io.bgfetch.worker.fetch;

/**
 * How many received bytes may wait in memory to be written, over all bodies: few bodies get much
 * each, many get little, and an origin is read no faster than the blob store takes its bytes.
 * Belongs to one context.
 */
public final class WriteBudget {

  static final long MOST_PER_BODY = 1 << 20;
  static final long LEAST_PER_BODY = 16 << 10;

  private final long total;
  private int bodies;

  /** A budget of this many bytes in all. */
  WriteBudget(long total) {
    this.total = total;
  }

  /** A fraction of the memory that this process may have. */
  public static WriteBudget ofThisProcess() {
    return new WriteBudget(Runtime.getRuntime().maxMemory() / 8);
  }

  void opened() {
    bodies++;
  }

  void closed() {
    bodies--;
  }

  /** The bytes of one body that may wait. */
  long perBody() {
    return Math.clamp(total / Math.max(1, bodies), LEAST_PER_BODY, MOST_PER_BODY);
  }
}
