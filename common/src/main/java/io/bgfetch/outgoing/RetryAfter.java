package io.bgfetch.outgoing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header by which a server says when to come back (RFC 9110, section 10.2.3). */
public final class RetryAfter {

  private static final int MOST_DIGITS = 12;
  private static final int OBSOLETE_YEARS_AHEAD = 50;

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US).withZone(ZoneOffset.UTC);

  private RetryAfter() {}

  /** Milliseconds to wait, never negative; null where the value is missing or cannot be read. */
  public static @Nullable Long millis(@Nullable String value, Instant now) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String text = value.strip();
    return text.chars().allMatch(c -> c >= '0' && c <= '9') ? seconds(text) : date(text, now);
  }

  private static @Nullable Long seconds(String digits) {
    return digits.length() <= MOST_DIGITS ? Long.valueOf(Long.parseLong(digits) * 1000) : null;
  }

  /** All three forms of a date have to be read (RFC 9110, section 5.6.7). */
  private static @Nullable Long date(String text, Instant now) {
    for (DateTimeFormatter form :
        List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850(now), ASCTIME)) {
      try {
        Instant at = form.parse(text, Instant::from);
        return Math.max(0, at.toEpochMilli() - now.toEpochMilli());
      } catch (DateTimeException notInThisForm) {
        // perhaps in the next one
      }
    }
    return null;
  }

  /** Its years have two digits, and none of them is more than 50 years ahead. */
  private static DateTimeFormatter rfc850(Instant now) {
    LocalDate latest = LocalDate.ofInstant(now, ZoneOffset.UTC).plusYears(OBSOLETE_YEARS_AHEAD);
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, latest.minusYears(99))
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.US)
        .withZone(ZoneOffset.UTC);
  }
}
