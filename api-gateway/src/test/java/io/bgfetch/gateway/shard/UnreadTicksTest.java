package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnreadTicksTest {

  private final UnreadTicks ticks = new UnreadTicks();

  @Test
  void areThoseThatStandAtAnOffsetOrBehindIt() {
    ticks.written(3);
    ticks.written(7);
    ticks.written(8);

    assertThat(ticks.from(3)).isEqualTo(3);
    assertThat(ticks.from(8)).isEqualTo(1);
    assertThat(ticks.from(9)).isZero();
  }

  @Test
  void areNoneThatWereReadBeforeTheyWereAcknowledged() {
    assertThat(ticks.from(9)).isZero();
    ticks.written(8);

    assertThat(ticks.from(9)).isZero();
  }
}
