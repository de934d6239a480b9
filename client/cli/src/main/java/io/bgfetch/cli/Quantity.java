package io.bgfetch.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Sizes, durations and times as people read them. */
final class Quantity {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Quantity() {}

  /** {@code 512 B}, {@code 1.0 KiB}, {@code 60.0 MiB}. */
  static String bytes(long bytes) {
    if (bytes < 1024) {
      return Math.max(0, bytes) + " B";
    }
    int unit = 0;
    double size = bytes;
    // what would be rounded to 1024.0 is one of the next unit
    while (size >= 1023.95 && unit < UNITS.length - 1) {
      size /= 1024;
      unit++;
    }
    long tenths = Math.round(size * 10);
    return tenths / 10 + "." + tenths % 10 + " " + UNITS[unit];
  }

  /** {@code 0:07}, {@code 12:34}, {@code 1:02:03}. */
  static String clock(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    String minutesAndSeconds = seconds / 60 % 60 + ":" + twoDigits(seconds % 60);
    if (seconds < 3600) {
      return minutesAndSeconds;
    }
    return seconds / 3600 + ":" + (seconds / 60 % 60 < 10 ? "0" : "") + minutesAndSeconds;
  }

  /** {@code 0.4 s}, {@code 12 s}, {@code 2:05 min}, {@code 1:02:03 h}. */
  static String duration(Duration duration) {
    if (duration.toSeconds() < 10) {
      long tenths = Math.max(0, duration.toMillis()) / 100;
      return tenths / 10 + "." + tenths % 10 + " s";
    }
    if (duration.toSeconds() < 60) {
      return duration.toSeconds() + " s";
    }
    return clock(duration) + (duration.toSeconds() < 3600 ? " min" : " h");
  }

  /** {@code 2026-01-31 13:00:00} in that zone; a dash for none. */
  static String time(@Nullable Instant instant, ZoneId zone) {
    if (instant == null) {
      return "-";
    }
    LocalDateTime time = LocalDateTime.ofInstant(instant, zone);
    return time.toLocalDate()
        + " "
        + twoDigits(time.getHour())
        + ":"
        + twoDigits(time.getMinute())
        + ":"
        + twoDigits(time.getSecond());
  }

  /** {@code 1 record}, {@code 2 records}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String twoDigits(long number) {
    return (number < 10 ? "0" : "") + number;
  }
}
