package io.bgfetch.fetch;

import java.time.Duration;

/**
 * The deadlines of one record.
 *
 * @param connect until a connection is made
 * @param firstByte from the request being sent until the response's head is known
 * @param idle the longest silence in a body
 * @param total connected time over all attempts, without waiting and pauses
 */
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {

  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofHours(6));

  public Timeouts {
    requirePositive("connect", connect);
    requirePositive("firstByte", firstByte);
    requirePositive("idle", idle);
    requirePositive("total", total);
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("timeouts." + name + " must be positive");
    }
  }
}
