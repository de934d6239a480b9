package io.bgfetch.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BookkeepingTest {

  @ParameterizedTest
  @CsvSource({"0, 1000", "999, 1", "1000, 2000", "1001, 1999", "2000, 1000", "7777, 1223"})
  void writesInTheMiddleOfAnInterval(long now, long wait) {
    assertThat(Bookkeeping.untilNextMiddle(now)).isEqualTo(wait);
  }
}
