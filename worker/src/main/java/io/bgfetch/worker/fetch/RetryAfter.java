package io.bgfetch.worker.fetch;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The header by which an origin says when to come back (RFC 9110, section 10.2.3). */
final class RetryAfter {

  private static final int MOST_DIGITS = 12;

  private RetryAfter() {}

  /** Milliseconds to wait, never negative; null where the value is missing or cannot be read. */
  static @Nullable Long millis(@Nullable String value, Instant now) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String text = value.strip();
    return text.chars().allMatch(c -> c >= '0' && c <= '9') ? seconds(text) : date(text, now);
  }

  private static @Nullable Long seconds(String digits) {
    return digits.length() <= MOST_DIGITS ? Long.valueOf(Long.parseLong(digits) * 1000) : null;
  }

  private static @Nullable Long date(String text, Instant now) {
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Math.max(0, at.toEpochMilli() - now.toEpochMilli());
    } catch (DateTimeException notOne) {
      return null;
    }
  }
}
