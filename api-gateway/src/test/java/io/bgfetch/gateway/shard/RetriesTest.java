package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesTest {

  private final Retries retries =
      new Retries(Duration.ofSeconds(1), Duration.ofMinutes(5), new Random(1));

  private LongStream waits(int failures) {
    return LongStream.range(0, 1_000).map(i -> retries.waitMillis(failures, null));
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "2, 2000", "3, 4000", "8, 128000", "10, 300000", "1000, 300000"})
  void waitTwiceAsLongEachTimeUpToTheCap(int failures, long most) {
    assertThat(waits(failures).max().orElseThrow()).isBetween(most * 9 / 10, most);
  }

  @Test
  void waitAtLeastHalfOfThatAndNotAllTheSame() {
    assertThat(waits(3).min().orElseThrow()).isBetween(2_000L, 2_200L);
    assertThat(waits(3).distinct().count()).isGreaterThan(100);
  }

  @ParameterizedTest
  @CsvSource({"120000, 120000", "3600000, 300000"})
  void waitAsLongAsTheOriginAskedUpToTheCap(long asked, long waits) {
    assertThat(retries.waitMillis(1, asked)).isEqualTo(waits);
  }

  @Test
  void waitTheirOwnTimeWhereTheOriginAskedForLess() {
    assertThat(retries.waitMillis(5, 0L)).isBetween(8_000L, 16_000L);
  }
}
