package io.bgfetch.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneLayoutTest {

  private final LaneLayout layout = new LaneLayout(64);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 63, 64, 65, 100, 512})
  void sharesAddUpToTheHostsConcurrency(int concurrency) {
    int sum =
        IntStream.range(0, layout.lanes(concurrency))
            .map(k -> layout.shareOf(k, concurrency))
            .sum();

    assertThat(sum).isEqualTo(concurrency);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 32, 64, 200})
  void lanesOfAHostLieOnPartitionsOfTheirOwn(int concurrency) {
    Set<Integer> partitions = new HashSet<>();
    for (int k = 0; k < layout.lanes(concurrency); k++) {
      partitions.add(layout.partitionOf("example.com:443", k, concurrency));
    }

    assertThat(partitions).hasSize(layout.lanes(concurrency)).allMatch(p -> p >= 0 && p < 64);
  }

  @Test
  void hostsBeginAtDifferentPartitions() {
    Set<Integer> starts = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      starts.add(layout.partitionOf("host" + i + ".example:80", 0, 1));
    }

    assertThat(starts).hasSizeGreaterThan(60);
  }

  @Test
  void theNameOfALaneTellsItsHost() {
    assertThat(LaneLayout.hostOf(LaneLayout.laneName("[::1]:8080", 12))).isEqualTo("[::1]:8080");
  }
}
