package io.bgfetch.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Lengths of time and sizes as people write them. */
public final class Units {

  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

  private Units() {}

  /** Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d}; only positive ones. */
  public static Optional<Duration> duration(String text) {
    int unit = startOfUnit(text);
    Duration one = TIMES.get(text.substring(unit));
    if (one == null) {
      return Optional.empty();
    }
    return count(text, unit, Long.MAX_VALUE / 1_000_000_000L / Math.max(1, one.toSeconds()))
        .filter(n -> n > 0)
        .map(one::multipliedBy);
  }

  /** Reads a number of bytes: {@code 1024}, {@code 16KiB}, {@code 8MiB}, {@code 1GiB}. */
  public static Optional<Long> bytes(String text) {
    int unit = startOfUnit(text);
    Long one = SIZES.get(text.substring(unit));
    return one == null
        ? Optional.empty()
        : count(text, unit, Long.MAX_VALUE / one).map(n -> n * one);
  }

  private static int startOfUnit(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private static Optional<Long> count(String text, int digits, long most) {
    if (digits == 0 || digits > 18) {
      return Optional.empty();
    }
    long n = Long.parseLong(text.substring(0, digits));
    return n <= most ? Optional.of(n) : Optional.empty();
  }
}
