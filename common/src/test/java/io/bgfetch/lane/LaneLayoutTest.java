package io.bgfetch.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaneLayoutTest {

  private final LaneLayout layout = new LaneLayout(64);

  private static HostLimit of(int concurrency) {
    return HostLimit.ofConcurrency(concurrency);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 63, 64, 65, 100, 512})
  void sharesAddUpToTheHostsConcurrency(int concurrency) {
    int sum =
        IntStream.range(0, layout.lanes(of(concurrency)))
            .map(k -> layout.shareOf(k, of(concurrency)))
            .sum();

    assertThat(sum).isEqualTo(concurrency);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 32, 64, 200})
  void lanesOfAHostLieOnPartitionsOfTheirOwn(int concurrency) {
    Set<Integer> partitions = new HashSet<>();
    for (int k = 0; k < layout.lanes(of(concurrency)); k++) {
      partitions.add(layout.partitionOf("example.com:443", k, of(concurrency)));
    }

    assertThat(partitions).hasSize(layout.lanes(of(concurrency))).allMatch(p -> p >= 0 && p < 64);
  }

  @Test
  void hostsBeginAtDifferentPartitions() {
    Set<Integer> starts = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      starts.add(layout.partitionOf("host" + i + ".example:80", 0, of(1)));
    }

    assertThat(starts).hasSizeGreaterThan(60);
  }

  @Test
  void theNameOfALaneTellsItsHost() {
    assertThat(LaneLayout.hostOf(LaneLayout.laneName("[::1]:8080", 12))).isEqualTo("[::1]:8080");
  }

  @ParameterizedTest
  @CsvSource({"0.5,1", "1,1", "1.9,1", "7,7", "63.9,63", "1000,64"})
  void everyLaneOfAHostWithARateMayStartOneASecond(double rate, int lanes) {
    HostLimit limit = new HostLimit(100, rate);

    assertThat(layout.lanes(limit)).isEqualTo(lanes);
    assertThat(layout.rateOf(limit) * lanes).isCloseTo(rate, within(1e-9));
  }
}
