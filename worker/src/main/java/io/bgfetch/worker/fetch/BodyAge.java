package io.bgfetch.worker.fetch;

/**
 * How long a body has been coming. The older it is, the longer its readers wait for the next bytes,
 * so that the manifest of a body of any age stays short.
 *
 * @param since when it began to come in this attempt, in milliseconds
 * @param before how long it came in earlier attempts, in milliseconds
 */
record BodyAge(long since, long before) {

  private static final long LEAST_MILLIS = 1_000;
  private static final long PARTS = 60;

  /** How long a segment may stay open, in milliseconds. */
  long patience(long now) {
    return Math.max(LEAST_MILLIS, (before + now - since) / PARTS);
  }
}
