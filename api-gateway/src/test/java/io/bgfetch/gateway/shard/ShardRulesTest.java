package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardRulesTest {

  @ParameterizedTest
  @CsvSource({"1, 512", "4, 512", "16, 128", "128, 16", "4096, 16"})
  void leaveAllShardsTogetherAboutWhatOneWorkerHolds(int shards, int floor) {
    ShardRules rules =
        ShardRules.of(
            shards,
            new LaneLayout(64),
            HostLimits.same(HostLimit.ofConcurrency(64)),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Quota.UNLIMITED);

    assertThat(rules.waitingFloor()).isEqualTo(floor);
  }
}
