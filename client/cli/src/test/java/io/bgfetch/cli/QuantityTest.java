package io.bgfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1536, 1.5 KiB",
    "1048524, 1023.9 KiB",
    "1048575, 1.0 MiB",
    "62914560, 60.0 MiB",
    "9007199254740991, 8.0 PiB",
    "9223372036854775807, 8.0 EiB"
  })
  void writesSizes(long bytes, String text) {
    assertThat(Quantity.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0:00",
    "PT7.9S, 0:07",
    "PT12M34S, 12:34",
    "PT1H2M3S, 1:02:03",
    "PT50H, 50:00:00"
  })
  void writesClocks(Duration duration, String text) {
    assertThat(Quantity.clock(duration)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.44S, 0.4 s",
    "PT9.99S, 9.9 s",
    "PT12S, 12 s",
    "PT2M5S, 2:05 min",
    "PT1H, 1:00:00 h"
  })
  void writesDurations(Duration duration, String text) {
    assertThat(Quantity.duration(duration)).isEqualTo(text);
  }

  @Test
  void writesTimesOfTheZone() {
    Instant instant = Instant.parse("2026-01-31T12:00:00.999Z");

    assertThat(Quantity.time(instant, ZoneOffset.UTC)).isEqualTo("2026-01-31 12:00:00");
    assertThat(Quantity.time(instant, ZoneId.of("Europe/Berlin"))).isEqualTo("2026-01-31 13:00:00");
    assertThat(Quantity.time(null, ZoneOffset.UTC)).isEqualTo("-");
  }
}
