package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.Timeouts;
import io.bgfetch.worker.fetch.Deadlines.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  private final Deadlines deadlines =
      new Deadlines(
          new Timeouts(
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofSeconds(3),
              Duration.ofSeconds(60)),
          10_000,
          0);

  @Test
  void holdEachInItsPhase() {
    deadlines.enter(Phase.CONNECTION, 100);
    assertThat(deadlines.passed(1_099)).isNull();
    assertThat(deadlines.passed(1_100).line()).contains("no connection within 1 s");
    deadlines.enter(Phase.HEAD, 1_000);
    assertThat(deadlines.passed(2_999)).isNull();
    assertThat(deadlines.passed(3_000).line()).contains("no response within 2 s");
    deadlines.enter(Phase.BODY, 3_000);
    assertThat(deadlines.passed(5_999)).isNull();
    assertThat(deadlines.passed(6_000).line()).contains("stalled for 3 s");
  }

  @Test
  void doNotCountWhileItIsWeWhoWait() {
    deadlines.enter(Phase.OURSELVES, 0);

    assertThat(deadlines.passed(1_000_000)).isNull();
    assertThat(deadlines.connectedMillis(1_000_000)).isZero();
  }

  @Test
  void doNotCountWhileWeKeepTheOriginWaiting() {
    deadlines.enter(Phase.BODY, 0);
    assertThat(deadlines.passed(1_000)).isNull();

    deadlines.heldUp();
    assertThat(deadlines.passed(100_000)).isNull();
    assertThat(deadlines.passed(102_999)).isNull();
    assertThat(deadlines.connectedMillis(102_999)).isEqualTo(3_999);
  }

  @Test
  void beginAgainWhenSomethingMoves() {
    deadlines.enter(Phase.BODY, 0);
    deadlines.active();
    assertThat(deadlines.passed(2_900)).isNull();

    assertThat(deadlines.passed(5_899)).isNull();
    assertThat(deadlines.passed(5_900).mayPass()).isTrue();
  }

  @Test
  void endForGoodWhenAllAttemptsTogetherWereConnectedForTheTotal() {
    deadlines.enter(Phase.CONNECTION, 5_000);
    deadlines.enter(Phase.OURSELVES, 6_000);
    deadlines.enter(Phase.BODY, 20_000);
    for (long now = 20_000; now < 69_000; now += 1_000) {
      deadlines.active();
      assertThat(deadlines.passed(now)).isNull();
    }
    deadlines.active();

    assertThat(deadlines.passed(69_000).mayPass()).isFalse();
    assertThat(deadlines.connectedMillis(69_000)).isEqualTo(50_000);
  }
}
