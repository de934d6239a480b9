package io.bgfetch.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantStatsTest {

  /** What runs was counted some seconds ago and may have ended since. */
  @ParameterizedTest
  @CsvSource({"10, 4, 6", "4, 4, 0", "3, 4, 0"})
  void whatDoesNotRunWaitsAndIsNeverLessThanNothing(long unsettled, long running, long waiting) {
    assertThat(TenantStats.of(unsettled, running, List.of()).waiting()).isEqualTo(waiting);
  }
}
