package io.bgfetch.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficCountsTest {

  private final TrafficCounts counts = new TrafficCounts();

  @Test
  void addUpByTenant() {
    counts.add(Map.of("shop", new Traffic(1, 10)));
    counts.add(Map.of("shop", new Traffic(2, 20), "reports", new Traffic(0, 5)));

    assertThat(counts.take())
        .containsExactly(
            Map.entry("reports", new Traffic(0, 5)), Map.entry("shop", new Traffic(3, 30)));
  }

  @Test
  void areTakenOnce() {
    counts.add(Map.of("shop", new Traffic(1, 10)));
    counts.take();

    assertThat(counts.take()).isEmpty();
  }

  @Test
  void areTakenAgainWhereTheyCouldNotBeWritten() {
    counts.add(Map.of("shop", new Traffic(1, 10)));
    Map<String, Traffic> failed = counts.take();
    counts.add(Map.of("shop", new Traffic(1, 1)));

    counts.add(failed);

    assertThat(counts.take()).containsExactly(Map.entry("shop", new Traffic(2, 11)));
  }
}
