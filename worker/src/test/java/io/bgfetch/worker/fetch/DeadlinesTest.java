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

    assertThat(deadlines.passed(59_999)).isNull();
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
  void endForGoodWhenTheTotalHasPassed() {
    deadlines.enter(Phase.BODY, 59_999);
    deadlines.active();

    assertThat(deadlines.passed(60_000).mayPass()).isFalse();
  }
}
