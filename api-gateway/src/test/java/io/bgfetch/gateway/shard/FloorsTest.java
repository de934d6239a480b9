package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FloorsTest {

  private int owned = 16;
  private final Floors floors = new Floors(16, () -> owned);

  @Test
  void isSharedByTheShardsThatHaveRegistrations() {
    for (int shard = 0; shard < 8; shard++) {
      floors.of(shard, true);
    }

    assertThat(floors.of(3, true)).isEqualTo(2_048 / 8);
  }

  @Test
  void isEvenWhereAllHaveSome() {
    for (int shard = 0; shard < 16; shard++) {
      floors.of(shard, true);
    }

    assertThat(floors.of(15, true)).isEqualTo(Floors.even(16)).isEqualTo(128);
  }

  @Test
  void leavesTheOthersWhatOneDoesNotNeedAnyMore() {
    for (int shard = 0; shard < 16; shard++) {
      floors.of(shard, true);
    }
    for (int shard = 0; shard < 7; shard++) {
      floors.of(shard, false);
    }
    floors.leave(7);

    assertThat(floors.of(15, true)).isEqualTo(2_048 / 8);
  }

  @Test
  void givesNoOneMoreThanIsGoodForIt() {
    assertThat(floors.of(1, true)).isEqualTo(512);
  }

  @Test
  void sharesOnlyTheGatewaysPart() {
    owned = 4;
    floors.of(0, true);

    assertThat(floors.of(1, true)).isEqualTo(2_048 / 4 / 2);
  }

  @Test
  void leavesSomethingToEachOfVeryManyShards() {
    assertThat(Floors.even(1_000)).isEqualTo(16);
  }
}
