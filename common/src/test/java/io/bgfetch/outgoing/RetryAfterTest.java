package io.bgfetch.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "120, 120000",
    "' 7 ', 7000",
    "'Sat, 31 Jan 2026 12:00:30 GMT', 30000",
    "'Sat, 31 Jan 2026 11:00:00 GMT', 0",
    "'Saturday, 31-Jan-26 12:00:30 GMT', 30000",
    "'Sunday, 06-Nov-94 08:49:37 GMT', 0",
    "'Sat Jan 31 12:00:30 2026', 30000",
    "'Sun Feb  1 12:00:00 2026', 86400000",
    "'Sunday, 31-Jan-26 12:00:30 GMT', ",
    "soon, ",
    "-5, ",
    "1.5, ",
    "99999999999999999999, ",
    ", "
  })
  void readsSecondsAndDates(String value, Long millis) {
    assertThat(RetryAfter.millis(value, NOW)).isEqualTo(millis);
  }
}
